package order_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/order"
)

// start is when the billing transfer of the tests begins to be billed.
func start() time.Time { return time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC) }

func legacy() order.Replaceable {
	return order.Replaceable{
		AgreementID: "agr_9", CustomerID: "cus_1", AccountID: "111122223333", ConnectionID: "con_9", Legacy: true, InForce: true,
	}
}

// replacing is a submitted order in a state, which replaces an agreement.
func replacing(t testing.TB, s order.State) *order.Order {
	t.Helper()
	o := draft(t)
	if err := order.Replace(o, legacy(), operator()); err != nil {
		t.Fatal(err)
	}
	of := o.Replaces
	o = in(t, s)
	o.Replaces = of
	return o
}

// sees has the order hear of its connection.
func sees(t testing.TB, o *order.Order, v order.ConnectionView) {
	t.Helper()
	v.TransferID = o.TransferID
	must(t)(o.ObserveConnection(v, now()))
}

// supersedes returns when AccountTransfer is told; zero: it is not.
func supersedes(t testing.TB, o *order.Order) time.Time {
	t.Helper()
	switch wants := order.WantsSupersede(o); {
	case len(wants) == 1:
		return wants[0].At
	case len(wants) > 1:
		t.Errorf("it wants %v", wants)
	}
	return time.Time{}
}

// TestSupersedeIsWanted: what AWS has billed for a time took the place of the replaced agreement, whatever became of order and billing.
func TestSupersedeIsWanted(t *testing.T) {
	before := order.ConnectionView{Start: start(), End: start(), Ended: true}
	billed := order.ConnectionView{Start: start(), End: start().AddDate(0, 1, 0), Ended: true}
	for name, tt := range map[string]struct {
		in   order.State
		seen order.ConnectionView
		want time.Time
	}{
		"nothing binds yet":                        {order.Querying, order.ConnectionView{}, time.Time{}},
		"it is to begin":                           {order.Completed, order.ConnectionView{Start: start()}, start()},
		"it is to begin, of an order that failed":  {order.Failed, order.ConnectionView{Start: start()}, start()},
		"it ended before it began":                 {order.Completed, before, time.Time{}},
		"it ended, and AWS said no end":            {order.Completed, order.ConnectionView{Start: start(), Ended: true}, time.Time{}},
		"it ended after a month":                   {order.Completed, billed, start()},
		"a failed order's ended after a month":     {order.Failed, billed, start()},
		"a failed order's has ended before it did": {order.Failed, before, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			o := replacing(t, tt.in)
			sees(t, o, tt.seen)
			if got := supersedes(t, o); !got.Equal(tt.want) {
				t.Errorf("told at %s, want %s", got, tt.want)
			}
			if nothing := order.ComesToNothing(o); nothing != (tt.want.IsZero() && o.State.Ended()) {
				t.Errorf("it comes to nothing: %t", nothing)
			}
		})
	}
}

// TestSupersedeRefused: who refuses for a moment is asked again, and is Operations' when it goes on.
func TestSupersedeRefused(t *testing.T) {
	o := replacing(t, order.Completed)
	sees(t, o, order.ConnectionView{Start: start()})
	at := start()
	for n := 1; n <= 4; n++ {
		facts := must(t)(order.RecordSupersedeRefused(o, "not yet", at))
		again := supersedes(t, o)
		if again.Sub(at) < 15*time.Minute || again.Sub(at) > 12*time.Hour {
			t.Fatalf("after refusal %d it is asked again in %s", n, again.Sub(at))
		}
		w := o.Waits()
		if told := w != nil && w.Owner == order.Reseller && w.Escalated; told != (n >= 3) || (len(facts) == 1) != (n == 3) {
			t.Errorf("after refusal %d it waits for %+v, told %v", n, w, facts)
		}
		if has := hasCase(o); has != (n >= 3) {
			t.Errorf("after refusal %d there is a case: %t", n, has)
		}
		at = again
	}
	must(t)(order.RecordSuperseded(o, at))
	if o.Waits() != nil || hasCase(o) || !supersedes(t, o).IsZero() {
		t.Errorf("done, it waits for %+v", o.Waits())
	}
}

// TestSupersedeRefusedUnderWay: nobody else's wait hides it.
func TestSupersedeRefusedUnderWay(t *testing.T) {
	o := replacing(t, order.Querying)
	sees(t, o, order.ConnectionView{Start: start()})
	for range 3 {
		must(t)(order.RecordSupersedeRefused(o, "never", start()))
	}
	if w := o.Waits(); w.Owner != order.Reseller || !hasCase(o) {
		t.Errorf("it waits for %+v", w)
	}
	must(t)(order.RecordReplacedOver(o, start()))
	if w := o.Waits(); w.Owner != order.Customer || hasCase(o) {
		t.Errorf("over, it waits for %+v", w)
	}
}

// TestBilledBeside: an agreement that is over without having been ended, after the order was billed, is a case, and not forgotten.
func TestBilledBeside(t *testing.T) {
	for name, tt := range map[string]struct {
		end  time.Time
		told bool
		want bool
	}{
		"it ended with the start":              {start(), false, false},
		"it ended a month after":               {start().AddDate(0, 1, 0), false, true},
		"it ended a month after, and was told": {start().AddDate(0, 1, 0), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := replacing(t, order.Completed)
			sees(t, o, order.ConnectionView{Start: start()})
			if tt.told {
				must(t)(order.RecordSuperseded(o, start()))
			}
			order.ObserveReplacedEnd(o, tt.end)
			must(t)(order.RecordReplacedOver(o, tt.end))
			has := false
			for _, w := range o.Notices() {
				has = has || w.Key == "case/billed-beside"
			}
			if has != tt.want || !supersedes(t, o).IsZero() {
				t.Errorf("there is a case: %t", has)
			}
		})
	}
}

