package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// Members are the moves by which accounts come into organizations and leave them.
type Members struct{ *Simulator }

// Members returns them.
func (s *Simulator) Members() Members { return Members{s} }

// Invite invites an account to a payer's organization, as somebody in the payer's account.
func (s Members) Invite(ctx context.Context, payer, account string) error {
	for _, side := range []string{payer, account} {
		if _, err := s.Account(side); err != nil {
			return err
		}
	}
	ctx = identity.With(ctx, identity.Caller{Account: payer})
	_, err := s.console.InviteAccountToOrganization(ctx, &sdk.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	if err != nil {
		return refused(err)
	}
	return nil
}

// Join accepts the newest pending invitation to become a member of an organization. It returns
// errs.NotFound (NO_INVITATION) when none is pending.
func (s Members) Join(ctx context.Context, account string) (state.Account, error) {
	h, err := s.pending(account, types.ActionTypeInviteAccountToOrganization)
	if err != nil {
		return state.Account{}, err
	}
	ctx = identity.With(ctx, identity.Caller{Account: account})
	if _, err := s.console.AcceptHandshake(ctx, &sdk.AcceptHandshakeInput{HandshakeId: &h.ID}); err != nil {
		return state.Account{}, refused(err)
	}
	return s.Account(account)
}

// Decline declines the newest pending invitation to become a member, and returns its id. It returns errs.NotFound
// (NO_INVITATION) when none is pending.
func (s Members) Decline(ctx context.Context, account string) (handshake string, err error) {
	h, err := s.pending(account, types.ActionTypeInviteAccountToOrganization)
	if err != nil {
		return "", err
	}
	ctx = identity.With(ctx, identity.Caller{Account: account})
	if _, err := s.console.DeclineHandshake(ctx, &sdk.DeclineHandshakeInput{HandshakeId: &h.ID}); err != nil {
		return "", refused(err)
	}
	return h.ID, nil
}

// Accept accepts the newest pending invitation to become a member, and returns its id. Errors are those of
// Decline.
func (s Members) Accept(ctx context.Context, account string) (handshake string, err error) {
	h, err := s.pending(account, types.ActionTypeInviteAccountToOrganization)
	if err != nil {
		return "", err
	}
	_, err = s.Join(ctx, account)
	return h.ID, err
}

// Expire lets the newest pending invitation to become a member expire now, and returns its id. Errors are those of
// Decline.
func (s Members) Expire(ctx context.Context, account string) (handshake string, err error) {
	h, err := s.pending(account, types.ActionTypeInviteAccountToOrganization)
	if err != nil {
		return "", err
	}
	return h.ID, s.state.Update(ctx, func(tx *state.Tx) error {
		h.ExpiresAt = tx.Now()
		tx.Handshakes.Put(h)
		return nil
	})
}

// Leave makes a member account a stand-alone one, as somebody in the account.
func (s Members) Leave(ctx context.Context, account string) error {
	if _, err := s.Account(account); err != nil {
		return err
	}
	ctx = identity.With(ctx, identity.Caller{Account: account})
	if _, err := s.console.LeaveOrganization(ctx, &sdk.LeaveOrganizationInput{}); err != nil {
		return refused(err)
	}
	return nil
}
