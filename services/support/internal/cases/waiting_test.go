package cases

import (
	"testing"
	"time"

	"example.com/handover/pkg/intent"
)

// TestWhoMustAct holds every state against who must act, and since when that is too long ago.
func TestWhoMustAct(t *testing.T) {
	for state, want := range map[State]struct {
		owner Party
		after time.Duration
	}{
		New: {Reseller, 3 * day}, Open: {Reseller, 3 * day}, AwaitingCustomer: {Customer, 7 * day}, AwaitingAWS: {AWS, 7 * day},
		Resolved: {}, Closed: {}, Cancelled: {},
	} {
		c := opened(t, question())
		c.State = state
		w := c.Waiting()
		if (w == nil) != (want.owner == "") {
			t.Errorf("%s: waits for %+v", state, w)
		}
		if w != nil && (w.Owner != want.owner || !w.Until.Equal(now().Add(want.after)) || w.Text.IsZero()) {
			t.Errorf("%s: waits for %+v", state, w)
		}
		facts := c.Escalate(now().Add(want.after))
		if (len(facts) == 1) != (want.owner != "") || c.Escalated != (want.owner != "") {
			t.Errorf("%s: told %v", state, facts)
		}
	}
	if len(States()) != 7 {
		t.Error("a state has no row")
	}
}

func TestEscalatedOnce(t *testing.T) {
	for p, after := range map[Priority]time.Duration{P1: 4 * time.Hour, P2: day, P3: 3 * day, P4: 7 * day} {
		o := question()
		o.Priority = p
		c := opened(t, o)
		if c.Escalate(now().Add(after-time.Second)) != nil || len(c.Escalate(now().Add(after))) != 1 || c.Escalate(now().Add(2*after)) != nil {
			t.Errorf("%s is not escalated once, after %s", p, after)
		}
		if !c.EscalatesAt().IsZero() || !c.Waiting().Escalated {
			t.Errorf("%s escalates again", p)
		}
		must(t)(c.Say("cmt_1", "Still there?", person(), now().Add(30*day)))
		if got := c.EscalatesAt(); !got.Equal(now().Add(30*day + after)) {
			t.Errorf("%s: after a word it escalates at %s", p, got)
		}
	}
}

// TestRefusedWishWaits: what ServiceNow does not resolve is the reseller's to mend, whatever the state.
func TestRefusedWishWaits(t *testing.T) {
	c := recorded(t, "18")
	must(t)(c.AskResolve("done", operator(), now()))
	c.ResolveRefused(now())
	if w := c.Waiting(); w.Owner != Reseller || w.Text.Key != "wait.resolve" {
		t.Errorf("it waits for %+v", w)
	}
}

// TestServiceNowDoesNotLetUsIn: that is the reseller's to mend at once, whatever the case waits for besides, and the case is escalated as
// ever.
func TestServiceNowDoesNotLetUsIn(t *testing.T) {
	for _, state := range []State{New, Open, AwaitingCustomer, AwaitingAWS, Resolved} {
		c := opened(t, question())
		c.State = state
		before := c.EscalatesAt()
		c.Intents.Begin("look", "", "token").Deny(now())
		if w := c.Waiting(); w == nil || w.Owner != Reseller || w.Text.Key != "wait.let_us_in" || !w.Escalated || !w.Until.Equal(now()) {
			t.Errorf("%s: it waits for %+v", state, w)
		}
		if !c.EscalatesAt().Equal(before) {
			t.Errorf("%s: it escalates at %s, want %s", state, c.EscalatesAt(), before)
		}
		c.Intents.End("look", "")
		if w := c.Waiting(); w != nil && w.Text.Key == "wait.let_us_in" {
			t.Errorf("%s: let in, it waits for %+v", state, w)
		}
	}
	c := opened(t, question())
	c.State = Closed
	c.Intents.Begin("look", "", "token").Deny(now())
	if w := c.Waiting(); w != nil {
		t.Errorf("closed, it waits for %+v", w)
	}
}

// TestOperationsHearsOfAnEscalatedCase: mails, from when it is escalated until it moves, and anew when it stands still again.
func TestOperationsHearsOfAnEscalatedCase(t *testing.T) {
	k := recorded(t, "10")
	if got := k.Wanted(); got != nil {
		t.Errorf("before it is escalated it wants %v", got)
	}
	at := now()
	keys := map[string]bool{}
	for range 2 {
		at = at.Add(4 * day)
		k.Escalate(at)
		wanted := k.Wanted()
		if len(wanted) != 1 || wanted[0].Kind != intent.Reminder || wanted[0].To != "OPERATIONS" || wanted[0].Title.IsZero() ||
			wanted[0].Body.Params["number"] != "CS0001001" || keys[wanted[0].Key] {
			t.Fatalf("escalated, it wants %+v", wanted)
		}
		keys[wanted[0].Key] = true
		must(t)(k.Say("cmt_"+at.Format(time.DateOnly), "Still there?", person(), at))
		if got := k.Wanted(); got != nil {
			t.Errorf("after a word it wants %v", got)
		}
	}
	k.Escalate(at.Add(4 * day))
	must(t)(k.Observe(resolvedRecord(), nil, at.Add(4*day)))
	if got := k.Wanted(); got != nil {
		t.Errorf("resolved, it wants %v", got)
	}
}

func resolvedRecord() Seen { return at("6") }
