package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

// month is the first instant of a month, counted from that of now.
func month(n int) time.Time {
	return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
}

func inside() termination.Term { return termination.Term{Start: month(-8), End: month(4)} }

func decided(o termination.Outcome) termination.Decision {
	return termination.Decision{Outcome: o, Reason: "Because.", DecidedBy: operator(), DecidedAt: now()}
}

// leaving is a termination in a phase, brought there by its verbs alone.
func leaving(t testing.TB, p termination.Phase) *order.Order {
	t.Helper()
	o, _ := order.NewTermination("ord_2", order.Terminable{
		AgreementID: "agr_1", CustomerID: "cus_1", SellerID: "sel_1", ProductID: "p", AccountID: "111122223333",
		ConnectionID: "con_1", Term: inside(),
	}, "We leave.", 72*time.Hour, person(), now())
	switch p {
	case termination.Approved:
		must(t)(order.Review(o, decided(termination.Schedule), inside(), now()))
	case termination.Withdrawing, termination.Ending:
		must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
		must(t)(order.RecordWithdrawing(o, order.EndView{Revision: 5, Attempt: 1, Phase: "WITHDRAWS"}, now()))
	case termination.Over:
		must(t)(order.TakeBack(o, person(), "We stay.", now()))
	}
	if p == termination.Ending {
		must(t)(order.ObserveEnd(o, order.EndView{Revision: 6, Attempt: 1, Phase: "WITHDRAWS", End: month(1)}, now()))
	}
	if o.Termination.Phase != p {
		t.Fatalf("wanted a termination in %s, got %s", p, o.Termination.Phase)
	}
	return o
}

// terminationVerbs are all that can happen to a termination, with the phases that accept it; nil: observations, which never refuse.
func terminationVerbs() map[string]struct {
	do      func(*order.Order) ([]fact.Fact, error)
	accepts []termination.Phase
} {
	type verb = struct {
		do      func(*order.Order) ([]fact.Fact, error)
		accepts []termination.Phase
	}
	open := []termination.Phase{termination.Review, termination.Approved}
	seen := func(v order.EndView) verb {
		v.Revision, v.Attempt = 9, 1
		return verb{func(o *order.Order) ([]fact.Fact, error) { return order.ObserveEnd(o, v, now()) }, nil}
	}
	all := map[string]verb{
		"TakeBack": {func(o *order.Order) ([]fact.Fact, error) { return order.TakeBack(o, person(), "", now()) }, open},
		"RequestFail": {func(o *order.Order) ([]fact.Fact, error) {
			return o.RequestFail("no", operator(), now())
		}, []termination.Phase{}},
		"AskProcess": {func(o *order.Order) ([]fact.Fact, error) { return o.AskProcess(person()) }, []termination.Phase{}},
		"Tick":       {func(o *order.Order) ([]fact.Fact, error) { return o.Tick("", now().Add(73*time.Hour)) }, nil},
		"RecordWithdrawRefused": {func(o *order.Order) ([]fact.Fact, error) {
			return order.RecordWithdrawRefused(o, errs.New(errs.Precondition, "STATE_REFUSES", "no"), now())
		}, nil},
		"RecordKept": {order.RecordKept, nil},
		"PROBLEM":    seen(order.EndView{Phase: "PROBLEM", Problem: "INVALID_END_DATE"}), "SETTLED": seen(order.EndView{Phase: "SETTLED"}),
		"CUSTOMER": seen(order.EndView{Phase: "WITHDRAWS", Waiting: &order.Waiting{Owner: order.Customer, Text: text.Said("Agree.", "")}}),
		"an end":   seen(order.EndView{End: month(2)}), "ended": seen(order.EndView{End: month(2), Ended: true}),
	}
	for _, outcome := range termination.Outcomes() {
		if outcome != termination.ApproveNow {
			all["Review "+string(outcome)] = verb{func(o *order.Order) ([]fact.Fact, error) {
				return order.Review(o, decided(outcome), inside(), now())
			}, open}
		}
	}
	return all
}

