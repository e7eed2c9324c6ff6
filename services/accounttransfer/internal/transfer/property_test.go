package transfer

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// visible is a transfer without its bookkeeping: whatever differs in it is told by a fact.
func visible(t testing.TB, tr *Transfer) string {
	t.Helper()
	c := clone(t, tr)
	c.Looks, c.Looked, c.Served = 0, 0, nil
	c.BillingGroup, c.Relationship = known(c.BillingGroup), known(c.Relationship)
	c.Terms = slices.DeleteFunc(c.Terms, func(term ServiceTerm) bool { return term.State == TermPrepared })
	for i := range c.Terms {
		c.Terms[i].CheckedAt, c.Terms[i].CancelSentAt, c.Terms[i].Left = time.Time{}, time.Time{}, false
	}
	c.Role = nil // what is told of it is a fact once, its looks are none
	c.Withdrawal = plainWithdrawal(c.Withdrawal)
	if c.Channel != nil && !c.Channel.Requested {
		c.Channel = nil
	}
	if c.Channel != nil {
		c.Channel.Ask = Patience{}
	}
	for i := range c.Matters {
		c.Matters[i].Opened, c.Matters[i].Ask = false, Patience{}
	}
	for i := range c.Steps {
		if r := c.Steps[i].Reminder; r != nil {
			c.Steps[i].Reminder = nil
			if r.Planned {
				c.Steps[i].Reminder = &Reminder{ID: r.ID}
			}
		}
	}
	for i := range c.Invitations {
		inv := &c.Invitations[i]
		inv.Asked, inv.Cancel, inv.CheckedAt, inv.CancelSentAt = false, false, time.Time{}, time.Time{}
	}
	return dump(t, c)
}

// known leaves out what AWS is not known to have.
func known(c *Creation) *Creation {
	if c == nil || c.ID == "" {
		return nil
	}
	return &Creation{ID: c.ID}
}

