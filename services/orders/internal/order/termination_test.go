package order_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
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

// terminable is an agreement that binds by con_1.
func terminable() order.Terminable {
	return order.Terminable{
		Amended:      order.Amended{AgreementID: "agr_1", CustomerID: "cus_1", SellerID: "sel_1", ProductID: "p", AccountID: "111122223333"},
		ConnectionID: "con_1", Term: inside(),
	}
}

// withdraws is that AccountTransfer carries an attempt out, stuck that it cannot; the revision grows with what has happened.
func withdraws(revision int64, attempt int) order.EndView {
	return order.EndView{Revision: revision, Attempt: attempt, Phase: "WITHDRAWS"}
}

func stuck(revision int64, attempt int) order.EndView {
	return order.EndView{Revision: revision, Attempt: attempt, Phase: "PROBLEM", Problem: "INVALID_END_DATE"}
}

func settled(revision int64) order.EndView {
	return order.EndView{Revision: revision, Attempt: 1, Phase: "SETTLED"}
}

func agree() *order.Waiting {
	return &order.Waiting{Owner: order.Customer, Text: text.Said("Agree.", "")}
}

// leaving is a termination in a phase, brought there by its verbs alone.
func leaving(t testing.TB, p termination.Phase) *order.Order {
	t.Helper()
	o, _ := order.NewTermination("ord_2", terminable(), "We leave.", 72*time.Hour, person(), now())
	switch p {
	case termination.Approved:
		must(t)(order.Review(o, decided(termination.Schedule), inside(), now()))
	case termination.Withdrawing, termination.Ending, termination.Keeping:
		must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
		must(t)(order.RecordWithdrawing(o, withdraws(5, 1), now()))
	case termination.Over:
		must(t)(order.TakeBack(o, person(), "We stay.", now()))
	}
	switch p {
	case termination.Ending:
		must(t)(order.ObserveEnd(o, order.EndView{Revision: 6, Attempt: 1, Phase: "WITHDRAWS", End: month(1)}, now()))
	case termination.Keeping:
		must(t)(order.ObserveEnd(o, stuck(6, 1), now()))
		must(t)(order.TakeBack(o, person(), "We stay.", now()))
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
		"AskProcess":   {func(o *order.Order) ([]fact.Fact, error) { return o.AskProcess(person()) }, []termination.Phase{}},
		"Tick":         {func(o *order.Order) ([]fact.Fact, error) { return o.Tick("", now().Add(73*time.Hour)) }, nil},
		"a late Tick":  {func(o *order.Order) ([]fact.Fact, error) { return o.Tick("", month(4)) }, nil},
		"RecordAnswer": {func(o *order.Order) ([]fact.Fact, error) { return order.RecordWithdrawing(o, withdraws(7, 1), now()) }, nil},
		"RecordWithdrawRefused": {func(o *order.Order) ([]fact.Fact, error) {
			return order.RecordWithdrawRefused(o, errs.New(errs.Precondition, "STATE_REFUSES", "no"), order.EndView{}, now())
		}, nil},
		"RecordWithdrawRefused, AWS was faster": {func(o *order.Order) ([]fact.Fact, error) {
			return order.RecordWithdrawRefused(o, errs.New(errs.Precondition, "STATE_REFUSES", "no"),
				order.EndView{Revision: 9, End: month(1)}, now())
		}, nil},
		"RecordKept":               {func(o *order.Order) ([]fact.Fact, error) { return order.RecordKept(o, settled(8), now()) }, nil},
		"RecordKept, begun anew":   {func(o *order.Order) ([]fact.Fact, error) { return order.RecordKept(o, withdraws(8, 2), now()) }, nil},
		"somebody else withdraws":  seen(order.EndView{Phase: "WITHDRAWS"}),
		"PROBLEM":                  seen(order.EndView{Phase: "PROBLEM", Problem: "no"}),
		"KEEPS":                    seen(order.EndView{Phase: "KEEPS"}),
		"SETTLED":                  seen(order.EndView{Phase: "SETTLED"}),
		"waits for the customer":   seen(order.EndView{Phase: "WITHDRAWS", Waiting: agree()}),
		"an end":                   seen(order.EndView{End: month(2)}),
		"ended":                    seen(order.EndView{End: month(2), Ended: true}),
		"ended, nobody knows when": seen(order.EndView{Ended: true}),
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

// TestWhoTakesBack: an end that Operations has ordered is not the customer's to undo.
func TestWhoTakesBack(t *testing.T) {
	o := leaving(t, termination.Approved)
	o.SubmittedBy = operator()
	_, err := order.TakeBack(o, person(), "We stay.", now())
	if e := refused(t, err, "ROLE_DENIED"); e.Remedy == nil {
		t.Error("nobody is named who can help")
	}
	facts := must(t)(order.TakeBack(o, operator(), "They have paid.", now()))
	for _, f := range facts {
		if f.Audience == fact.Customer && f.Reason != "" {
			t.Errorf("the customer reads why Operations took it back: %v", f)
		}
	}
	if len(facts) != 2 || facts[1].Reason != "They have paid." {
		t.Errorf("it is told by %v", facts)
	}
	facts = must(t)(order.TakeBack(leaving(t, termination.Approved), person(), "We stay.", now()))
	if len(facts) != 1 || facts[0].Reason != "We stay." {
		t.Errorf("the customer's own is told by %v", facts)
	}
}

// TestNobodyDecidesMeanwhile: while AccountTransfer is asked, and has not answered, or carries out what anybody has begun.
func TestNobodyDecidesMeanwhile(t *testing.T) {
	asked := leaving(t, termination.Approved)
	asked.Intents.Begin(order.WithdrawEffect, "1", "int_1")
	begun := leaving(t, termination.Review)
	must(t)(order.ObserveEnd(begun, withdraws(6, 2), now()))
	planned := leaving(t, termination.Approved)
	must(t)(order.ObserveEnd(planned, withdraws(6, 2), now()))
	of := terminable()
	of.Binding = withdraws(6, 2)
	late, _ := order.NewTermination("ord_2", of, "We leave.", 72*time.Hour, person(), now())
	for state, o := range map[string]*order.Order{"asked": asked, "begun": begun, "planned": planned, "opened late": late} {
		for name, decide := range map[string]func() ([]fact.Fact, error){
			"refused":    func() ([]fact.Fact, error) { return order.Review(o, decided(termination.Refuse), inside(), now()) },
			"scheduled":  func() ([]fact.Fact, error) { return order.Review(o, decided(termination.Schedule), inside(), now()) },
			"taken back": func() ([]fact.Fact, error) { return order.TakeBack(o, person(), "We stay.", now()) },
		} {
			t.Run(state+" "+name, func(t *testing.T) {
				before := dump(t, o)
				_, err := decide()
				if e := refused(t, err, order.ReasonStateRefuses); e.Remedy == nil || dump(t, o) != before {
					t.Errorf("%v changed %s", err, dump(t, o))
				}
			})
		}
		if state != "asked" && (o.Termination.Phase != termination.Withdrawing || !o.Termination.EndAt.Equal(month(1))) {
			t.Errorf("%s: it is %s until %s", state, o.Termination.Phase, o.Termination.EndAt)
		}
	}
	must(t)(order.ObserveEnd(begun, stuck(7, 2), now()))
	must(t)(order.TakeBack(begun, person(), "We stay.", now()))
	if w := order.WantsKeep(begun); len(w) != 1 || w[0].Subject != "2" {
		t.Errorf("dropped is %v", w)
	}
}

// TestEveryPhaseAndVerb goes through all pairs: what a phase does not accept is refused and changes nothing, and what is not over waits for
// somebody, of whom Operations is told when it is the suite's or the reseller's turn.
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
				if w := o.Waits(); !over && (w == nil || inOurHands(o) && !w.Escalated && !o.Dates().Equal(w.EscalateAt)) {
					t.Fatalf("nobody is told of it: %s", dump(t, o))
				}
				if len(o.WantsTransfer())+len(o.WantsCancel())+len(o.WantsCheck()) > 0 || o.AccountHeld() != "" {
					t.Fatal("a termination wants a transfer, or holds the account")
				}
			})
		}
	}
}