// TestReplaceIsOperations: nobody else moves an agreement.
func TestReplaceIsOperations(t *testing.T) {
	for _, by := range []call.Actor{person(), {Subject: "pa-1", Role: "PARTNER"}} {
		refused(t, order.Replace(draft(t), legacy(), by), order.ReasonRoleDenied)
	}
}

// TestReplaceable: whatever keeps an agreement from being replaced has a remedy that helps.
func TestReplaceable(t *testing.T) {
	for name, tt := range map[string]struct {
		change         func(*order.Replaceable)
		reason, remedy string
	}{
		"in force, or ending": {func(*order.Replaceable) {}, "", ""},
		"not in force yet":    {func(r *order.Replaceable) { r.InForce = false }, order.ReasonStateRefuses, "remedy.complete_order"},
		"over": {
			func(r *order.Replaceable) { r.InForce, r.Over = false, true }, order.ReasonStateRefuses, "remedy.order_without_replacement",
		},
		"to be terminated": {
			func(r *order.Replaceable) { r.TerminationOrderID = "ord_7" }, order.ReasonTerminationOpen, "remedy.open_termination",
		},
		"replaced already": {
			func(r *order.Replaceable) { r.ReplacementOrderID = "ord_7" }, order.ReasonReplacementOpen, "remedy.end_other_order",
		},
		"to be changed":      {func(r *order.Replaceable) { r.ChangeOrderID = "ord_7" }, order.ReasonChangeOpen, "remedy.open_change"},
		"of the new product": {func(r *order.Replaceable) { r.Legacy = false }, order.ReasonAgreementNotLegacy, "remedy.replace_legacy"},
	} {
		t.Run(name, func(t *testing.T) {
			of := legacy()
			tt.change(&of)
			err := order.Replace(draft(t), of, operator())
			if tt.reason == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := refused(t, err, tt.reason); e.Remedy == nil || e.Remedy.Text.Key != tt.remedy {
				t.Errorf("the remedy is %+v", e.Remedy)
			}
		})
	}
}

// TestStartAfterEnd: no month is chosen that begins after the agreement has ended which the order replaces.
func TestStartAfterEnd(t *testing.T) {
	december := time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		end    time.Time
		chosen time.Time
		remedy string // empty: it is let through
	}{
		"the agreement does not end":             {time.Time{}, start(), ""},
		"it ends with the start":                 {start(), start(), ""},
		"it ends after it":                       {start().AddDate(0, 1, 0), start(), ""},
		"it ends before, and none was chosen":    {december, time.Time{}, ""},
		"it ends before, when it could be taken": {december, start(), "remedy.choose_start_of_end"},
		"it ends before, when nothing can begin": {december.AddDate(0, -1, 0), start(), "remedy.leave_start_open"},
	} {
		t.Run(name, func(t *testing.T) {
			o, s, of := draft(t), submission(t), legacy()
			if err := order.Replace(o, of, operator()); err != nil {
				t.Fatal(err)
			}
			of.EndsAt, o.StartAt = tt.end, tt.chosen
			s.Replaces = of
			_, err := o.Submit(s, now())
			if tt.remedy == "" {
				if err != nil || !o.Replaces.EndsAt.Equal(tt.end) {
					t.Errorf("got %v, and it knows %s", err, o.Replaces.EndsAt)
				}
				return
			}
			if e := refused(t, err, order.ReasonStartAfterEnd); e.Remedy.Text.Key != tt.remedy || e.Meta["end_time"] == "" {
				t.Errorf("refused with %+v", e)
			}
		})
	}
}

// TestGapIsTold: when the start slips past the end of what the order replaces, both sides hear from when to when AWS bills the customer
// itself, and again when it slips further.
func TestGapIsTold(t *testing.T) {
	gaps := func(o *order.Order) (kinds []string) {
		for _, w := range o.Notices() {
			if w.Name == "order-gap" || w.Key == "case/gap@"+start().Format(time.RFC3339) {
				kinds = append(kinds, string(w.Kind)+" "+w.Params["start"])
			}
		}
		return kinds
	}
	o := replacing(t, order.Querying)
	sees(t, o, order.ConnectionView{Proposed: order.Preview{Start: start()}})
	if order.ObserveReplacedEnd(o, start()) != nil || len(gaps(o)) != 0 {
		t.Errorf("it begins where it ends, and wishes for %v", gaps(o))
	}
	if facts := order.ObserveReplacedEnd(o, start().AddDate(0, -1, 0)); len(facts) != 1 || len(gaps(o)) != 2 {
		t.Fatalf("told %v, it wishes for %v", facts, gaps(o))
	}
	must(t)(order.RecordReplacedOver(o, start().AddDate(0, -1, 0)))
	later := start().AddDate(0, 1, 0)
	sees(t, o, order.ConnectionView{Proposed: order.Preview{Start: later}})
	if got := gaps(o); len(got) != 1 || got[0] != "MAIL "+later.Format(time.RFC3339) {
		t.Errorf("over, and a month later, it wishes for %v", got)
	}
	o.State = order.Failed
	if got := gaps(o); len(got) != 0 {
		t.Errorf("failed, it wishes for %v", got)
	}
}

func hasCase(o *order.Order) bool {
	for _, w := range o.Notices() {
		if w.Kind == intent.Case && w.Key == "case/supersede-refused" {
			return true
		}
	}
	return false
}
