package aws

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// WithdrawBillingTransfer ends the newest agreed transfer of the account's billing, as the account or as the payer. The
// end is the last millisecond of this month or the next; zero: of this month. It returns errs.NotFound (NO_TRANSFER) when
// none is agreed.
func (s *Simulator) WithdrawBillingTransfer(ctx context.Context, account string, byPayer bool, end time.Time) (state.Transfer, error) {
	t, err := s.agreed(account)
	if err != nil {
		return state.Transfer{}, err
	}
	in := &sdk.TerminateResponsibilityTransferInput{Id: &t.ID}
	if !end.IsZero() {
		in.EndTimestamp = &end
	}
	caller := account
	if byPayer {
		caller = t.Target
	}
	ctx = identity.With(ctx, identity.Caller{Account: caller})
	if _, err := s.console.TerminateResponsibilityTransfer(ctx, in); err != nil {
		return state.Transfer{}, refused(err)
	}
	return s.Transfer(t.ID)
}

// agreed returns the newest transfer of the account's billing that both sides have agreed to, even if it has ended since.
func (s *Simulator) agreed(account string) (newest state.Transfer, err error) {
	if _, err := s.Account(account); err != nil {
		return newest, err
	}
	for _, t := range s.Transfers(account) {
		if t.Source == account && t.Agreed() {
			newest = t
		}
	}
	if newest.ID == "" {
		return newest, errs.New(errs.NotFound, "NO_TRANSFER", "the billing of account %s is not transferred", account)
	}
	return newest, nil
}

// InviteBillingTransfer invites an account, as somebody in the payer's account.
func (s *Simulator) InviteBillingTransfer(ctx context.Context, payer, account, name string, start time.Time) (state.Transfer, error) {
	for _, side := range []string{payer, account} {
		if _, err := s.Account(side); err != nil {
			return state.Transfer{}, err
		}
	}
	ctx = identity.With(ctx, identity.Caller{Account: payer})
	out, err := s.console.InviteOrganizationToTransferResponsibility(ctx, &sdk.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, SourceName: &name, StartTimestamp: &start,
		Target: &types.HandshakeParty{Id: &account, Type: types.HandshakePartyTypeAccount},
	})
	if err != nil {
		return state.Transfer{}, refused(err)
	}
	return s.transferOf(*out.Handshake.Id)
}

// CancelBillingTransfer cancels the newest pending invitation of an account, as somebody in the inviting account. It
// returns errs.NotFound (NO_INVITATION) when none is pending.
func (s *Simulator) CancelBillingTransfer(ctx context.Context, account string) (state.Transfer, error) {
	h, err := s.pending(account, types.ActionTypeTransferResponsibility)
	if err != nil {
		return state.Transfer{}, err
	}
	ctx = identity.With(ctx, identity.Caller{Account: h.Sender})
	if _, err := s.console.CancelHandshake(ctx, &sdk.CancelHandshakeInput{HandshakeId: &h.ID}); err != nil {
		return state.Transfer{}, refused(err)
	}
	return s.Transfer(h.Transfer)
}

// transferOf returns the transfer that a handshake proposed.
func (s *Simulator) transferOf(handshake string) (state.Transfer, error) {
	var id string
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		h, _ := tx.Handshakes.Get(handshake)
		id = h.Transfer
		return nil
	})
	return s.Transfer(id)
}
