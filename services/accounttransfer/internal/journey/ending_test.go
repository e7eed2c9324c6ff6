package journey

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

func TestCancel(t *testing.T) {
	t.Run("with nothing at AWS it comes true at once", func(t *testing.T) {
		l := fresh(t)
		told(t, l.cancelled(now()), FactEndingRequested, FactCancelled)
		if l.tr.State != Cancelled || !l.next().IsZero() || l.con.State != connection.Ended {
			t.Fatal(l.dump())
		}
	})
	t.Run("an outstanding invitation is cancelled first", func(t *testing.T) {
		l := invited(t)
		told(t, l.cancelled(now()), FactEndingRequested)
		if e, attempt := l.due(now()); l.tr.State != InProgress || e.name != "cancel-invitation" || attempt != "1" {
			t.Fatal(l.dump())
		}
		told(t, l.heard(now(), connection.CancelSent(l.con, "1", saw(connection.Canceled), now())), FactCancelled)
	})
	for _, status := range []connection.InvitationState{connection.Declined, connection.Expired, connection.Canceled, connection.Withdrawn} {
		t.Run("however it ended at AWS, the wish has come true: "+string(status), func(t *testing.T) {
			l := invited(t)
			l.cancelled(now())
			l.heard(now(), l.con.Observe(saw(status), now()))
			if l.tr.State != Cancelled || l.tr.Failure != nil || l.con.State != connection.Ended {
				t.Fatal(l.dump())
			}
		})
	}
	for name, settle := range map[string]func(*connection.Connection) []fact.Fact{
		"it is not there": func(c *connection.Connection) []fact.Fact { return connection.LookedUp(c, "1", nil, now()) },
		"AWS refused to send": func(c *connection.Connection) []fact.Fact {
			return connection.InviteRefused(c, "1", connection.Judge("PAST_DUE_INVOICE"), now())
		},
		"it surely never left": func(*connection.Connection) []fact.Fact { return nil },
	} {
		t.Run("an invitation that may be out is looked up first: "+name, func(t *testing.T) {
			l := asked(t)
			if l.cancelled(now()); l.tr.State != InProgress || l.con.State != connection.Proposed {
				t.Fatal(l.dump())
			}
			l.heard(now(), settle(l.settled("1")))
			if l.tr.State != Cancelled || l.con.State != connection.Ended || l.con.AccountHeld() != "" {
				t.Fatal(l.dump())
			}
		})
	}
	t.Run("an invitation that is found is cancelled", func(t *testing.T) {
		l := asked(t)
		l.cancelled(now())
		found := &connection.Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: connection.Requested}
		l.heard(now(), connection.LookedUp(l.settled("1"), "1", found, now()))
		if e, _ := l.due(now()); l.tr.State != InProgress || e.name != "cancel-invitation" {
			t.Fatal(l.dump())
		}
	})
	t.Run("while it ends, no date of a step wakes it", func(t *testing.T) {
		l, when := invited(t), now()
		l.cancelled(when)
		for range 300 { // a day of cancels that do not take
			world{}.rest(l, when)
			next := l.next()
			if !next.Equal(when.Add(5 * time.Minute)) {
				t.Fatalf("at %v the next time is %v", when, next)
			}
			when = next
		}
	})
	t.Run("repeated, and after the end, it changes nothing", func(t *testing.T) {
		l := invited(t)
		l.cancelled(now())
		for _, l := range []*life{l, in(t, WaitingDecision), in(t, Cancelled), in(t, Failed), in(t, Completed)} {
			before := l.dump()
			if facts := l.did(now())(l.tr.Cancel("no!", person(), now()), nil); facts != nil || l.dump() != before {
				t.Fatalf("%s: told %v", l.tr.State, names(facts))
			}
		}
	})
}

func TestWordsOfTheReseller(t *testing.T) {
	mine := func(t *testing.T, facts []fact.Fact) {
		t.Helper()
		for _, f := range facts {
			if f.Audience == fact.Customer && f.Reason != "" {
				t.Errorf("the customer reads %q in %s", f.Reason, f.Name)
			}
		}
	}
	t.Run("why it ended", func(t *testing.T) { mine(t, fresh(t).cancelled(now())) })
	t.Run("why a step was skipped, and why it was reopened", func(t *testing.T) {
		l := looked(t, Resold)
		mine(t, l.did(now())(l.tr.SkipStep("deploy-roles", "A hopeless case.", operator(), now())))
		facts := l.did(now())(l.tr.ReopenStep(l.con, "deploy-roles", "After all.", operator(), now()))
		told(t, facts, process.FactStepReopened, process.FactStepOpened)
		if mine(t, facts); facts[0].Reason != "After all." {
			t.Errorf("the audit trail lost the words: %+v", facts[0])
		}
	})
	t.Run("the customer's own words stay", func(t *testing.T) {
		facts := fresh(t).tr.Cancel("We changed our mind.", person(), now())
		if facts[0].Audience != fact.Customer || facts[0].Reason == "" {
			t.Errorf("told is %+v", facts[0])
		}
	})
}

