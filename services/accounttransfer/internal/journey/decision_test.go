package journey

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

func withdrawal() Answer {
	return Answer{Outcome: WithdrawTransfer, ChargesPaidBy: connection.ResellerPays, Reason: "the roles never came"}
}

func keeping() Answer {
	return Answer{Outcome: KeepTransfer, Reason: "the customer wants it after all"}
}

// decide answers the open question.
func (l *life) decide(a Answer, when time.Time) []string {
	l.tb.Helper()
	return names(l.did(when)(l.tr.Decide(l.con, a, operator(), when)))
}

// late asks a transfer that was accepted to end, so that Operations must decide.
func late(t testing.TB, l *life) *life {
	t.Helper()
	if l.cancelled(now()); l.tr.State != WaitingDecision {
		t.Fatalf("got %s", l.tr.State)
	}
	return l
}

// overdueRoles returns a transfer that fails because the Bootstrap Role never came, which Operations must decide on.
func overdueRoles(t testing.TB) *life {
	t.Helper()
	l := looked(t, PartnerLed)
	when := l.step("deploy-roles").DueAt
	l.heard(when, connection.RoleSeen(l.con, access.Missing, when))
	if l.did(when)(l.tr.Tick(when), nil); l.tr.State != WaitingDecision {
		t.Fatalf("got %s", l.tr.State)
	}
	return l
}

func TestAWSWasFaster(t *testing.T) {
	for name, accepted := range map[string]bool{"accepted before the wish": true, "accepted while it was being cancelled": false} {
		t.Run(name, func(t *testing.T) {
			l := invited(t)
			if accepted {
				l = agreed(t)
			}
			l.cancelled(now())
			if !accepted {
				told(t, l.heard(now(), l.con.Observe(saw(connection.Accepted), now())), FactDecisionAwaited)
			}
			w := l.tr.Waiting()
			if l.tr.State != WaitingDecision || w.Owner != process.Reseller || !w.Until.Equal(at("2026-12-01")) ||
				w.Text.Key != "wait.decision-before" {
				t.Fatalf("got %s %+v", l.tr.State, w)
			}
			if !accepted && l.step("create-relationship").State != process.Pending {
				t.Fatal("the journey went on")
			}
			if facts := l.tr.Tick(now().Add(time.Hour)); facts != nil {
				t.Fatalf("too early: %v", names(facts))
			}
			facts := l.tr.Tick(now().Add(3 * day))
			if told(t, facts, FactDecisionAwaited); facts[0].Reason != "ESCALATED" || !l.tr.Waiting().Escalated {
				t.Errorf("told %+v", facts[0])
			}
			if again := l.tr.Tick(now().Add(4 * day)); again != nil {
				t.Fatalf("told twice: %v", names(again))
			}
			if l.heard(now(), l.con.Observe(withdrawnAt("2026-12-01"), now().Add(4*day))); l.tr.State != Cancelled {
				t.Fatalf("withdrawn, but %s", l.tr.State)
			}
		})
	}
}

func TestDecisionIsChecked(t *testing.T) {
	for name, a := range map[string]Answer{
		"no outcome": {Reason: "why"}, "nobody pays": {Outcome: WithdrawTransfer, Reason: "why"},
		"no reason to keep":     {Outcome: KeepTransfer},
		"no reason to withdraw": {Outcome: WithdrawTransfer, ChargesPaidBy: connection.CustomerPays},
	} {
		l := late(t, agreed(t))
		before := l.dump()
		_, err := l.tr.Decide(l.con, a, operator(), now())
		if refused(t, err, ReasonFieldRequired); l.dump() != before {
			t.Errorf("%s left a trace", name)
		}
	}
	_, err := late(t, agreed(t)).tr.SkipStep("deploy-roles", "no", operator(), now())
	if e := refused(t, err, ReasonStateRefuses); e.Remedy.Who != "OPERATOR" || e.Remedy.Text.Key != "wait.decision-before" {
		t.Errorf("the remedy is %+v", e.Remedy)
	}
}

// TestDecideInEveryPhase goes through all pairs of a phase of a decision and an answer.
func TestDecideInEveryPhase(t *testing.T) {
	revoking := func(t *testing.T) *life {
		t.Helper()
		l := questioned(t)
		l.decide(withdrawal(), now())
		world{term: contract.Accepted, revocation: contract.Pending}.rest(l, now())
		return l
	}
	phases := map[Phase]struct {
		from           func(*testing.T) *life
		withdraw, keep bool
	}{
		Asked:       {func(t *testing.T) *life { t.Helper(); return questioned(t) }, true, true},
		Withdrawing: {func(t *testing.T) *life { t.Helper(); l := late(t, agreed(t)); l.decide(withdrawal(), now()); return l }, false, false},
		Revoking:    {revoking, false, true},
		Keeping:     {func(t *testing.T) *life { t.Helper(); l := revoking(t); l.decide(keeping(), now()); return l }, false, false},
	}
	for phase, tt := range phases {
		for outcome, allowed := range map[Outcome]bool{WithdrawTransfer: tt.withdraw, KeepTransfer: tt.keep} {
			l := tt.from(t)
			if l.tr.Decision.Phase != phase {
				t.Fatalf("wanted %s, got %+v", phase, l.tr.Decision)
			}
			a := withdrawal()
			if outcome == KeepTransfer {
				a = keeping()
			}
			before := l.dump()
			_, err := l.tr.Decide(l.con, a, operator(), now())
			if (err == nil) != allowed || err != nil && l.dump() != before {
				t.Errorf("%s in %s: got %v", outcome, phase, err)
			}
		}
	}
	for _, s := range []State{InProgress, Completed, Failed, Cancelled} {
		l := in(t, s)
		_, err := l.tr.Decide(l.con, withdrawal(), operator(), now())
		refused(t, err, ReasonStateRefuses)
	}
}

