package journey

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// clone copies a life by its stored form.
func (l *life) clone() *life {
	c := &life{tb: l.tb}
	docs := []any{&c.tr, &c.con}
	if err := json.Unmarshal([]byte(l.dump()), &docs); err != nil {
		l.tb.Fatal(err)
	}
	return c
}

// visible is both lives without their bookkeeping: whatever differs in it is told by a fact.
func (l *life) visible() string {
	c := l.clone()
	c.tr.Details, c.tr.Channel, c.tr.Decision, c.tr.Ending = Details{}, nil, nil, nil
	for i := range c.tr.Steps {
		s := &c.tr.Steps[i]
		s.LookedAt, s.Blocked, s.Told, s.Until, s.Overdue = time.Time{}, nil, process.Step{}.Told, time.Time{}, false
		if s.State == process.Pending || s.State == process.Skipped {
			*s = process.Step{TemplateStep: s.TemplateStep} // waiting again is told by the step that it waits for
		}
	}
	b, err := json.Marshal([]any{
		c.tr, c.con.State, c.con.StartAt, c.con.EndAt, c.con.EndReason, c.con.ChargesPaidBy, c.con.AccountID, c.con.Made[connection.GroupCreated],
	})
	if err != nil {
		l.tb.Fatal(err)
	}
	return string(b)
}

// TestRandomLives throws what people do and what AWS answers at a journey in any order, and holds both lives to what must
// always be so.
func TestRandomLives(t *testing.T) {
	events, people := events(), people()
	rapid.Check(t, func(rt *rapid.T) {
		start := rapid.SampledFrom([]func(testing.TB) *life{fresh, asked, invited, agreed, proposed, termed, questioned}).Draw(rt, "start")
		l := start(t)
		l.con.Policy.Reinvites = rapid.IntRange(0, 2).Draw(rt, "reinvites")
		if rapid.Bool().Draw(rt, "partner-led") {
			l.tr.SupportModel = PartnerLed
			l.tr.endsWithoutRole()
		}
		when := now()
		for range rapid.IntRange(1, 40).Draw(rt, "length") {
			when = when.Add(time.Duration(rapid.IntRange(0, 48).Draw(rt, "hours")) * time.Hour)
			var name string
			var made Changes
			before, seen, state, bound := l.dump(), l.visible(), l.tr.State, l.con.State
			if rapid.Bool().Draw(rt, "by people") {
				p := rapid.SampledFrom(people).Draw(rt, "verb")
				facts, err := p.do(l, when)
				if name = p.name; err != nil && l.dump() != before {
					rt.Fatalf("%s was refused and left a trace: %v", name, err)
				}
				made.Transfer = facts
			} else {
				e := rapid.SampledFrom(events).Draw(rt, "event")
				name, made.Connection = e.name, e.do(l, when)
			}
			more := Agree(l.tr, l.con, when)
			made.Transfer, made.Connection = append(made.Transfer, more.Transfer...), append(made.Connection, more.Connection...)
			switch {
			case bound == connection.Ended && l.con.State != connection.Ended:
				rt.Fatalf("%s: ENDED was left for %s", name, l.con.State)
			case state.Ended() && l.tr.State != state:
				rt.Fatalf("%s: %s was left for %s", name, state, l.tr.State)
			case l.visible() != seen && len(made.Transfer)+len(made.Connection) == 0:
				rt.Fatalf("%s changed something and told nobody:\n%s\n%s", name, seen, l.visible())
			case l.clone().dump() != l.dump():
				rt.Fatalf("%s: the stored form is not stable", name)
			}
			l.idempotent(rt, name, when)
			l.sound(rt, name)
			l.clone().comesToRest(rt, when)
		}
	})
}

// idempotent holds that two lives that agree have nothing more to say.
func (l *life) idempotent(rt *rapid.T, after string, when time.Time) {
	before := l.dump()
	if made := Agree(l.tr, l.con, when); len(made.Transfer)+len(made.Connection) > 0 || l.dump() != before {
		rt.Fatalf("%s: they do not agree yet: %v %v\n%s\n%s", after, names(made.Transfer), names(made.Connection), before, l.dump())
	}
}