// inOurHands reports whether the suite or Operations must do something here; AccountTransfer tells of what it has.
func inOurHands(o *order.Order) bool {
	return slices.Contains([]termination.Phase{termination.Review, termination.Approved, termination.Keeping}, o.Termination.Phase)
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
	must(t)(order.ObserveEnd(o, stuck(7, 1), now()))
	problem, _, _ := o.Termination.Problem.Literal()
	if o.Waiting.Owner != order.Reseller || problem != "INVALID_END_DATE" || order.WantsKeep(o) != nil {
		t.Fatalf("returned: %s", dump(t, o))
	}
	must(t)(order.Review(o, decided(termination.Schedule), inside(), now()))
	if order.WantsKeep(o) == nil {
		t.Fatal("the withdrawal stays stuck until the term is over")
	}
	must(t)(order.RecordKept(o, settled(8), now()))
	if order.WantsKeep(o) != nil || order.WantsWithdrawal(o) == nil {
		t.Fatal("it is dropped again, or no withdrawal is wanted")
	}
}

// TestTheAgreementGoesOn only when AccountTransfer has dropped what it could not carry out, and not when somebody has begun that anew.
func TestTheAgreementGoesOn(t *testing.T) {
	o := leaving(t, termination.Keeping)
	if w := order.WantsKeep(o); len(w) != 1 || w[0].Subject != "1" || len(mails(o, "taken-back")) != 0 {
		t.Fatalf("dropped is %v, mailed %v", w, o.Notices())
	}
	facts := must(t)(order.RecordKept(o, settled(7), now()))
	if o.State != order.Failed || o.Failure.Code != order.CodeTerminationTakenBack || order.WantsKeep(o) != nil ||
		len(mails(o, "termination-taken-back")) != 1 || facts[0].Reason != "We stay." {
		t.Fatalf("it is %s", dump(t, o))
	}
	for name, faster := range map[string]order.EndView{
		"begun anew": withdraws(7, 2), "AWS has ended it": {Revision: 7, Attempt: 2, Phase: "WITHDRAWS", End: month(1)},
	} {
		t.Run(name, func(t *testing.T) {
			o := leaving(t, termination.Keeping)
			must(t)(order.RecordKept(o, faster, now()))
			if o.State != order.Processing || len(mails(o, "termination-taken-back")) != 0 || order.WantsKeep(o) != nil {
				t.Errorf("it is %s", dump(t, o))
			}
			must(t)(order.ObserveEnd(o, order.EndView{Revision: 9, Attempt: 2, End: month(1), Ended: true}, now()))
			if o.State != order.Completed {
				t.Errorf("it is %s", dump(t, o))
			}
		})
	}
	dropped := leaving(t, termination.Keeping) // by Operations, in AccountTransfer
	must(t)(order.ObserveEnd(dropped, settled(7), now()))
	if dropped.State != order.Failed {
		t.Errorf("it is %s", dump(t, dropped))
	}
	of := terminable() // Operations has one under way that is none of the order's
	of.Binding = stuck(6, 3)
	other, _ := order.NewTermination("ord_2", of, "We leave.", 72*time.Hour, person(), now())
	must(t)(order.TakeBack(other, person(), "We stay.", now()))
	if order.WantsKeep(other) != nil || other.State != order.Failed {
		t.Errorf("it is %s", dump(t, other))
	}
}

