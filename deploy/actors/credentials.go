package actors

import (
	"context"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// SetCredentials has a party outside accept these secrets of a holder from now on, and no others. The person has the sandbox's
// rights.
func (p Person) SetCredentials(ctx context.Context, party sandboxv1.OutsideParty, holder string, secrets ...string) error {
	_, err := p.Sandbox.SetCredentials(p.Once(ctx), &sandboxv1.SetCredentialsRequest{Party: party, Holder: holder, Secrets: secrets})
	return err
}
