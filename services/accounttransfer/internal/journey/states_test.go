package journey

import (
	"slices"
	"testing"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// in returns a transfer in a state, brought there by its verbs alone.
func in(t testing.TB, s State) *life {
	t.Helper()
	l := invited(t)
	switch s {
	case WaitingDecision:
		l.cancelled(now())
		l.heard(now(), l.con.Observe(saw(connection.Accepted), now()))
	case Cancelled:
		l.cancelled(now())
		l.heard(now(), l.con.Observe(saw(connection.Canceled), now()))
	case Failed:
		l.heard(now(), l.con.Observe(saw(connection.Declined), now()))
	case Completed:
		l = termed(t)
		l.heard(now(), connection.RoleSeen(l.con, access.Safe, now()))
		l.channel(now())
	}
	if l.tr.State != s {
		t.Fatalf("wanted a transfer in %s, got %s", s, l.tr.State)
	}
	return l
}

// TestEveryStateAndVerb goes through all pairs of a state and what people can do: outside of the states that accept it a verb
// is refused and changes nothing, and an end is never left.
func TestEveryStateAndVerb(t *testing.T) {
	going := []State{InProgress}
	verbs := map[string]struct {
		do      func(*life) ([]fact.Fact, error)
		accepts []State
	}{
		"CompleteStep": {func(l *life) ([]fact.Fact, error) {
			return l.tr.CompleteStep("deploy-roles", process.Statement{}, operator(), now())
		}, going},
		"SkipStep": {func(l *life) ([]fact.Fact, error) { return l.tr.SkipStep("deploy-roles", "no need", operator(), now()) }, going},
		"ReopenStep": {func(l *life) ([]fact.Fact, error) {
			return l.tr.ReopenStep(l.con, "set-up-support-channel", "wrong", operator(), now())
		}, going},
		"RetryStep": {func(l *life) ([]fact.Fact, error) { return l.tr.RetryStep(l.con, "send-invitation", operator(), now()) }, going},
		"Reinvite":  {func(l *life) ([]fact.Fact, error) { return l.tr.Reinvite(l.con, at("2027-01-01"), now()) }, going},
		"Decide": {func(l *life) ([]fact.Fact, error) {
			return l.tr.Decide(l.con, withdrawal(), operator(), now())
		}, []State{WaitingDecision}},
	}
	for _, s := range States() {
		for name, v := range verbs {
			l := in(t, s)
			before := l.dump()
			_, err := v.do(l)
			if slices.Contains(v.accepts, s) {
				continue
			}
			if refused(t, err, ReasonStateRefuses); l.dump() != before {
				t.Errorf("%s in %s left a trace", name, s)
			}
		}
		for name, l := range map[string]*life{"a tick": in(t, s), "a late tick": in(t, s)} {
			l.did(now().Add(60*day))(l.tr.Tick(now().Add(60*day)), nil)
			if s.Ended() && l.tr.State != s {
				t.Errorf("%s left %s for %s", name, s, l.tr.State)
			}
		}
	}
}

// TestEndingRefusesSteps refuses every verb of a step while an invitation is being cancelled.
func TestEndingRefusesSteps(t *testing.T) {
	for _, verb := range people() {
		l := invited(t)
		l.cancelled(now())
		before := l.dump()
		if _, err := verb.do(l, now()); (err == nil) != slices.Contains([]string{"Cancel", "AskCheck", "Tick"}, verb.name) {
			t.Errorf("%s: got %v", verb.name, err)
		} else if err != nil && l.dump() != before {
			t.Errorf("%s left a trace", verb.name)
		}
	}
}

func TestAccountHeld(t *testing.T) {
	for _, s := range States() {
		holds := s != Failed && s != Cancelled
		if l := in(t, s); (l.con.AccountHeld() != "") != holds {
			t.Errorf("%s holds %q", s, l.con.AccountHeld())
		}
	}
}