// TestARefusalIsHeldAgainstTheConnection: only when nobody ends that must Operations decide again.
func TestARefusalIsHeldAgainstTheConnection(t *testing.T) {
	no := errs.New(errs.Precondition, "STATE_REFUSES", "no")
	for name, c := range map[string]struct {
		seen order.EndView
		want termination.Phase
	}{
		"nothing ends it":        {order.EndView{Revision: 3}, termination.Review},
		"AWS was faster":         {order.EndView{Revision: 3, End: month(1)}, termination.Ending},
		"somebody has begun":     {withdraws(3, 1), termination.Withdrawing},
		"it has ended":           {order.EndView{Revision: 3, End: month(0), Ended: true}, termination.Over},
		"an older one was stuck": {stuck(3, 1), termination.Review},
	} {
		t.Run(name, func(t *testing.T) {
			o := leaving(t, termination.Review)
			must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
			must(t)(order.RecordWithdrawRefused(o, no, c.seen, now()))
			if o.Termination.Phase != c.want || len(mails(o, "termination-returned")) > 0 != (c.want == termination.Review) {
				t.Errorf("it is %s, with %v", o.Termination.Phase, o.Notices())
			}
		})
	}
}

// TestOverdue: Operations is told when AccountTransfer does not begin, before the month is over, and when it does not drop what is left.
func TestOverdue(t *testing.T) {
	lastSecond := time.Date(2026, time.November, 30, 23, 59, 58, 0, time.UTC)
	o := leaving(t, termination.Review)
	d := decided(termination.GrantException)
	d.DecidedAt = lastSecond
	must(t)(order.Review(o, d, inside(), lastSecond))
	for name, c := range map[string]struct {
		o    *order.Order
		want time.Time
	}{
		"in the last seconds of a month": {o, lastSecond.Add(time.Second)},
		"planned":                        {leaving(t, termination.Approved), month(3).Add(6 * time.Hour)},
		"kept":                           {leaving(t, termination.Keeping), now().Add(6 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			if !c.o.Dates().Equal(c.want) {
				t.Errorf("told is at %s, want %s", c.o.Dates(), c.want)
			}
			if facts := must(t)(c.o.Tick("", c.want.Add(-time.Second))); len(facts) > 0 || c.o.Waiting.Escalated {
				t.Errorf("too early: %v", facts)
			}
			facts := must(t)(c.o.Tick("", c.want))
			if w := c.o.Waiting; len(facts) != 1 || facts[0].Name != order.FactTerminationOverdue || !w.Escalated || w.Owner != order.Reseller ||
				!c.o.Dates().IsZero() || kinds(c.o, intent.Case) != 1 || kinds(c.o, intent.Reminder) != 1 {
				t.Errorf("told is %v, it waits for %v, with %v", facts, w, c.o.Notices())
			}
		})
	}
	must(t)(order.RecordWithdrawing(o, withdraws(5, 1), lastSecond))
	if o.Waiting.Escalated || kinds(o, intent.Case)+kinds(o, intent.Reminder) != 0 {
		t.Errorf("begun, it has %v", o.Notices())
	}
}

