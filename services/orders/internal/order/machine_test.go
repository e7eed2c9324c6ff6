package order_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/order"
)

// verb is something that can happen to an order.
type verb struct {
	name    string
	do      func(testing.TB, *order.Order) ([]fact.Fact, error)
	accepts []order.State // refused with STATE_REFUSES elsewhere; nil for observations, which never refuse
}

func verbs() []verb {
	draft, underWay := []order.State{order.Draft}, []order.State{order.Processing, order.Querying}
	return []verb{
		{"Revise", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) {
			return o.Revise(order.Edit{PayerID: ptr("pay_1")}, customer(), operator(), now())
		}, draft},
		{"Delete", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.Delete(now()) }, draft},
		{"Submit", func(t testing.TB, o *order.Order) ([]fact.Fact, error) { return o.Submit(submission(t), now()) }, draft},
		{"AskProcess", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.AskProcess(person()) }, underWay},
		{"RequestFail", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.RequestFail("no", operator(), now()) }, underWay},
		{"RequestDelete", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) {
			return o.RequestDelete("no", operator(), now())
		}, underWay},
		{"RecordTransferRequested", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.RecordTransferRequested() }, nil},
		{"RecordTransferRefused", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) {
			return o.RecordTransferRefused(errs.New(errs.Precondition, "PAYER_CLOSED", "closed"), now())
		}, nil},
		{"RecordCancelRequested", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.RecordCancelRequested(1) }, nil},
		{"ObserveConnection of another transfer", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) {
			return o.ObserveConnection(order.ConnectionView{TransferID: "trf_2", Start: now()}, now())
		}, nil},
		{"SendLink", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) {
			return o.SendLink("", customer(), linkLife, operator(), now())
		}, draft},
		{"Tick", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.Tick("", now()) }, nil},
		{"ReplaceContact", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.ReplaceContact("per_9", "per_2") }, nil},
		{"RecordChecked", func(_ testing.TB, o *order.Order) ([]fact.Fact, error) { return o.RecordChecked(9) }, nil},
		observe("IN_PROGRESS", nil),
		observe("IN_PROGRESS", &order.Waiting{Owner: order.Customer, Text: text.Said("Accept.", "")}),
		observe("IN_PROGRESS", &order.Waiting{Owner: order.Reseller, Text: text.Said("Send.", "")}),
		observe("WAITING_DECISION", &order.Waiting{Owner: order.Reseller, Text: text.Said("Decide.", "")}),
		observe("COMPLETED", nil), observe("FAILED", nil), observe("CANCELLED", nil),
	}
}

func observe(state string, w *order.Waiting) verb {
	name := "ObserveTransfer " + state
	if w != nil {
		name += " waiting for " + string(w.Owner)
	}
	return verb{name, func(_ testing.TB, o *order.Order) ([]fact.Fact, error) {
		return o.ObserveTransfer(order.TransferView{TransferID: "trf_1", Revision: o.TransferRevision + 1, State: state, Waiting: w}, now())
	}, nil}
}

// TestEveryStateAndVerb goes through all pairs: what a state does not accept is refused and changes nothing, and an end
// is never left.
func TestEveryStateAndVerb(t *testing.T) {
	for _, s := range order.States() {
		for _, v := range verbs() {
			t.Run(string(s)+" "+v.name, func(t *testing.T) {
				o := in(t, s)
				before := dump(t, o)
				facts, err := v.do(t, o)
				if v.accepts != nil && !slices.Contains(v.accepts, s) {
					refused(t, err, order.ReasonStateRefuses)
				} else if err != nil {
					t.Fatalf("refused: %v", err)
				}
				if err != nil || s.Ended() || v.accepts == nil && s == order.Draft {
					if len(facts) > 0 || dump(t, o) != before {
						t.Fatalf("changed without a right: %v\n%s\n%s", names(facts), before, dump(t, o))
					}
				}
			})
		}
	}
}

// TestTransitions are the state changes that the requirement draws, all of them.
func TestTransitions(t *testing.T) {
	type pair struct{ from, to order.State }
	want := map[string][]pair{
		"Delete":                      {{order.Draft, order.Deleted}},
		"Submit":                      {{order.Draft, order.Processing}},
		"RequestFail":                 {{order.Processing, order.Failed}}, // at once: nothing was asked of AccountTransfer
		"RequestDelete":               {{order.Processing, order.Deleted}},
		"RecordTransferRequested":     nil, // a wait is over once the transfer exists; QUERYING here has it already
		"RecordTransferRefused":       {{order.Processing, order.Querying}},
		"ObserveTransfer IN_PROGRESS": {{order.Querying, order.Processing}},
		"ObserveTransfer IN_PROGRESS waiting for CUSTOMER":      {{order.Processing, order.Querying}},
		"ObserveTransfer IN_PROGRESS waiting for RESELLER":      {{order.Querying, order.Processing}},
		"ObserveTransfer WAITING_DECISION waiting for RESELLER": {{order.Processing, order.Querying}},
		"ObserveTransfer COMPLETED":                             {{order.Processing, order.Completed}, {order.Querying, order.Completed}},
		"ObserveTransfer FAILED":                                {{order.Processing, order.Failed}, {order.Querying, order.Failed}},
		"ObserveTransfer CANCELLED":                             {{order.Processing, order.Failed}, {order.Querying, order.Failed}},
	}
	for _, v := range verbs() {
		var got []pair
		for _, s := range order.States() {
			o := in(t, s)
			if _, err := v.do(t, o); err == nil && o.State != s {
				got = append(got, pair{s, o.State})
			}
		}
		if !slices.Equal(got, want[v.name]) {
			t.Errorf("%s: got %v, want %v", v.name, got, want[v.name])
		}
	}
}
