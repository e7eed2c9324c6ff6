package scenarios_test

import (
	"testing"
	"time"
)

// inviteElsewhere sends an invitation from the payer's account past the suite.
func (w *world) inviteElsewhere(t *testing.T, name, account string, start time.Time) {
	t.Helper()
	if _, err := w.aws(t).Invite(t.Context(), account, name, start); err != nil {
		t.Fatalf("invite at AWS: %v", err)
	}
}

// cancelElsewhere cancels the invitation of an account in the payer's account past the suite.
func (w *world) cancelElsewhere(t *testing.T, account string) {
	t.Helper()
	if err := w.aws(t).CancelInvitation(t.Context(), account); err != nil {
		t.Fatalf("cancel at AWS: %v", err)
	}
}

// withdrawElsewhere ends the transfer of an account with this month, in the payer's account past the suite.
func (w *world) withdrawElsewhere(t *testing.T, account string) {
	t.Helper()
	if _, err := w.aws(t).WithdrawTransfer(t.Context(), account, true); err != nil {
		t.Fatalf("withdraw at AWS: %v", err)
	}
}