// TestTerminationMails: who has ordered the end decides what the customer reads, and Operations reads of a take-back that undoes its
// approval.
func TestTerminationMails(t *testing.T) {
	theirs, _ := order.NewTermination("ord_2", terminable(), "We leave.", time.Hour, person(), now())
	if m := mails(theirs, "termination-received"); len(m) != 1 || m[0].Params["reason"] != "We leave." ||
		m[0].Params["end"] != "2027-03-01T00:00:00Z" || m[0].Params["term_end"] != "2027-03-01T00:00:00Z" {
		t.Errorf("the customer's own is mailed by %v", theirs.Notices())
	}
	ours, facts := order.NewTermination("ord_2", terminable(), "They do not pay.", time.Hour, operator(), now())
	if m := mails(ours, "termination-announced"); len(m) != 1 || m[0].Params["reason"] != "" || len(mails(ours, "termination-received")) != 0 {
		t.Errorf("the reseller's is mailed by %v", ours.Notices())
	}
	if len(facts) != 2 || facts[0].Reason != "" || facts[1].Audience == fact.Customer {
		t.Errorf("the customer reads why: %v", facts)
	}
	for _, f := range must(t)(order.Review(ours, decided(termination.Refuse), inside(), now())) {
		if f.Reason != "" && f.Audience == fact.Customer {
			t.Errorf("the customer reads why Operations refuses its own order: %v", f)
		}
	}
	if len(mails(ours, "termination-refused")) != 0 || len(mails(ours, "termination-taken-back")) != 1 {
		t.Errorf("refused, the reseller's is mailed by %v", ours.Notices())
	}
	for name, c := range map[string]struct {
		phase termination.Phase
		by    call.Actor
		want  int
	}{
		"under review":          {termination.Review, person(), 0},
		"approved":              {termination.Approved, person(), 1},
		"by Operations, itself": {termination.Approved, operator(), 0},
	} {
		o := leaving(t, c.phase)
		must(t)(order.TakeBack(o, c.by, "", now()))
		if m := mails(o, "termination-taken-back-operations"); len(m) != c.want || len(m) > 0 && m[0].To != "OPERATIONS" {
			t.Errorf("%s: Operations reads %v", name, m)
		}
	}
	consent := leaving(t, termination.Withdrawing)
	must(t)(terminationVerbs()["waits for the customer"].do(consent))
	if len(mails(consent, "termination-consent")) != 2 || kinds(consent, intent.Reminder) != 1 {
		t.Errorf("whoever must agree at AWS reads %v", consent.Notices())
	}
	reminder := func() intent.Wish { return mails(consent, "termination-consent")[1] }
	before := reminder()
	must(t)(consent.Tick("", consent.Termination.EndAt.Add(6*time.Hour)))
	if after := reminder(); after.Kind != intent.Reminder || after.Key == before.Key || after.Params["end"] == before.Params["end"] {
		t.Errorf("when the end has passed it is still reminded of %v, as of %v", after, before)
	}
}