// sound holds in every state of a journey.
func (l *life) sound(rt *rapid.T, after string) {
	tr, con := l.tr, l.con
	switch {
	case tr.State.Ended() == tr.EndedAt.IsZero(), (tr.State == Failed) != (tr.Failure != nil):
		rt.Fatalf("%s: %s, ended %v, failure %v", after, tr.State, tr.EndedAt, tr.Failure)
	case (tr.State == Failed || tr.State == Cancelled) && (con.State == connection.Proposed || con.State == connection.Effective):
		rt.Fatalf("%s: the journey is %s, its connection %s", after, tr.State, con.State)
	case tr.State == Completed && con.StartAt.IsZero():
		rt.Fatalf("%s: completed without anything that binds", after)
	case tr.State == WaitingDecision && (tr.Decision == nil || tr.Waiting() == nil):
		rt.Fatalf("%s: nobody is waited for: %+v", after, tr.Decision)
	case !tr.State.Ended() && tr.Waiting() == nil && l.next().IsZero() && !l.unanswered():
		rt.Fatalf("%s: nobody acts and nobody is waited for", after)
	case con.State == connection.Ended && con.Outstanding() != nil:
		rt.Fatalf("%s: ended with an invitation outstanding", after)
	}
	for cond := range con.Demands {
		if tr.State.Ended() && cond != connection.RoleDeployed {
			rt.Fatalf("%s: a journey that has ended demands %s", after, cond)
		}
	}
	live := 0
	for i := range con.Invitations {
		inv := &con.Invitations[i]
		if inv.State == connection.Requested || inv.State == connection.Accepted ||
			con.Intents.Asked(connection.EffectInvite, number(inv.Attempt)) {
			live++
		}
	}
	if live > 1 {
		rt.Fatalf("%s: %d invitations live at once", after, live)
	}
	l.soundSteps(rt, after)
}

func (l *life) soundSteps(rt *rapid.T, after string) {
	if s := l.tr.Working(connection.TermAccepted); l.tr.underWay() && s != nil && l.con.Contract.Pending() == nil {
		rt.Fatalf("%s: the customer is asked to accept a service term that is not there", after)
	}
	for _, s := range l.tr.Steps {
		if (s.State == process.Broken) != (s.Failure != nil && s.Blocked != nil) || s.State == process.Open && s.OpenedAt.IsZero() {
			rt.Fatalf("%s: step %+v", after, s)
		}
		for _, key := range s.Requires {
			if r, _ := l.tr.Step(key); s.State.Active() && !r.State.Closed() {
				rt.Fatalf("%s: step %s is %s before %s", after, s.Key, s.State, key)
			}
		}
	}
}

// unanswered reports whether the driver still has to find out what became of a call.
func (l *life) unanswered() bool { return len(l.con.Intents) > 0 }

// comesToRest does what is wanted, as the driver does, at an AWS where nothing moves: after a few passes the next time lies
// in the future, and so it goes on.
func (l *life) comesToRest(rt *rapid.T, when time.Time) {
	for range 3 {
		for passes := 0; ; passes++ {
			l.heard(when, l.con.Tick(when))
			l.did(when)(l.tr.Tick(when), nil)
			e, subject := l.due(when)
			if e == nil {
				break
			}
			if passes > 30 {
				rt.Fatalf("at %v it never rests: %s %s", when, e.name, l.dump())
			}
			l.heard(when, e.do(world{term: contract.Pending, revocation: contract.Pending, role: access.Missing}, l, subject, when))
		}
		next := l.next()
		if next.IsZero() {
			return
		}
		if !next.After(when) {
			rt.Fatalf("at %v it rests, and is due at %v: %s", when, next, l.dump())
		}
		when = next
	}
}

// doing is something that people do to a journey.
type doing struct {
	name string
	do   func(*life, time.Time) ([]fact.Fact, error)
}

// happening is something that AWS or support does, asked or not.
type happening struct {
	name string
	do   func(*life, time.Time) []fact.Fact
}