func clone(t testing.TB, tr *Transfer) *Transfer {
	t.Helper()
	var c Transfer
	if err := json.Unmarshal([]byte(dump(t, tr)), &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// wordVerbs complete, skip, reopen and retry any step, by anybody.
func wordVerbs() []verb {
	var all []verb
	for _, s := range append(billingTransferExisting().Steps, TemplateStep{Key: "no-such-step"}) {
		for _, by := range []call.Actor{person(), operator()} {
			all = append(all,
				verb{name: "complete " + s.Key, do: func(t *Transfer) ([]fact.Fact, error) {
					return t.CompleteStep(s.Key, Word{Evidence: "seen"}, by, now())
				}},
				verb{name: "skip " + s.Key, do: func(t *Transfer) ([]fact.Fact, error) { return t.SkipStep(s.Key, "no", by, now()) }},
				verb{name: "reopen " + s.Key, do: func(t *Transfer) ([]fact.Fact, error) { return t.ReopenStep(s.Key, "yes", by, now()) }},
				verb{name: "retry " + s.Key, do: func(t *Transfer) ([]fact.Fact, error) { return t.RetryStep(s.Key, by, now()) }},
			)
		}
	}
	return all
}

// TestRandomLives throws verbs at a transfer in any order and holds it to what must always be so.
func TestRandomLives(t *testing.T) {
	journey, words := verbs(), wordVerbs()
	rapid.Check(t, func(rt *rapid.T) {
		start := rapid.SampledFrom([]func(testing.TB) *Transfer{fresh, asked, invited, agreed, proposed, termed, questioned}).Draw(rt, "start")
		tr := start(t)
		tr.SupportModel = rapid.SampledFrom([]SupportModel{PartnerLed, Resold, ""}).Draw(rt, "support")
		tr.Policy.Reinvites = rapid.IntRange(0, 2).Draw(rt, "reinvites")
		for range rapid.IntRange(1, 40).Draw(rt, "length") {
			v := rapid.SampledFrom(journey).Draw(rt, "verb")
			if rapid.Bool().Draw(rt, "word") {
				v = rapid.SampledFrom(words).Draw(rt, "word verb")
			}
			before, seen, state := dump(t, tr), visible(t, tr), tr.State
			facts, err := v.do(tr)
			switch {
			case err != nil && dump(t, tr) != before:
				rt.Fatalf("%s was refused and left a trace: %v", v.name, err)
			case state.Ended() && dump(t, tr) != before && !v.after:
				rt.Fatalf("%s changed a transfer in %s", v.name, state)
			case visible(t, tr) != seen && len(facts) == 0:
				rt.Fatalf("%s changed the transfer and told nobody:\n%s\n%s", v.name, seen, visible(t, tr))
			case dump(t, clone(t, tr)) != dump(t, tr):
				rt.Fatalf("%s: the stored form is not stable", v.name)
			}
			sound(rt, tr, v.name)
			comesToRest(rt, t, clone(t, tr))
		}
	})
}

// sound holds in every state of a transfer.
func sound(rt *rapid.T, tr *Transfer, after string) {
	rt.Helper()
	switch {
	case tr.State.Ended() && (tr.outstanding() != nil || !Next(tr).IsZero() && !loose(tr)):
		rt.Fatalf("%s: ended in %s with something outstanding", after, tr.State)
	case tr.State.Ended() == tr.EndedAt.IsZero(), (tr.State == Failed) != (tr.Failure != nil), undecided(tr):
		rt.Fatalf("%s: %s, ended %v, failure %v, decision %v", after, tr.State, tr.EndedAt, tr.Failure, tr.Decision)
	case tr.State == Completed && tr.accepted() == nil:
		rt.Fatalf("%s: completed without an acceptance", after)
	case !tr.State.Ended() && tr.Waiting() == nil && Next(tr).IsZero():
		rt.Fatalf("%s: nobody acts and nobody is waited for", after)
	}
	if s := tr.work(TermAccepted); s != nil && s.State == Open && tr.pending() == nil {
		rt.Fatalf("%s: the customer is asked to accept a service term that is not there: %+v", after, tr.Term())
	}
	live := 0
	for _, inv := range tr.Invitations {
		if inv.Asked || inv.State == Requested || inv.State == Accepted {
			live++
		}
	}
	if live > 1 {
		rt.Fatalf("%s: %d invitations live at once", after, live)
	}
	for _, s := range tr.Steps {
		if (s.State == Broken) != (s.Failure != nil && s.Blocked != nil) || s.State == Open && s.OpenedAt.IsZero() {
			rt.Fatalf("%s: step %+v", after, s)
		}
		if s.State == Open && len(tr.missing(&s)) > 0 {
			rt.Fatalf("%s: step %s is open before its time", after, s.Key)
		}
	}
}

// loose reports whether people would hear of a transfer that has ended: a reminder to stop, a case to open, or a service
// term to take back.
func loose(tr *Transfer) bool {
	return tr.leftover() != nil || tr.termUnanswered() || slices.ContainsFunc(tr.Steps, func(s Step) bool { return s.Reminder != nil }) ||
		slices.ContainsFunc(tr.Matters, func(m Matter) bool { return !m.Opened })
}

// comesToRest does what the transfer asks for, as its reconciler does, at an AWS where nothing moves: after a few passes
// the next time lies in the future, and so it goes on.
func comesToRest(rt *rapid.T, t testing.TB, tr *Transfer) {
	rt.Helper()
	when := now()
	for range 3 {
		passes := 0
		for next := Next(tr); !next.IsZero() && !next.After(when); next = Next(tr) {
			if passes++; passes > 20 {
				rt.Fatalf("at %v it never rests: %+v %s", when, NextAction(tr, when), dump(t, tr))
			}
			world{term: TermPending, role: RoleMissing}.pass(t, tr, when)
		}
		if Next(tr).IsZero() {
			return
		}
		when = Next(tr)
	}
}

func (t *Transfer) state(attempt int) InvitationState {
	return t.find(func(inv *Invitation) bool { return inv.Attempt == attempt }).State
}