// TestALaterEnd: when the month that was approved is over and AWS has not ended anything, both sides are told once of the later one.
func TestALaterEnd(t *testing.T) {
	begun := func(t *testing.T) *order.Order {
		t.Helper()
		o := leaving(t, termination.Review)
		must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
		must(t)(order.RecordWithdrawing(o, withdraws(5, 1), now()))
		return o
	}
	told := func(o *order.Order) int {
		return len(mails(o, "termination-postponed")) + len(mails(o, "termination-postponed-operations"))
	}
	approved := month(1)
	t.Run("the customer agrees in the next month", func(t *testing.T) {
		o := begun(t)
		if !o.Termination.EndAt.Equal(approved) || told(o) != 0 || !o.Dates().Equal(approved.Add(6*time.Hour)) {
			t.Fatalf("it is %+v", o.Termination)
		}
		facts := must(t)(o.Tick("", approved.Add(6*time.Hour)))
		if len(facts) != 1 || facts[0].Name != order.FactTerminationPostponed || !o.Termination.EndAt.Equal(month(2)) || told(o) != 2 {
			t.Fatalf("told is %v, it is %+v", facts, o.Termination)
		}
		if m := mails(o, "termination-postponed")[0]; m.To != "PRIMARY" || m.Params["end"] != "2027-01-01T00:00:00Z" {
			t.Errorf("the customer reads %v", m)
		}
		must(t)(order.ObserveEnd(o, order.EndView{Revision: 9, Attempt: 1, End: month(2)}, approved.AddDate(0, 0, 2)))
		if told(o) != 2 || !o.Termination.EndAt.Equal(month(2)) {
			t.Errorf("dated it is %+v, with %v", o.Termination, o.Notices())
		}
	})
	t.Run("AWS was asked after midnight", func(t *testing.T) {
		o := begun(t)
		must(t)(order.ObserveEnd(o, order.EndView{Revision: 9, Attempt: 1, End: month(2)}, approved))
		if told(o) != 2 {
			t.Errorf("nobody is told: %v", o.Notices())
		}
	})
	t.Run("nothing ran over the scheduled month", func(t *testing.T) {
		o := leaving(t, termination.Review)
		must(t)(order.Review(o, decided(termination.Schedule), inside(), now()))
		promised, late := o.Termination.EndAt, o.Termination.ActAt.AddDate(0, 2, 3)
		must(t)(o.Tick("", late))
		if o.Waiting.Owner != order.Reseller || !o.Waiting.Escalated || told(o) != 0 { // Operations is told that it is not begun
			t.Errorf("not begun it waits %v, with %v", o.Waiting, o.Notices())
		}
		if wants := order.WantsWithdrawal(o); len(wants) != 1 || wants[0].At.After(late) { // nobody has to confirm it again
			t.Errorf("it wants %v", wants)
		}
		must(t)(order.RecordWithdrawing(o, withdraws(5, 1), late))
		must(t)(o.Tick("", late))
		end := calendar.MonthOf(late).Next().Start() // of the month in which AWS is asked
		if m := mails(o, "termination-postponed"); !o.Termination.EndAt.Equal(end) || !end.After(promised) || told(o) != 2 ||
			m[0].Params["promised"] != promised.Format(time.RFC3339) || m[0].Params["end"] != end.Format(time.RFC3339) {
			t.Errorf("begun it ends on %s, told is %v", o.Termination.EndAt, o.Notices())
		}
	})
	t.Run("AWS's word comes a little late", func(t *testing.T) {
		o := begun(t)
		if facts := must(t)(o.Tick("", approved.Add(time.Hour))); len(facts) != 0 {
			t.Errorf("told is %v", facts)
		}
		must(t)(order.ObserveEnd(o, order.EndView{Revision: 9, Attempt: 1, End: approved}, approved.Add(time.Hour)))
		if told(o) != 0 {
			t.Errorf("it ends as approved: %v", o.Notices())
		}
	})
	t.Run("accounts that must leave have no day, and the customer reads what it has to do", func(t *testing.T) {
		of := terminable()
		of.Binding.ByLeaving = true
		o, _ := order.NewTermination("ord_2", of, "We leave.", time.Hour, person(), now())
		must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
		begun := withdraws(5, 1)
		begun.ByLeaving = true
		must(t)(order.RecordWithdrawing(o, begun, now()))
		if !o.Termination.EndAt.IsZero() || !o.Dates().IsZero() || len(mails(o, "termination-approved-accounts")) != 1 ||
			len(mails(o, "termination-approved"))+told(o) != 0 {
			t.Errorf("it is %+v, with %v", o.Termination, o.Notices())
		}
	})
}

// mails are the mails and reminders of a template.
func mails(o *order.Order, template string) []intent.Wish {
	return slices.DeleteFunc(o.Notices(), func(w intent.Wish) bool { return w.Name != template })
}

