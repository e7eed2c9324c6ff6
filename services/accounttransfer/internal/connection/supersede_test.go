package connection

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/services/accounttransfer/internal/process"
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
		refused(t, err, ReasonStartNotConfirmed)
		if e, _ := errs.As(err); e.Kind != errs.Precondition || e.Remedy == nil || old.State != Effective {
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
		if old.Waiting() == nil || !ToReturn(old) {
			t.Errorf("nobody hands its root user back: %+v", old.Waiting())
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
	t.Run("one that has ended since, and nobody had told it, was billed beside", func(t *testing.T) {
		for end, reason := range map[time.Duration]string{0: "", 31 * day: ReasonStateRefuses} {
			old, by := replacing(t)
			by.Observe(saw(Accepted), by.StartAt)
			old.State, old.EndAt = Ended, by.StartAt.Add(end)
			if _, err := Supersede(old, by, by.StartAt.Add(end)); errs.ReasonOf(err) != reason {
				t.Errorf("ended %s after the start: %v", end, err)
			}
		}
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

// TestRootIsReturned: what the reseller holds of an organization that a billing transfer bills is handed back, though the membership has
// ended.
func TestRootIsReturned(t *testing.T) {
	operator := call.Actor{Subject: "op-1", Role: "OPERATOR"}
	for name, made := range map[string]bool{"of an organization of the customer's": false, "of one that the reseller has made for it": true} {
		t.Run(name, func(t *testing.T) {
			old, by := replacing(t)
			if made {
				old.PayerAccountID, by.AccountID = "444455556666", "444455556666"
			}
			start := by.StartAt
			by.Observe(saw(Accepted), start)
			facts, err := Supersede(old, by, start)
			if err != nil {
				t.Fatal(err)
			}
			told(t, facts, FactSuperseded, FactEnding, FactEnded)
			w := old.Waiting()
			if w == nil || w.Owner != process.Reseller || w.Text.Key != "wait.returning-root" ||
				w.Text.Params["account_id"] != old.PayerAccountID || !w.EscalateAt.Equal(start.Add(day)) || Todo(old) == nil {
				t.Fatalf("it waits for %+v", w)
			}
			if others := w.Text.Params["accounts"]; (others == old.AccountID) != made {
				t.Errorf("the accounts are %q", others)
			}
			told(t, old.Tick(old.Next()), FactWaitEscalated)
			if n := len(old.Wanted()); !old.Waiting().Escalated || n != 2 {
				t.Errorf("escalated it wishes for %+v", old.Wanted())
			}
			_, err = RecordReturn(old, "", operator, start.Add(3*day))
			refused(t, err, process.ReasonEvidenceRequired)
			facts, err = RecordReturn(old, "A recording.", operator, start.Add(3*day))
			if err != nil {
				t.Fatal(err)
			}
			told(t, facts, FactReturned, FactReturned)
			if old.State != Ended || !old.EndAt.Equal(start) || old.EndReason != Superseded || old.Waiting() != nil || !old.Next().IsZero() {
				t.Error(dump(t, old))
			}
			if m := old.Wanted(); len(m) != 1 || m[0].Name != "root-returned" || m[0].To != "PRIMARY" {
				t.Errorf("the customer gets %+v", m)
			}
			_, err = RecordReturn(old, "Again.", operator, start.Add(4*day))
			refused(t, err, ReasonStateRefuses)
		})
	}
	t.Run("but not what was handed back before", func(t *testing.T) {
		old, by := replacing(t)
		old.StartAt = by.StartAt.AddDate(0, -2, 0)
		if _, err := AskWithdrawal(old, "It is over.", by.StartAt.Add(-3*day)); err != nil {
			t.Fatal(err)
		}
		if _, err := RecordReturn(old, "A recording.", operator, by.StartAt.Add(-2*day)); err != nil {
			t.Fatal(err)
		}
		if err := Replaceable(old); err != nil {
			t.Errorf("it ends, and is not replaced: %v", err)
		}
		old.EndAt = by.StartAt.AddDate(0, 1, 0)
		by.Observe(saw(Accepted), by.StartAt)
		if _, err := Supersede(old, by, by.StartAt); err != nil || old.State != Ended || ToReturn(old) {
			t.Error(err, dump(t, old))
		}
		refused(t, Replaceable(old), ReasonStateRefuses)
	})
}

// TestReplacementIsFollowed: a membership knows whether what is to take its place stays, and says so when it hands the root user back.
func TestReplacementIsFollowed(t *testing.T) {
	for name, tt := range map[string]struct {
		becomes func(by *Connection)
		unsure  bool
	}{
		"it is under way":          {func(*Connection) {}, false},
		"it is in force":           {func(by *Connection) { ObserveAgreement(by, by.AgreementID, "ACTIVE") }, false},
		"its end is asked for":     {func(by *Connection) { by.Stop(by.StartAt) }, true},
		"its agreement has failed": {func(by *Connection) { ObserveAgreement(by, by.AgreementID, "FAILED") }, true},
		"AWS has an end of it": {func(by *Connection) {
			end := by.StartAt.AddDate(0, 2, 0)
			by.Observe(Observation{AWSTransferID: by.AcceptedInvitation().AWSTransferID, Status: Withdrawn, EndsAt: end}, by.StartAt.Add(day))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			old, by := replacing(t)
			by.Observe(saw(Accepted), by.StartAt)
			if !FollowReplacement(old, by) || old.Replacing.Unsure || FollowReplacement(old, by) {
				t.Fatalf("it knows %+v", old.Replacing)
			}
			if _, err := Supersede(old, by, by.StartAt); err != nil {
				t.Fatal(err)
			}
			tt.becomes(by)
			if FollowReplacement(old, by) != tt.unsure || old.Replacing.Unsure != tt.unsure {
				t.Errorf("it knows %+v", old.Replacing)
			}
			if _, err := RecordReturn(old, "A recording.", call.Actor{Role: "OPERATOR"}, by.StartAt.Add(day)); err != nil {
				t.Fatal(err)
			}
			if m := old.Wanted(); len(m) != 1 || (m[0].Params["start"] != "") != tt.unsure {
				t.Errorf("the customer gets %+v", m)
			}
		})
	}
	t.Run("what ends before it bills is forgotten", func(t *testing.T) {
		old, by := replacing(t)
		FollowReplacement(old, by)
		by.Observe(saw(Withdrawn), by.StartAt.Add(-day))
		if !FollowReplacement(old, by) || old.Replacing != nil || FollowReplacement(old, by) {
			t.Errorf("it knows %+v", old.Replacing)
		}
	})
}
