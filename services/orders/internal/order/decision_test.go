package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/order"
)

// undecided is an order whose customer accepted before the wish to end it could be carried out.
func undecided(t *testing.T) *order.Order {
	t.Helper()
	o := in(t, order.Querying)
	must(t)(o.RequestFail("incomplete", operator(), now()))
	must(t)(o.RecordCancelRequested(2))
	v := view(3, "WAITING_DECISION")
	v.Ending = true
	v.Waiting = &order.Waiting{
		Owner: order.Reseller, Text: text.Said("Withdraw or keep?", "TransferService.RecordDecision"),
		Until: now().Add(time.Hour),
	}
	if facts := must(t)(o.ObserveTransfer(v, now())); !slices.Equal(names(facts), []string{order.FactQueried}) {
		t.Fatalf("got %v", names(facts))
	}
	return o
}

func kept(revision int64, at time.Time) order.TransferView {
	v := view(revision, "IN_PROGRESS")
	v.KeptAt = at
	return v
}

func TestDecision(t *testing.T) {
	t.Run("the order says that Operations must decide, and where", func(t *testing.T) {
		w := undecided(t).Waiting
		if w == nil || w.Owner != order.Reseller || what(undecided(t)) != "Withdraw or keep?" || w.Until.IsZero() {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("a decision that says no more, and one that waits for others", func(t *testing.T) {
		o := undecided(t)
		must(t)(o.ObserveTransfer(view(4, "WAITING_DECISION"), now()))
		if o.Waiting == nil || o.Waiting.Owner != order.Reseller || o.Waiting.Text.Key != "wait.decide" {
			t.Fatalf("got %+v", o.Waiting)
		}
		v := view(5, "WAITING_DECISION")
		v.Waiting = &order.Waiting{Owner: order.AWS, Text: text.Said("It is being withdrawn.", "")}
		must(t)(o.ObserveTransfer(v, now()))
		if o.State != order.Querying || o.Waiting.Owner != order.AWS {
			t.Fatalf("got %s %+v", o.State, o.Waiting)
		}
	})
	t.Run("kept, the wish is dropped and the order goes on", func(t *testing.T) {
		o := undecided(t)
		facts := must(t)(o.ObserveTransfer(kept(4, now()), now()))
		if o.Ending != nil || o.State != order.Processing || !slices.Equal(names(facts), []string{order.FactResumed}) {
			t.Fatalf("got %s %+v %v", o.State, o.Ending, names(facts))
		}
		must(t)(o.RequestFail("incomplete after all", operator(), now())) // a new wish is a wish again
		if wants(o) != "cancel" || o.Endings != 2 {
			t.Fatalf("got %s, %d wishes", wants(o), o.Endings)
		}
	})
	t.Run("kept while the customer has to act, the order waits for that", func(t *testing.T) {
		o, v := undecided(t), kept(4, now())
		v.Waiting = &order.Waiting{Owner: order.Customer, Text: text.Said("Deploy.", "")}
		facts := must(t)(o.ObserveTransfer(v, now()))
		if o.Ending != nil || o.State != order.Querying || what(o) != "Deploy." ||
			!slices.Equal(names(facts), []string{order.FactResumed, order.FactQueried}) {
			t.Fatalf("got %s %+v %v", o.State, o.Waiting, names(facts))
		}
	})
	for name, v := range map[string]order.TransferView{
		"a decision before the wish":              kept(4, now().Add(-time.Second)),
		"a state from before the wish was known":  kept(2, now()),
		"a transfer that still has a wish to end": {TransferID: "trf_1", Revision: 4, State: "IN_PROGRESS", KeptAt: now(), Ending: true},
		"no decision": view(4, "IN_PROGRESS"),
	} {
		t.Run("the wish stays: "+name, func(t *testing.T) {
			o := in(t, order.Querying)
			must(t)(o.RequestFail("incomplete", operator(), now()))
			must(t)(o.RecordCancelRequested(3))
			if must(t)(o.ObserveTransfer(v, now())); o.Ending == nil {
				t.Fatal("the wish was dropped")
			}
		})
	}
	for end, ask := range map[order.State]func(*order.Order) error{
		order.Failed:  func(o *order.Order) error { _, err := o.RequestFail("incomplete", operator(), now()); return err },
		order.Deleted: func(o *order.Order) error { _, err := o.RequestDelete("changed my mind", person(), now()); return err },
	} {
		t.Run("withdrawn, the order ends as it was wished: "+string(end), func(t *testing.T) {
			o := in(t, order.Querying)
			if err := ask(o); err != nil {
				t.Fatal(err)
			}
			v := view(4, "FAILED")
			v.Failure = &order.Failure{Code: "TRANSFER_WITHDRAWN"}
			must(t)(o.ObserveTransfer(v, now()))
			if o.State != end || end == order.Failed && (o.Failure.Code != order.CodeReviewRejected || o.Failure.Reason != "incomplete") {
				t.Fatalf("got %s %+v", o.State, o.Failure)
			}
		})
	}
}
