package journey

import (
	"slices"
	"testing"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

func TestWithdraw(t *testing.T) {
	t.Run("AWS is asked to end it with this month, and the transfer is cancelled", func(t *testing.T) {
		l := late(t, agreed(t))
		facts := l.did(now())(l.tr.Decide(l.con, withdrawal(), operator(), now()))
		told(t, facts, FactDecisionRecorded)
		f := facts[0]
		if f.Audience != "OPERATOR" || f.Reason == "" || f.Details["outcome"] != "WITHDRAW" || f.Details["charges_paid_by"] != "RESELLER" {
			t.Errorf("told is %+v", f)
		}
		if w := l.tr.Waiting(); w.Owner != process.AWS || w.Text.Key != "wait.withdrawing" || l.con.ChargesPaidBy != connection.ResellerPays {
			t.Errorf("it waits for %+v", w)
		}
		if e, _ := l.due(now()); e.name != connection.EffectWithdraw {
			t.Fatalf("got %s", e.name)
		}
		connection.IntendWithdrawal(l.con, now())
		facts = l.heard(now(), connection.WithdrawalAnswered(l.con, withdrawnAt("2026-12-01"), now()))
		told(t, facts, FactCancelled)
		// before its start: nothing is charged
		if d := facts[0].Details; facts[0].Reason != "" || d["charges_paid_by"] != "" || d["start"] != d["end"] {
			t.Errorf("the end tells %v", d)
		}
		if d := l.tr.Decision; l.tr.State != Cancelled || d.Outcome != WithdrawTransfer || d.DecidedBy != operator() || !l.next().IsZero() {
			t.Errorf("got %s, %+v, next %v", l.tr.State, d, l.next())
		}
	})
	t.Run("missing roles fail the transfer, and the end says until when, but not who pays", func(t *testing.T) {
		l := overdueRoles(t)
		if q := l.tr.Decision.Question; q.Key != "decision.accepted-but" || q.Params["failure"] != "failure.ROLES_MISSING" {
			t.Errorf("the question is %+v", q)
		}
		when := at("2026-12-20") // the start has passed: AWS charges December
		l.heard(when, l.con.Observe(saw(connection.Accepted), when))
		a := withdrawal()
		a.ChargesPaidBy = connection.CustomerPays
		l.decide(a, when)
		w := world{term: contract.Accepted, revocation: contract.Accepted}
		w.rest(l, when) // the customer is asked, and agrees
		l.heard(when, connection.ObserveRevocation(l.con, contract.Seen{HandshakeID: "ch-9", Status: contract.Accepted}, when))
		w.rest(l, when)
		facts := l.heard(when, connection.WithdrawalAnswered(l.con, withdrawnAt("2027-01-01"), when))
		told(t, facts, FactFailed)
		d := facts[0].Details
		if l.tr.Failure.Code != CodeRolesMissing || d["code"] != CodeRolesMissing || d["charges_paid_by"] != "" ||
			d["end"] != "2027-01-01T00:00:00Z" {
			t.Errorf("got %+v, told %v", l.tr.Failure, d)
		}
		if l.con.ChargesPaidBy != connection.CustomerPays || l.con.EndReason != connection.WithdrawnByReseller {
			t.Errorf("got %s", l.dump())
		}
	})
	t.Run("AWS's refusal puts the question again", func(t *testing.T) {
		l := late(t, agreed(t))
		l.decide(withdrawal(), now())
		connection.IntendWithdrawal(l.con, now())
		told(t, l.heard(now(), connection.WithdrawalRefused(l.con, connection.InvalidEndDate, now())), FactDecisionAwaited)
		w := l.tr.Waiting()
		if w.Owner != process.Reseller || w.Text.Params["reason"] != connection.InvalidEndDate ||
			w.Text.Params["question"] != "decision.term-binds" {
			t.Fatalf("it waits for %+v", w)
		}
		if l.decide(keeping(), now()); l.tr.State != InProgress {
			t.Errorf("got %s", l.tr.State)
		}
	})
	t.Run("without the customer's consent Operations decides again", func(t *testing.T) {
		l := questioned(t)
		l.decide(withdrawal(), now())
		world{revocation: contract.Pending}.rest(l, now())
		rejected := contract.Seen{HandshakeID: "ch-9", Status: contract.Rejected}
		told(t, l.heard(now(), connection.ObserveRevocation(l.con, rejected, now())), FactDecisionAwaited)
		if q := l.tr.Decision.Question; q.Key != "decision.consent-refused" || l.tr.Decision.Outcome != "" {
			t.Errorf("got %+v", l.tr.Decision)
		}
		l.decide(withdrawal(), now())
		if e, attempt := l.due(now()); e.name != connection.EffectRevoke || attempt != "2" {
			t.Errorf("got %s %s", e.name, attempt)
		}
	})
	t.Run("what takes too long is escalated once, the decision and the withdrawal", func(t *testing.T) {
		l := late(t, agreed(t))
		told(t, l.tr.Tick(now().Add(3*day)), FactDecisionAwaited)
		l.decide(withdrawal(), now().Add(3*day))
		if facts := l.tr.Tick(now().Add(4 * day)); facts != nil || !l.tr.Next().Equal(now().Add(5*day)) {
			t.Fatalf("too early: %v", names(facts))
		}
		told(t, l.tr.Tick(now().Add(6*day)), FactDecisionAwaited)
		if facts := l.tr.Tick(now().Add(7 * day)); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
	})
}

// TestWithdrawnInAWS: the customer ends the billing transfer at AWS before it was decided who pays.
func TestWithdrawnInAWS(t *testing.T) {
	when := at("2026-12-20")
	for name, tt := range map[string]struct {
		start *life
		end   State
		told  string
	}{
		"while the journey goes on":   {termed(t), Failed, FactFailed},
		"while a decision is awaited": {questioned(t), Cancelled, FactCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			l := tt.start
			told(t, l.heard(when, l.con.Observe(withdrawnAt("2027-01-01"), when)), FactDecisionAwaited)
			if w := l.tr.Waiting(); l.tr.State != WaitingDecision || w.Text.Params["question"] != "decision.who-pays" ||
				w.Owner != process.Reseller {
				t.Fatalf("got %s, it waits for %+v", l.tr.State, w)
			}
			_, err := l.tr.Decide(l.con, keeping(), operator(), when)
			refused(t, err, ReasonStateRefuses)
			facts := l.did(when)(l.tr.Decide(l.con, withdrawal(), operator(), when))
			told(t, facts, FactDecisionRecorded, tt.told)
			if facts[0].Details["charges_paid_by"] != "RESELLER" || facts[1].Details["end"] != "2027-01-01T00:00:00Z" ||
				l.con.EndReason != connection.WithdrawnInAWS {
				t.Errorf("told %v", facts)
			}
			if l.tr.State != tt.end || tt.end == Cancelled && facts[1].Text != "transfer.cancelled_with_charges" {
				t.Errorf("AWS charges, but %s reads %q", l.tr.State, facts[1].Text)
			}
		})
	}
	t.Run("before its start there is nothing to pay", func(t *testing.T) {
		l := questioned(t)
		told(t, l.heard(now(), l.con.Observe(withdrawnAt("2026-12-01"), now())), FactCancelled)
		if l.tr.Decision != nil {
			t.Errorf("a question that nobody has answered is kept: %+v", l.tr.Decision)
		}
	})
	t.Run("XFR-BT-21 before its start, without a wish, the transfer fails", func(t *testing.T) {
		l := agreed(t)
		l.heard(now(), l.con.Observe(withdrawnAt("2026-12-01"), now()))
		if l.tr.State != Failed || l.tr.Failure.Code != CodeTransferWithdrawn {
			t.Fatal(l.dump())
		}
	})
	t.Run("what was decided is not asked again", func(t *testing.T) {
		l := questioned(t)
		l.decide(withdrawal(), when)
		told(t, l.heard(when, l.con.Observe(withdrawnAt("2027-01-01"), when)), FactCancelled)
	})
	t.Run("a term that the customer could accept is taken back after the end", func(t *testing.T) {
		l := proposed(t)
		l.heard(now(), l.con.Observe(withdrawnAt("2026-12-01"), now()))
		if done := (world{term: contract.Canceled}).rest(l, now()); l.tr.State != Failed ||
			!slices.Equal(done, []string{"cancel-service-term"}) || !l.next().IsZero() {
			t.Errorf("got %s, done %v, next %v", l.tr.State, done, l.next())
		}
	})
}