func kinds(o *order.Order, k intent.Kind) (n int) {
	for _, w := range o.Notices() {
		if w.Kind == k {
			n++
		}
	}
	return n
}

// TestAnswerAfterNews: what was heard of the connection before the answer of our call counts.
func TestAnswerAfterNews(t *testing.T) {
	o := leaving(t, termination.Review)
	must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
	must(t)(order.ObserveEnd(o, stuck(8, 1), now()))
	must(t)(order.RecordWithdrawing(o, withdraws(6, 1), now()))
	if o.Termination.Phase != termination.Review || o.Termination.Problem.IsZero() {
		t.Fatalf("got %s", dump(t, o))
	}
}

// TestEveryFieldOfAnEndIsHeard: whatever alone changes of how a connection ends, or of its wait, is something new.
func TestEveryFieldOfAnEndIsHeard(t *testing.T) {
	fresh := func() order.EndView {
		return order.EndView{Revision: 2, Attempt: 1, End: month(3), Waiting: &order.Waiting{Owner: order.AWS, Until: month(1)}}
	}
	again := fresh()
	again.Revision++
	if !again.Same(fresh()) {
		t.Error("the same again in another revision is something new")
	}
	fields := func(v *order.EndView) []reflect.Value {
		var all []reflect.Value
		for _, of := range []reflect.Value{reflect.ValueOf(v).Elem(), reflect.ValueOf(v.Waiting).Elem()} {
			for i := range of.NumField() {
				if f := of.Type().Field(i); f.Name != "Revision" {
					all = append(all, of.Field(i))
				}
			}
		}
		return all
	}
	for i := range fields(new(fresh())) {
		v := fresh()
		f := fields(&v)[i]
		switch field := f.Addr().Interface().(type) {
		case *string:
			*field += "other"
		case *order.Party:
			*field = order.Customer
		case *bool:
			*field = !*field
		case *int:
			*field++
		case *time.Time:
			*field = field.AddDate(0, 1, 0)
		case *text.Text:
			*field = text.New("wait.other")
		case **order.Waiting:
			*field = nil
		default:
			t.Fatalf("a field is a %s: say how another one looks", f.Type())
		}
		if v.Same(fresh()) {
			t.Errorf("%+v is no news", v)
		}
	}
}

// TestEndsByLeaving: an order that hears only later that a membership ends by leaving promises no day from then on.
func TestEndsByLeaving(t *testing.T) {
	o := leaving(t, termination.Approved)
	must(t)(order.ObserveEnd(o, order.EndView{Revision: o.Binding.Revision + 1, ByLeaving: true}, now()))
	if !o.Binding.ByLeaving || !o.Termination.ByLeaving {
		t.Errorf("it has %+v, %+v", o.Binding, o.Termination)
	}
}

// TestReviewEndsWithTheMonth: Operations is told of a review while the billing can still end with the month, and a month that ends without
// a decision moves the earliest end.
func TestReviewEndsWithTheMonth(t *testing.T) {
	over := terminable()
	over.Term.End = month(-1) // of the minimum term, so that any month can be the last
	late := time.Date(2026, time.November, 29, 0, 0, 0, 0, time.UTC)
	o, _ := order.NewTermination("ord_2", over, "We leave.", 72*time.Hour, person(), late)
	if want := late.Add(24 * time.Hour); !o.Dates().Equal(want) || !o.Waiting.EscalateAt.Equal(want) {
		t.Fatalf("told is at %s", o.Dates())
	}
	must(t)(o.Tick("", late.Add(24*time.Hour)))
	if !o.Waiting.Escalated || !o.Dates().Equal(month(1)) {
		t.Fatalf("it is told at %s: %s", o.Dates(), dump(t, o))
	}
	facts := must(t)(o.Tick("", month(1)))
	if len(facts) != 1 || facts[0].Details["end"] != "2027-01-01T00:00:00Z" || facts[0].Audience != fact.Customer ||
		!o.Termination.Check.Earliest.Equal(month(2)) || !o.Waiting.Escalated || !o.Dates().Equal(month(2)) {
		t.Errorf("told is %v: %s", facts, dump(t, o))
	}
	inside, _ := order.NewTermination("ord_3", terminable(), "We leave.", 72*time.Hour, person(), late)
	if want := late.Add(72 * time.Hour); !inside.Waiting.EscalateAt.Equal(want) {
		t.Errorf("an end that is months away is told at %s", inside.Waiting.EscalateAt)
	}
	if got := leaving(t, termination.Withdrawing); got.Termination.Check.Scheduled.IsZero() {
		t.Error("there is no scheduled end")
	}
}

