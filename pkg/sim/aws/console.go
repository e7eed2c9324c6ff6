package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
)

// The moves here are those that a customer makes in the AWS console. They obey the rules of the API, but are no calls:
// they meet no faults and are not logged. What AWS refuses comes back as *errs.Error with AWS's Reason, or where it has
// none the exception's name; the typed exception is in its chain.

// AcceptBillingTransfer accepts the newest pending invitation to transfer the account's billing. It returns
// errs.NotFound (NO_INVITATION) when none is pending.
func (s *Simulator) AcceptBillingTransfer(ctx context.Context, account string) (state.Transfer, error) {
	h, err := s.pending(account, types.ActionTypeTransferResponsibility)
	if err != nil {
		return state.Transfer{}, err
	}
	ctx = identity.With(ctx, identity.Caller{Account: account})
	if _, err := s.console.AcceptHandshake(ctx, &sdk.AcceptHandshakeInput{HandshakeId: &h.ID}); err != nil {
		return state.Transfer{}, refused(err)
	}
	return s.Transfer(h.Transfer)
}

// DeclineBillingTransfer declines the newest pending invitation to transfer the account's billing. It returns
// errs.NotFound (NO_INVITATION) when none is pending.
func (s *Simulator) DeclineBillingTransfer(ctx context.Context, account string) (state.Transfer, error) {
	h, err := s.pending(account, types.ActionTypeTransferResponsibility)
	if err != nil {
		return state.Transfer{}, err
	}
	ctx = identity.With(ctx, identity.Caller{Account: account})
	if _, err := s.console.DeclineHandshake(ctx, &sdk.DeclineHandshakeInput{HandshakeId: &h.ID}); err != nil {
		return state.Transfer{}, refused(err)
	}
	return s.Transfer(h.Transfer)
}

// pending returns the newest invitation of a kind that the account can still see. One that has just expired counts, so
// that answering it is refused as AWS does.
func (s *Simulator) pending(account string, action types.ActionType) (state.Handshake, error) {
	var newest state.Handshake
	err := s.state.View(func(tx *state.Tx) error {
		owner, ok := tx.Accounts.Get(account)
		if !ok {
			return accountNotFound(account)
		}
		for _, h := range organizations.Received(tx, owner) {
			if h.Action == action && h.Pending() && h.Visible(tx.Now()) {
				newest = h
			}
		}
		if newest.ID == "" {
			return errs.New(errs.NotFound, "NO_INVITATION", "the account %s has no such invitation to answer", account)
		}
		return nil
	})
	return newest, err
}

func accountNotFound(account string) error {
	return errs.New(errs.NotFound, "ACCOUNT_NOT_FOUND", "AWS has no account %s", account)
}