// TestWhoTakesBack: an end that Operations has ordered is not the customer's to undo, and one that is being carried out is nobody's.
func TestWhoTakesBack(t *testing.T) {
	o := leaving(t, termination.Approved)
	o.SubmittedBy = operator()
	if _, err := order.TakeBack(o, person(), "We stay.", now()); errs.ReasonOf(err) != "ROLE_DENIED" {
		t.Error(err)
	}
	must(t)(order.TakeBack(o, operator(), "They have paid.", now()))

	begun := leaving(t, termination.Review)
	must(t)(order.ObserveEnd(begun, order.EndView{Revision: 6, Attempt: 2, Phase: "WITHDRAWS"}, now()))
	for name, decide := range map[string]func() ([]fact.Fact, error){
		"refused":    func() ([]fact.Fact, error) { return order.Review(begun, decided(termination.Refuse), inside(), now()) },
		"taken back": func() ([]fact.Fact, error) { return order.TakeBack(begun, person(), "We stay.", now()) },
	} {
		if _, err := decide(); errs.ReasonOf(err) != "STATE_REFUSES" {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t)(order.ObserveEnd(begun, order.EndView{Revision: 7, Attempt: 2, Phase: "PROBLEM", Problem: "AWS refuses."}, now()))
	must(t)(order.TakeBack(begun, person(), "We stay.", now()))
}

// TestEveryPhaseAndVerb goes through all pairs: what a phase does not accept is refused and changes nothing, and what is not over waits for
// somebody or wants something.
func TestEveryPhaseAndVerb(t *testing.T) {
	for _, p := range termination.Phases() {
		for name, v := range terminationVerbs() {
			t.Run(string(p)+" "+name, func(t *testing.T) {
				o := leaving(t, p)
				before := dump(t, o)
				_, err := v.do(o)
				if refuses := v.accepts != nil && !slices.Contains(v.accepts, p); refuses != (err != nil) || refuses && dump(t, o) != before {
					t.Fatalf("refused: %v\n%s\n%s", err, before, dump(t, o))
				}
				over := o.Termination.Phase == termination.Over
				if over != o.State.Ended() || over != !o.EndedAt.IsZero() {
					t.Fatalf("the order is %s in phase %s", o.State, o.Termination.Phase)
				}
				if !over && o.Waits() == nil && order.WantsWithdrawal(o) == nil {
					t.Fatalf("nobody works on it: %s", dump(t, o))
				}
				if len(o.WantsTransfer())+len(o.WantsCancel())+len(o.WantsCheck()) > 0 || o.AccountHeld() != "" {
					t.Fatal("a termination wants a transfer, or holds the account")
				}
			})
		}
	}
}

// TestWhatIsAskedOfAccountTransfer: a withdrawal when its time has come, and that one dropped which could not be carried out.
func TestWhatIsAskedOfAccountTransfer(t *testing.T) {
	o := leaving(t, termination.Approved)
	if w := order.WantsWithdrawal(o); len(w) != 1 || !w[0].At.Equal(month(3)) {
		t.Fatalf("wanted is %v", w)
	}
	o = leaving(t, termination.Withdrawing)
	if order.WantsWithdrawal(o) != nil || order.WantsKeep(o) != nil {
		t.Fatal("it is asked for again")
	}
	must(t)(order.ObserveEnd(o, order.EndView{Revision: 7, Attempt: 1, Phase: "PROBLEM", Problem: "INVALID_END_DATE"}, now()))
	problem, _, _ := o.Termination.Problem.Literal()
	if o.Waiting.Owner != order.Reseller || problem != "INVALID_END_DATE" || order.WantsKeep(o) != nil {
		t.Fatalf("returned: %s", dump(t, o))
	}
	must(t)(order.Review(o, decided(termination.Refuse), inside(), now()))
	if order.WantsKeep(o) == nil {
		t.Fatal("the withdrawal stays stuck")
	}
	must(t)(order.RecordKept(o))
	if order.WantsKeep(o) != nil {
		t.Fatal("it is dropped again")
	}
}

// TestAnswerAfterNews: what was heard of the connection before the answer of our call counts.
func TestAnswerAfterNews(t *testing.T) {
	o := leaving(t, termination.Review)
	must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
	must(t)(order.ObserveEnd(o, order.EndView{Revision: 8, Attempt: 1, Phase: "PROBLEM", Problem: "no"}, now()))
	must(t)(order.RecordWithdrawing(o, order.EndView{Revision: 6, Attempt: 1, Phase: "WITHDRAWS"}, now()))
	if o.Termination.Phase != termination.Review || o.Termination.Problem.IsZero() {
		t.Fatalf("got %s", dump(t, o))
	}
}