// TestOverrun: what was taken back, or refused, is ended all the same before AccountTransfer has dropped it. Both sides read that, and the
// order follows the end.
func TestOverrun(t *testing.T) {
	for name, c := range map[string]struct {
		seen  order.EndView
		facts []string
	}{
		"AWS has an end":    {order.EndView{Revision: 9, Attempt: 1, Phase: "WITHDRAWS", End: month(1)}, []string{order.FactTerminationDated}},
		"it has ended":      {order.EndView{Revision: 9, Attempt: 1, Phase: "SETTLED", End: now(), Ended: true}, []string{order.FactCompleted}},
		"it is begun again": {withdraws(9, 2), []string{order.FactTerminationBegun}},
	} {
		t.Run(name, func(t *testing.T) {
			o := leaving(t, termination.Keeping)
			var told []string
			for _, f := range must(t)(order.ObserveEnd(o, c.seen, now())) {
				if told = append(told, f.Name); f.Audience != fact.Customer {
					t.Errorf("the customer does not read %v", f)
				}
			}
			if !slices.Equal(told, append([]string{order.FactTerminationOverrun}, c.facts...)) {
				t.Errorf("told is %v", told)
			}
			for range 2 {
				theirs, ours := mails(o, "termination-overrun"), mails(o, "termination-overrun-operations")
				if len(theirs) != 1 || theirs[0].To != "PRIMARY" || len(ours) != 1 || ours[0].To != "OPERATIONS" ||
					len(mails(o, "termination-approved")) != 0 {
					t.Errorf("they read %v", o.Notices())
				}
				must(t)(order.ObserveEnd(o, order.EndView{Revision: 10, Attempt: 2, End: month(1), Ended: true}, month(1)))
			}
			if o.State != order.Completed {
				t.Errorf("the order is %s", o.State)
			}
		})
	}
	for name, c := range map[string]struct {
		seen order.EndView
	}{
		"somebody drops it":  {settled(10)},
		"it is being undone": {order.EndView{Revision: 10, Attempt: 2, Phase: "KEEPS"}},
	} {
		t.Run("it is begun again, and then "+name, func(t *testing.T) {
			o := leaving(t, termination.Keeping)
			must(t)(order.ObserveEnd(o, withdraws(9, 2), now()))
			must(t)(order.ObserveEnd(o, c.seen, now()))
			if o.Termination.Phase != termination.Over || len(order.WantsKeep(o)) != 0 ||
				len(mails(o, "termination-returned"))+len(mails(o, "termination-overrun")) != 0 {
				t.Fatalf("it is in %s and wants %v", o.Termination.Phase, o.Notices())
			}
			if o.State != order.Failed || o.Failure.Code != order.CodeTerminationTakenBack || len(mails(o, "termination-taken-back")) != 1 {
				t.Errorf("the order is %s: %+v, they read %v", o.State, o.Failure, o.Notices())
			}
		})
	}
	dropped := leaving(t, termination.Keeping)
	must(t)(order.ObserveEnd(dropped, settled(9), now()))
	if len(mails(dropped, "termination-overrun")) != 0 || len(mails(dropped, "termination-taken-back")) != 1 {
		t.Errorf("dropped, they read %v", dropped.Notices())
	}
}

// overrunRefused is a termination that was taken back, that somebody has begun again, and that AWS refuses to carry out.
func overrunRefused(t *testing.T) *order.Order {
	t.Helper()
	o := leaving(t, termination.Keeping)
	must(t)(order.ObserveEnd(o, withdraws(9, 2), now()))
	must(t)(order.ObserveEnd(o, stuck(10, 2), now()))
	return o
}

