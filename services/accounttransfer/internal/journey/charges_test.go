package journey

import (
	"testing"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
)

// TestWhoPaysIsOnTheConnection: it says so as long as Operations has to decide, and forgets what was decided when the transfer
// is kept after all.
func TestWhoPaysIsOnTheConnection(t *testing.T) {
	pays := func(l *life, want connection.ChargesPayer) {
		t.Helper()
		if l.con.ChargesPaidBy != want {
			t.Errorf("a transfer %s: %q pays, want %q", l.tr.State, l.con.ChargesPaidBy, want)
		}
	}
	l := agreed(t)
	pays(l, "")
	late(t, l)
	pays(l, connection.Undecided)
	l.decide(keeping(), now())
	pays(l, "")

	l = questioned(t) // the customer must agree to the end of its service term, so that the decision may change
	l.decide(withdrawal(), now())
	world{term: contract.Accepted, revocation: contract.Pending}.rest(l, now())
	pays(l, connection.ResellerPays)
	l.decide(keeping(), now())
	pays(l, "")

	l = agreed(t)
	l.heard(now(), l.con.Observe(withdrawnAt("2027-02-01"), now())) // after it has begun to charge
	pays(l, connection.Undecided)
	l.decide(withdrawal(), now())
	pays(l, connection.ResellerPays)
	if l.tr.State != Failed {
		t.Errorf("withdrawn and decided, the transfer is %s", l.tr.State)
	}
}

// TestUndecidedIsNoDecision: it is what there is to decide.
func TestUndecidedIsNoDecision(t *testing.T) {
	l := late(t, agreed(t))
	a := withdrawal()
	a.ChargesPaidBy = connection.Undecided
	_, err := l.tr.Decide(l.con, a, operator(), now())
	refused(t, err, ReasonFieldRequired)
}
