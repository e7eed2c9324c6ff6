package organizations

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// Close closes an account as its root user does. Its outstanding invitations are cancelled. That AWS ends a billing transfer of a
// closed account with the month is not published; it can go on nowhere.
func Close(tx *state.Tx, a state.Account) error {
	if a.Closed() || a.Gone(tx.Now()) {
		return &types.AccountAlreadyClosedException{Message: aws.String("You attempted to close an account that is already closed.")}
	}
	if _, org, in := tx.OrganizationOf(a.ID); in && org.Management == a.ID {
		for _, m := range tx.Members(org.ID) {
			if m.ID != a.ID && !m.Closed() {
				return constraint(types.ConstraintViolationExceptionReasonCannotCloseManagementAccount,
					"You can't close the management account of an organization that has other accounts.")
			}
		}
	}
	a.ClosedAt = tx.Now()
	tx.Accounts.Put(a)
	for _, h := range tx.Handshakes.Of(a.ID) {
		if h = h.At(tx.Now()); h.Pending() {
			h.State, h.EndedAt = types.HandshakeStateCanceled, tx.Now()
			tx.Handshakes.Put(h)
			endTransfer(tx, h)
		}
	}
	for _, t := range tx.Transfers.Of(a.ID) {
		if t.Status == types.ResponsibilityTransferStatusAccepted {
			t.Status, t.EndsAt = types.ResponsibilityTransferStatusWithdrawn, monthEnd(tx.Now(), 0)
			tx.Transfers.Put(t)
		}
	}
	return nil
}

// Reopen opens a closed account again, as AWS does on request while it keeps it. What ended with the closing stays ended.
func Reopen(tx *state.Tx, a state.Account) error {
	if !a.Closed() || a.Gone(tx.Now()) {
		return &types.AccountNotFoundException{Message: aws.String("You specified an account that can't be reopened.")}
	}
	a.ClosedAt = time.Time{}
	tx.Accounts.Put(a)
	return nil
}

// Suspend has AWS suspend an account that is open, for abuse or an unpaid bill. That AWS closes it for good when nobody has answered in the
// time that it keeps a closed account is not published for every cause.
func Suspend(tx *state.Tx, a state.Account) error {
	if a.Closed() || a.Has(state.Suspended) {
		return &types.AccountNotFoundException{Message: aws.String("You specified an account that can't be suspended.")}
	}
	tx.Accounts.Put(a.Under(append(slices.Clone(a.Conditions), state.Suspended), tx.Now()))
	return nil
}

// Reactivate ends the suspension of an account that AWS still keeps.
func Reactivate(tx *state.Tx, a state.Account) error {
	if !a.Has(state.Suspended) || a.Gone(tx.Now()) {
		return &types.AccountNotFoundException{Message: aws.String("You specified an account that can't be reactivated.")}
	}
	others := slices.DeleteFunc(slices.Clone(a.Conditions), func(c state.Condition) bool { return c == state.Suspended })
	tx.Accounts.Put(a.Under(others, tx.Now()))
	return nil
}
