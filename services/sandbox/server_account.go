package sandbox

import (
	"context"

	"example.com/handover/pkg/sim/aws"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) CreateAccount(ctx context.Context, req *sandboxv1.CreateAccountRequest) (*sandboxv1.CreateAccountResponse, error) {
	a, err := s.worlds.aws.SignUp(ctx, aws.NewAccount{ID: req.GetAccountId(), Name: req.GetName(), Email: req.GetEmail()})
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.CreateAccountResponse{AccountId: a.ID}, nil
}

func (s *server) JoinOrganization(
	ctx context.Context, req *sandboxv1.JoinOrganizationRequest,
) (*sandboxv1.JoinOrganizationResponse, error) {
	if err := s.worlds.aws.InviteAccount(ctx, req.GetPayerAccountId(), req.GetAccountId()); err != nil {
		return nil, refusal(err)
	}
	a, err := s.worlds.aws.JoinOrganization(ctx, req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.JoinOrganizationResponse{OrganizationId: a.Organization}, nil
}