func TestKeep(t *testing.T) {
	t.Run("the journey goes on where the acceptance left it", func(t *testing.T) {
		l := in(t, WaitingDecision) // accepted while it was being cancelled: no step has opened since
		if got := l.decide(keeping(), now()); got[0] != FactDecisionRecorded || len(got) < 2 || l.tr.State != InProgress || l.con.Stopped {
			t.Fatalf("got %s, told %v", l.tr.State, got)
		}
		world{term: contract.Accepted, role: access.Safe, channel: true}.rest(l, now())
		world{term: contract.Accepted, role: access.Safe, channel: true}.rest(l, now().Add(time.Hour))
		if d := l.tr.Decision; l.tr.State != Completed || d.Outcome != KeepTransfer || d.Reason == "" {
			t.Errorf("got %s, %+v", l.tr.State, d)
		}
	})
	t.Run("what was overdue is due anew, and the customer is asked again", func(t *testing.T) {
		l := overdueRoles(t)
		when := l.tr.Decision.NeededAt.Add(day)
		l.decide(keeping(), when)
		s := l.step("deploy-roles")
		if !s.DueAt.Equal(when.Add(s.DueAfter)) || s.Overdue || !s.OpenedAt.Equal(when) {
			t.Fatalf("the step is %+v", s)
		}
		done := world{role: access.Missing, channel: true}.rest(l, when)
		if w := l.tr.Waiting(); l.tr.State != InProgress || w.Owner != process.Customer || w.StepKey != "deploy-roles" {
			t.Errorf("got %s after %v, it waits for %+v", l.tr.State, done, w)
		}
	})
	t.Run("it can be asked to end once more", func(t *testing.T) {
		l := late(t, agreed(t))
		l.decide(keeping(), now())
		told(t, l.cancelled(now()), FactEndingRequested, FactDecisionAwaited)
		if l.tr.Decision.Outcome != "" {
			t.Errorf("the question is %+v", l.tr.Decision)
		}
	})
}

func TestKeepWhileRevoking(t *testing.T) {
	kept := func(t *testing.T) *life {
		t.Helper()
		l := questioned(t)
		l.decide(withdrawal(), now())
		world{term: contract.Accepted, revocation: contract.Pending}.rest(l, now())
		if w := l.tr.Waiting(); w.Owner != process.Customer || w.Text.Key != "wait.revoking" {
			t.Fatalf("it waits for %+v", w)
		}
		l.decide(keeping(), now())
		if e, _ := l.due(now()); l.tr.State != WaitingDecision || e.name != connection.EffectCancelRevocation ||
			l.tr.Waiting().Owner != process.AWS {
			t.Fatal(l.dump())
		}
		return l
	}
	answers := func(l *life, s contract.State) {
		l.heard(now(), connection.RevocationCancelSent(l.con, contract.Seen{HandshakeID: "ch-9", Status: s}, now()))
	}
	t.Run("it goes on once AWS has taken the handshake back", func(t *testing.T) {
		l := kept(t)
		answers(l, contract.Canceled)
		if l.tr.State != InProgress || l.tr.Ending != nil || l.step("deploy-roles").State != process.Open || !l.tr.Decision.EscalateAt.IsZero() {
			t.Error(l.dump())
		}
	})
	t.Run("the customer was faster: people see to it that there is another term", func(t *testing.T) {
		l := kept(t)
		answers(l, contract.Accepted)
		if l.tr.State != InProgress || l.step("send-service-term").State != process.Skipped || !slices.Contains(l.tr.Issues, TermRefused) {
			t.Error(l.dump())
		}
	})
	t.Run("AWS does not take it back: Operations decides again", func(t *testing.T) {
		l := kept(t)
		connection.RevocationCancelRefused(l.con, now())
		told(t, l.heard(now(), nil), FactDecisionAwaited)
		l.decide(keeping(), now())
		if e, _ := l.due(now()); e.name != connection.EffectCancelRevocation {
			t.Errorf("got %s", e.name)
		}
	})
	t.Run("what AWS did not take back has ended by itself: the transfer goes on as decided", func(t *testing.T) {
		for _, s := range []contract.State{contract.Accepted, contract.Expired} {
			l := kept(t)
			connection.RevocationCancelRefused(l.con, now())
			told(t, l.heard(now(), nil), FactDecisionAwaited)
			answers(l, s)
			if l.tr.State != InProgress || l.tr.Decision.Outcome != KeepTransfer || l.tr.Decision.Phase != Answered ||
				slices.Contains(l.tr.Issues, TermRefused) != (s == contract.Accepted) {
				t.Errorf("%s: %s", s, l.dump())
			}
		}
	})
}

// TestDecisionOnWhatReplaces: who decides reads that the legacy agreement ends with the start, whatever is decided after it.
func TestDecisionOnWhatReplaces(t *testing.T) {
	for _, replaces := range []string{"", "con_9"} {
		l := agreed(t)
		l.con.ReplacesID = replaces
		l.cancelled(now())
		before := l.tr.Waiting().Text
		l.did(at("2026-12-01"))(l.tr.Tick(at("2026-12-01")), nil)
		after := l.tr.Waiting().Text
		if before.Key != "wait.decision-before" || after.Key != "wait.decision-charged" ||
			before.Params["replaces"] != replaces || after.Params["replaces"] != replaces {
			t.Errorf("replacing %q it says %+v, then %+v", replaces, before, after)
		}
	}
}
