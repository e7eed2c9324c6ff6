package sandbox

import (
	"context"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) SetCredentials(_ context.Context, req *sandboxv1.SetCredentialsRequest) (*sandboxv1.SetCredentialsResponse, error) {
	var err error
	switch req.GetParty() {
	case sandboxv1.OutsideParty_OUTSIDE_PARTY_AWS:
		err = s.worlds.aws.SetKeys(req.GetHolder(), req.GetSecrets()...)
	case sandboxv1.OutsideParty_OUTSIDE_PARTY_SERVICENOW:
		err = s.worlds.servicenow.SetPasswords(req.GetHolder(), req.GetSecrets()...)
	case sandboxv1.OutsideParty_OUTSIDE_PARTY_MAIL, sandboxv1.OutsideParty_OUTSIDE_PARTY_UNSPECIFIED:
		s.worlds.mail.SetPasswords(req.GetHolder(), req.GetSecrets()...)
	}
	return &sandboxv1.SetCredentialsResponse{}, refusal(err)
}
