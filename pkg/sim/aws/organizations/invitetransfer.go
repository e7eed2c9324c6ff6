package organizations

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// InviteOrganizationToTransferResponsibility proposes that the caller pays for the target's organization. The answer
// is a handshake; the transfer's id is among its resources.
func (b *Backend) InviteOrganizationToTransferResponsibility(
	ctx context.Context, in *sdk.InviteOrganizationToTransferResponsibilityInput,
) (*sdk.InviteOrganizationToTransferResponsibilityOutput, error) {
	if err := first(transferType(in.Type), party(in.Target), sourceName.check(in.SourceName), notes.check(in.Notes),
		tags(in.Tags)); err != nil {
		return nil, err
	}
	out := &sdk.InviteOrganizationToTransferResponsibilityOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		sender, org, err := side(ctx, tx)
		if err != nil {
			return err
		}
		if err := b.settings.checkStart(in.StartTimestamp, tx.Now()); err != nil {
			return err
		}
		to, err := resolve(tx, in.Target)
		if err != nil {
			return err
		}
		if err := b.mayInvite(tx, sender, org, to, in.StartTimestamp.UTC()); err != nil {
			return err
		}
		out.Handshake = handshakeView(tx, b.propose(tx, sender, to, in))
		return nil
	})
	return out, err
}

// mayInvite holds a transfer invitation against the state of both sides.
func (b *Backend) mayInvite(tx *state.Tx, sender state.Account, org state.Organization, to target, start time.Time) error {
	if to.account.ID == sender.ID {
		return handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonSourceAndTargetCannotMatch,
			"An account can't be both the sender and recipient of the invitation.")
	}
	if err := first(allFeatures(org), refuse(sender, sending)); err != nil {
		return err
	}
	if to.known() {
		if err := mayBeInvited(tx, sender, to.account); err != nil {
			return err
		}
	}
	if err := duplicate(tx, sender.ID, types.ActionTypeTransferResponsibility, to); err != nil {
		return err
	}
	if to.known() {
		if err := between(tx, to.account.ID, sender.ID, start); err != nil {
			return err
		}
	}
	return first(b.settings.inbound(tx, org), b.settings.chain(tx, to.account.ID, sender.ID), b.settings.rate(tx, org))
}

// mayBeInvited refuses a target that is no management account, or that AWS knows to be not eligible.
func mayBeInvited(tx *state.Tx, sender, a state.Account) error {
	if err := first(sameRealm(sender, a), refuse(a, invited)); err != nil {
		return err
	}
	if _, org, ok := tx.OrganizationOf(a.ID); !ok || org.Management != a.ID {
		return invalid(types.InvalidInputExceptionReasonTargetNotSupported,
			"You can invite only the management account of an organization.")
	}
	return nil
}

// propose puts the transfer and its handshake. Both expire together: with the invitation, or when the decision would
// come too late for the start.
func (b *Backend) propose(
	tx *state.Tx, sender state.Account, to target, in *sdk.InviteOrganizationToTransferResponsibilityInput,
) state.Handshake {
	start := in.StartTimestamp.UTC()
	expires := tx.Now().Add(b.settings.InvitationLife)
	if decide := start.Add(-decisionLead); decide.Before(expires) {
		expires = decide
	}
	h := state.Handshake{
		ID: state.NewID("h"), Action: types.ActionTypeTransferResponsibility, State: types.HandshakeStateRequested,
		Sender: sender.ID, Organization: sender.Organization, Recipient: to.account.ID, Email: to.email,
		Notes: aws.ToString(in.Notes), Transfer: state.NewID("rt"), RequestedAt: tx.Now(), ExpiresAt: expires,
	}
	t := state.Transfer{
		ID: h.Transfer, Name: *in.SourceName, Status: types.ResponsibilityTransferStatusRequested,
		Source: to.account.ID, SourceEmail: to.email, Target: sender.ID, StartsAt: start, Handshake: h.ID,
		RequestedAt: tx.Now(), ExpiresAt: expires, Notes: h.Notes,
	}
	if to.known() {
		t.SourceEmail = to.account.Email
	}
	tx.Handshakes.Put(h)
	tx.Transfers.Put(t)
	tell(tx, sender, t)
	return h
}
