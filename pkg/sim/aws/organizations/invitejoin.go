package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// InviteAccountToOrganization proposes that the target becomes a member of the caller's organization.
func (b *Backend) InviteAccountToOrganization(
	ctx context.Context, in *sdk.InviteAccountToOrganizationInput,
) (*sdk.InviteAccountToOrganizationOutput, error) {
	if err := first(party(in.Target), notes.check(in.Notes), tags(in.Tags)); err != nil {
		return nil, err
	}
	out := &sdk.InviteAccountToOrganizationOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		sender, org, err := management(ctx, tx)
		if err != nil {
			return err
		}
		to, err := resolve(tx, in.Target)
		if err != nil {
			return err
		}
		if err := b.mayInviteMember(tx, sender, org, to); err != nil {
			return err
		}
		h := state.Handshake{
			ID: state.NewID("h"), Action: types.ActionTypeInviteAccountToOrganization, State: types.HandshakeStateRequested,
			Sender: sender.ID, Organization: org.ID, Recipient: to.account.ID, Email: to.email,
			Notes: aws.ToString(in.Notes), RequestedAt: tx.Now(), ExpiresAt: tx.Now().Add(b.settings.InvitationLife),
		}
		tx.Handshakes.Put(h)
		out.Handshake = handshakeView(tx, h)
		return nil
	})
	return out, err
}

func (b *Backend) mayInviteMember(tx *state.Tx, sender state.Account, org state.Organization, to target) error {
	if err := first(b.settings.finalizing(org, tx.Now()), refuse(sender, sendingJoin)); err != nil {
		return err
	}
	if to.known() && to.account.Organization == org.ID {
		return handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonAlreadyInAnOrganization,
			"The invited account is already a member of your organization.")
	}
	if to.known() {
		if err := first(sameRealm(sender, to.account), open(to.account), refuse(to.account, invitedToJoin)); err != nil {
			return err
		}
	}
	if err := duplicate(tx, sender.ID, types.ActionTypeInviteAccountToOrganization, to); err != nil {
		return err
	}
	if !b.settings.room(tx, org) {
		return handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonAccountNumberLimitExceeded,
			"You attempted to exceed the limit on the number of accounts in an organization.")
	}
	return b.settings.rate(tx, org)
}

// open refuses an account that was closed.
func open(a state.Account) error {
	if !a.Closed() {
		return nil
	}
	return invalid(types.InvalidInputExceptionReasonTargetNotSupported, "You can't perform the specified operation on that target entity.")
}
