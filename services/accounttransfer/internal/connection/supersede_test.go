package connection

import (
	"testing"

	"example.com/handover/pkg/errs"
)

// replacing returns a customer's own organization, and the billing transfer that is to bill in its place from January 2027.
func replacing(t testing.TB) (old, by *Connection) {
	t.Helper()
	old, by = settledMember(t), bound(t)
	old.ID, by.ID = "con_old", "con_new"
	old.PayerAccountID, by.ReplacesID, by.AccountID = old.AccountID, old.ID, old.AccountID
	return old, by
}

func TestSupersede(t *testing.T) {
	t.Run("an own organization ends with the start, which AWS has said to stand", func(t *testing.T) {
		old, by := replacing(t)
		start := by.StartAt
		by.Observe(saw(Accepted), start.Add(-2*day))
		_, err := Supersede(old, by, start.Add(-1))
		refused(t, err, ReasonStateRefuses)
		_, err = Supersede(old, by, start)
		if errs.KindOf(err) != errs.Unavailable || old.State != Effective {
			t.Fatalf("got %v, and it is %s", err, old.State)
		}
		if wants := CheckInvitationWanted(by); !due(wants, start) || due(wants, start.Add(-1)) {
			t.Errorf("looks %+v", wants)
		}
		by.Observe(saw(Accepted), start)
		facts, err := Supersede(old, by, start)
		if err != nil {
			t.Fatal(err)
		}
		if old.State != Ended || !old.EndAt.Equal(start) || facts[0].Name != FactSuperseded {
			t.Errorf("it is %s to %s: %v", old.State, old.EndAt, names(facts))
		}
		if facts, err := Supersede(old, by, start.Add(day)); facts != nil || err != nil {
			t.Errorf("again: %v, %v", names(facts), err)
		}
	})
	t.Run("an organization in whose place another account bills is to be handed back, and is not kept", func(t *testing.T) {
		old, by := replacing(t)
		by.AccountID = "444455556666"
		by.Observe(saw(Accepted), by.StartAt)
		facts, err := Supersede(old, by, by.StartAt)
		if err != nil {
			t.Fatal(err)
		}
		told(t, facts, FactSuperseded)
		if old.State != Effective || !old.Withdrawing() || old.Waiting() == nil {
			t.Errorf("it is %s, waits for %+v", old.State, old.Waiting())
		}
		_, err = AskKeep(old, 0, "It stays.", by.StartAt)
		refused(t, err, ReasonStateRefuses)
	})
	t.Run("nothing ends for a connection that AWS has ended before it billed", func(t *testing.T) {
		old, by := replacing(t)
		by.Observe(saw(Withdrawn), by.StartAt.Add(-day))
		_, err := Supersede(old, by, by.StartAt)
		refused(t, err, ReasonStateRefuses)
		if old.State != Effective {
			t.Errorf("it is %s", old.State)
		}
	})
}