func TestCompletion(t *testing.T) {
	t.Run("ORD-040 the last step completes the transfer", func(t *testing.T) {
		l := in(t, Completed)
		if !l.tr.EndedAt.Equal(now()) || !l.con.JourneyEndedAt.Equal(now()) || l.con.Stopped || len(l.con.Demands) != 0 {
			t.Fatal(l.dump())
		}
		if !l.next().Equal(now().Add(7 * day)) { // the accepted transfer is looked at for as long as it binds
			t.Errorf("next %v", l.next())
		}
	})
	t.Run("a withdrawal after the end is the connection's alone", func(t *testing.T) {
		l := in(t, Completed)
		if facts := l.heard(now(), l.con.Observe(withdrawnAt("2027-01-01"), now())); facts != nil || l.tr.State != Completed {
			t.Fatalf("told %v", names(facts))
		}
	})
}

func TestEscalation(t *testing.T) {
	l, late := proposed(t), now().Add(40*day)
	told(t, l.did(late)(l.tr.Tick(late), nil), process.FactStepEscalated, process.FactStepEscalated) // the term and the channel
	if again := l.did(late)(l.tr.Tick(late.Add(day)), nil); again != nil || l.tr.State != InProgress {
		t.Fatalf("%s, told twice: %v", l.tr.State, names(again))
	}
}

// TestDueStep is the opt-in: a template may say that not doing a step ends the journey.
func TestDueStep(t *testing.T) {
	l := begin(t, "billing-transfer-existing", "111122223333", func(j *templates.Journey) {
		i := slices.IndexFunc(j.Steps, func(s process.TemplateStep) bool { return s.Key == "accept-invitation" })
		j.Steps[i].DueAfter, j.Steps[i].OnOverdue = 5*day, process.Ends
	})
	l.ask("1", now())
	l.heard(now(), connection.Answered(l.settled("1"), "1", answer("rt-1"), now()))
	due := now().Add(5 * day)
	if facts := l.did(due)(l.tr.Tick(due.Add(-time.Second)), nil); l.tr.Ending != nil {
		t.Fatalf("too early: %v", names(facts))
	}
	l.did(due)(l.tr.Tick(due), nil)
	if e, _ := l.due(due); l.tr.State != InProgress || e.name != "cancel-invitation" {
		t.Fatalf("the invitation must be cancelled first: %s", l.dump())
	}
	l.heard(due, l.con.Observe(saw(connection.Canceled), due))
	if l.tr.State != Failed || l.tr.Failure.Code != CodeStepOverdue || l.con.State != connection.Ended {
		t.Fatalf("got %s %+v", l.tr.State, l.tr.Failure)
	}
}

func TestReopenStep(t *testing.T) {
	t.Run("a wrong account can be entered again until AWS has an invitation", func(t *testing.T) {
		l := begin(t, "billing-transfer-new", "111122223333")
		l.ask("1", now())
		_, err := l.tr.ReopenStep(l.con, "enter-management-account", "typo", operator(), now())
		refused(t, err, process.ReasonStepNotReopenable)
		l.heard(now(), connection.InviteRefused(l.settled("1"), "1", connection.Judge("TARGET_ACCOUNT_VALIDATION_FAILURE"), now()))
		l.did(now())(l.tr.ReopenStep(l.con, "enter-management-account", "typo", operator(), now()))
		if l.step("validate-account").State != process.Pending || l.step("send-invitation").State != process.Pending ||
			l.con.AccountHeld() != "" {
			t.Fatal(l.dump())
		}
		if e, _ := l.due(now().Add(30 * day)); e != nil {
			t.Fatalf("%s for the wrong account", e.name)
		}
		l.did(now())(l.tr.CompleteStep("enter-management-account", process.Statement{AccountID: "444455556666"}, person(), now()))
		if e, attempt := l.due(now()); e == nil || e.name != connection.EffectInvite || attempt != "2" || l.con.AccountID != "444455556666" {
			t.Fatal(l.dump())
		}
	})
	for key, from := range map[string]*life{
		"send-invitation": invited(t), "accept-invitation": agreed(t), "create-billing-group": proposed(t), "accept-service-term": termed(t),
	} {
		_, err := from.tr.ReopenStep(from.con, key, "no", operator(), now())
		if e := refused(t, err, process.ReasonStepNotReopenable); e.Remedy.Who != "OPERATOR" {
			t.Errorf("%s: got %+v", key, e.Remedy)
		}
	}
	t.Run("a channel that people have set up stays", func(t *testing.T) {
		l := termed(t)
		l.channel(now())
		_, err := l.tr.ReopenStep(l.con, "set-up-support-channel", "no", operator(), now())
		refused(t, err, process.ReasonStepNotReopenable)
	})
	t.Run("a term that was never sent cannot be asked for", func(t *testing.T) {
		l := agreed(t)
		l.did(now())(l.tr.SkipStep("send-service-term", "on paper", operator(), now()))
		_, err := l.tr.ReopenStep(l.con, "accept-service-term", "no", operator(), now())
		refused(t, err, process.ReasonStepNotReopenable)
		l.did(now())(l.tr.ReopenStep(l.con, "send-service-term", "after all", operator(), now()))
	})
	t.Run("a step that is begun anew is looked at anew", func(t *testing.T) {
		l, later := looked(t, Resold), now().Add(10*day)
		l.did(now())(l.tr.SkipStep("deploy-roles", "not now", operator(), now()))
		l.did(later)(l.tr.ReopenStep(l.con, "deploy-roles", "now", operator(), later))
		if done := (world{role: access.Safe}).rest(l, later); !slices.Contains(done, connection.LookRole) ||
			l.step("deploy-roles").State != process.Done {
			t.Fatalf("got %v", done)
		}
	})
}
