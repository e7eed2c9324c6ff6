package order_test

import (
	"testing"

	"pgregory.net/rapid"

	"example.com/handover/services/orders/internal/order"
)

// visible is an order without its bookkeeping: whatever differs in it is told by a fact.
func visible(t testing.TB, o *order.Order) string {
	c := *o
	c.TransferRevision, c.Looks, c.Looked = 0, 0, 0
	return lasting(t, &c)
}

// lasting is an order without how far others are with it: reminders of an ended order are still to be stopped.
func lasting(t testing.TB, o *order.Order) string {
	c := *o
	c.Intents, c.Wished = nil, nil
	return dump(t, &c)
}

// TestRandomLives throws verbs at an order in any order: an end is never left, every visible change has a fact, a
// refusal changes nothing, the stored form is stable, and doing what it wants outside always comes to rest.
func TestRandomLives(t *testing.T) {
	all := verbs()
	rapid.Check(t, func(rt *rapid.T) {
		o := draft(t)
		for range rapid.IntRange(1, 25).Draw(rt, "length") {
			v := rapid.SampledFrom(all).Draw(rt, "verb")
			before, kept, seen, state := dump(t, o), lasting(t, o), visible(t, o), o.State
			facts, err := v.do(t, o)
			switch {
			case err != nil && dump(t, o) != before:
				rt.Fatalf("%s was refused and left a trace: %v", v.name, err)
			case state.Ended() && lasting(t, o) != kept:
				rt.Fatalf("%s changed an order in %s", v.name, state)
			case visible(t, o) != seen && len(facts) == 0:
				rt.Fatalf("%s changed the order and told nobody:\n%s\n%s", v.name, seen, visible(t, o))
			case (o.State == order.Querying) != (o.Waiting != nil):
				rt.Fatalf("%s: %s with waiting %+v", v.name, o.State, o.Waiting)
			case !bounded(o):
				rt.Fatalf("%s: %s waits without an end: %+v", v.name, o.State, o.Waits())
			case (o.State == order.Failed) != (o.Failure != nil), o.State.Ended() == o.EndedAt.IsZero():
				rt.Fatalf("%s: %s with failure %+v, ended %v", v.name, o.State, o.Failure, o.EndedAt)
			}
			comesToRest(rt, t, *o)
		}
	})
}

// comesToRest does what the order wants outside, as its effects do.
func comesToRest(rt *rapid.T, t testing.TB, o order.Order) {
	for range 8 {
		switch {
		case len(o.WantsCancel()) > 0:
			must(t)(o.RecordCancelRequested(1))
		case len(o.WantsTransfer()) > 0:
			must(t)(o.RecordTransferRequested())
		case len(o.WantsCheck()) > 0:
			must(t)(o.RecordChecked(o.Looks))
		default:
			return
		}
	}
	rt.Fatalf("the order never rests: %s", dump(t, &o))
}