// TestOverrunRefused: both sides have read that the agreement ends after all. When AWS refuses that, the customer reads so, and Operations
// is told at once and decides; when nobody does, what was decided before stands.
func TestOverrunRefused(t *testing.T) {
	o := overrunRefused(t)
	until := now().Add(72 * time.Hour)
	if w := o.Waiting; o.Termination.Phase != termination.Keeping || w.Owner != order.Reseller || !w.Escalated || !w.Until.Equal(until) ||
		order.Todo(o) != w || !o.Dates().Equal(until) || len(order.WantsKeep(o)) != 0 {
		t.Fatalf("it waits for %+v until %s, and wants %v", w, o.Dates(), order.WantsKeep(o))
	}
	if m := mails(o, "termination-overrun-refused"); len(m) != 1 || m[0].To != "PRIMARY" ||
		m[0].Params["until"] != until.Format(time.RFC3339) || kinds(o, intent.Case) != 1 || kinds(o, intent.Reminder) != 1 ||
		len(mails(o, "termination-overrun"))+len(mails(o, "termination-taken-back")) != 0 {
		t.Errorf("they read %v", o.Notices())
	}
	goesOn := func(t *testing.T, o *order.Order) {
		t.Helper()
		if w := order.WantsKeep(o); len(w) != 1 || w[0].Subject != "2" || kinds(o, intent.Case) != 0 || !o.Termination.KeepAt.IsZero() ||
			o.Waiting.Owner != order.Platform || !o.Dates().Equal(o.Waiting.EscalateAt) {
			t.Fatalf("decided, it wants %v, with %v", w, o.Notices())
		}
		must(t)(order.RecordKept(o, order.EndView{Revision: 11, Attempt: 2, Phase: "SETTLED"}, now()))
		if o.State != order.Failed || o.Failure.Code != order.CodeTerminationTakenBack || len(mails(o, "termination-taken-back")) != 1 {
			t.Errorf("the order is %s: %+v, they read %v", o.State, o.Failure, o.Notices())
		}
	}
	t.Run("nobody decides", func(t *testing.T) {
		o := overrunRefused(t)
		if facts := must(t)(o.Tick("", until.Add(-time.Second))); len(facts) != 0 {
			t.Fatalf("too early: %v", facts)
		}
		must(t)(o.Tick("", until))
		goesOn(t, o)
	})
	t.Run("Operations says that it goes on", func(t *testing.T) {
		o := overrunRefused(t)
		must(t)(order.Review(o, decided(termination.Refuse), inside(), now()))
		goesOn(t, o)
	})
	t.Run("it is taken back again", func(t *testing.T) {
		o := overrunRefused(t)
		must(t)(order.TakeBack(o, operator(), "They stay.", now()))
		goesOn(t, o)
	})
	t.Run("Operations says that it ends", func(t *testing.T) {
		o := overrunRefused(t)
		must(t)(order.Review(o, decided(termination.GrantException), inside(), now()))
		if w := order.WantsWithdrawal(o); len(w) != 1 || w[0].Subject != "2" || len(mails(o, "termination-approved")) != 1 ||
			kinds(o, intent.Case) != 0 {
			t.Fatalf("it wants %v, with %v", w, o.Notices())
		}
		must(t)(order.RecordWithdrawing(o, withdraws(11, 3), now()))
		must(t)(order.ObserveEnd(o, order.EndView{Revision: 12, Attempt: 3, End: month(1), Ended: true}, month(1)))
		if o.State != order.Completed || o.Termination.FinalInvoice().IsZero() {
			t.Errorf("the order is %s, its last invoice in %s", o.State, o.Termination.FinalInvoice())
		}
	})
	t.Run("somebody begins it once more, or drops it, in AccountTransfer", func(t *testing.T) {
		o := overrunRefused(t)
		must(t)(order.ObserveEnd(o, withdraws(11, 3), now()))
		if o.Termination.Phase != termination.Withdrawing || len(mails(o, "termination-overrun")) != 1 || kinds(o, intent.Case) != 0 {
			t.Errorf("it is in %s, with %v", o.Termination.Phase, o.Notices())
		}
		dropped := overrunRefused(t)
		must(t)(order.ObserveEnd(dropped, order.EndView{Revision: 11, Attempt: 2, Phase: "SETTLED"}, now()))
		if dropped.State != order.Failed || len(mails(dropped, "termination-taken-back")) != 1 {
			t.Errorf("the order is %s, they read %v", dropped.State, dropped.Notices())
		}
	})
}

// TestReturnedTwice: each time that what was approved could not be carried out, the customer reads so.
func TestReturnedTwice(t *testing.T) {
	o := leaving(t, termination.Withdrawing)
	keys := map[string]bool{}
	for attempt := range 2 {
		revision := int64(20 + 2*attempt)
		must(t)(order.ObserveEnd(o, withdraws(revision, 2+attempt), now()))
		must(t)(order.ObserveEnd(o, order.EndView{Revision: revision + 1, Attempt: 2 + attempt, Phase: "PROBLEM", Problem: "No."}, now()))
		told := mails(o, "termination-returned")
		if len(told) != 1 || o.Termination.Phase != termination.Review {
			t.Fatalf("it is in %s and wants %v", o.Termination.Phase, o.Notices())
		}
		keys[told[0].Key] = true
	}
	if len(keys) != 2 {
		t.Errorf("the mails are %v", keys)
	}
}
