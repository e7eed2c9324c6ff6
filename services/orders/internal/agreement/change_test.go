package agreement_test

import (
	"fmt"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// asks has Operations order a change of an agreement at an instant.
func asks(t *testing.T, a *agreement.Agreement, at time.Time, orderID string, asked change.Asked) *order.Order {
	t.Helper()
	of, err := a.Changes(asked.Kind, party.Seller{CurrencyCode: "EUR", FurtherCurrencyCodes: []string{"USD"}}, people())
	if err != nil {
		t.Fatal(err)
	}
	by := call.Actor{Subject: "op-1", Role: "OPERATOR"}
	o, _, err := order.NewChange(orderID, of, asked, order.Patience{Review: time.Hour, Lapse: 2 * time.Hour}, by, at)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// people is the customer of the agreement.
func people() party.Customer {
	return party.Customer{ID: "cus_1", Contacts: []party.Contact{
		{PersonID: "per_1", Roles: []party.ContactRole{party.Primary, party.Technical, party.Billing}},
		{PersonID: "per_2", Roles: []party.ContactRole{party.Billing}},
		{PersonID: "per_3", Erased: true},
	}}
}

// accepts has Operations accept it, as of this instant.
func accepts(t *testing.T, a *agreement.Agreement, o *order.Order, at time.Time) {
	t.Helper()
	held := a.Held(party.Seller{CurrencyCode: "EUR", FurtherCurrencyCodes: []string{"USD"}}, people())
	d := change.Decision{Outcome: change.Accept, DecidedAt: at}
	if _, err := order.ReviewChange(o, d, calendar.MonthOf(at), held, at); err != nil {
		t.Fatal(err)
	}
}

// binds is an agreement in force whose connection binds.
func binds(t *testing.T) *agreement.Agreement {
	t.Helper()
	a := in(t, agreement.Active)
	a.Connection.ID = "con_1"
	return a
}

// TestChangesOfTerms: each change holds from its month on, and what was before stays in the history.
func TestChangesOfTerms(t *testing.T) {
	a := binds(t)
	first := asks(t, a, now(), "ord_2", change.Asked{Kind: change.Currency, CurrencyCode: "USD"})
	if _, err := a.OpenChange(first, now()); err != nil || a.ChangeOrderID != "ord_2" || len(a.TermsHistory) != 0 {
		t.Fatalf("opened is %v, %v", a, err)
	}
	accepts(t, a, first, now())
	if facts := a.Follow(first, now()); len(facts) != 1 || facts[0].Name != agreement.FactChanged {
		t.Fatalf("told is %v", facts)
	}
	if again := a.Follow(first, now()); len(again) != 0 {
		t.Errorf("the same again tells %v", again)
	}
	later := now().AddDate(0, 2, 0)
	second := asks(t, a, now(), "ord_3", change.Asked{Kind: change.SupportOption, SupportOption: "RESOLD"})
	if _, err := a.OpenChange(second, now()); err != nil {
		t.Fatal(err)
	}
	accepts(t, a, second, later)
	a.Follow(second, later)
	off := asks(t, a, later, "ord_4", change.Asked{Kind: change.Discount, DiscountPercent: "5", From: calendar.MonthOf(later)})
	if facts, err := a.OpenChange(off, later); err != nil || a.ChangeOrderID != "" || len(facts) != 2 {
		t.Fatalf("a discount of this month leaves %v open, told %v, %v", a.ChangeOrderID, facts, err)
	}
	want := "[{{PARTNER_LED EUR }  ord_1} {{PARTNER_LED USD } 2026-02 ord_2} {{RESOLD USD } 2026-04 ord_3} {{RESOLD USD 5} 2026-04 ord_4}]"
	if got := fmt.Sprint(a.TermsHistory); got != want || a.SupportOption != "RESOLD" || a.CurrencyCode != "USD" || a.DiscountPercent != "5" {
		t.Errorf("the history is %s, the terms %v", got, a.Ordered)
	}
}

// TestOneOrderAtATime: an agreement that is ended, replaced or changed takes no other order, and one that is not in force none.
func TestOneOrderAtATime(t *testing.T) {
	o := asks(t, binds(t), now(), "ord_2", change.Asked{Kind: change.Currency, CurrencyCode: "USD"})
	for name, tt := range map[string]struct {
		set    func(*agreement.Agreement)
		reason string
	}{
		"a termination": {func(a *agreement.Agreement) { a.TerminationOrderID = "ord_9" }, "TERMINATION_OPEN"},
		"a change":      {func(a *agreement.Agreement) { a.ChangeOrderID = "ord_9" }, "CHANGE_OPEN"},
		"a replacement": {func(a *agreement.Agreement) { a.ReplacementOrderID = "ord_9" }, "REPLACEMENT_OPEN"},
		"an end":        {func(a *agreement.Agreement) { a.Connection.End = now() }, "STATE_REFUSES"},
		"nothing binds": {func(a *agreement.Agreement) { a.Connection.ID = "" }, "STATE_REFUSES"},
	} {
		a := binds(t)
		tt.set(a)
		before := dump(t, a)
		_, err := a.OpenChange(o, now())
		_, ends := a.OpenTermination(&order.Order{ID: "ord_3", Type: order.Termination})
		if errs.ReasonOf(err) != tt.reason || errs.ReasonOf(ends) != tt.reason || dump(t, a) != before {
			t.Errorf("%s: %v, %v", name, err, ends)
		}
	}
	for _, s := range agreement.States() {
		if _, err := in(t, s).OpenChange(o, now()); s != agreement.Active && errs.ReasonOf(err) != "STATE_REFUSES" {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// TestChangeOfOperations stands in the way of another change, but of no end: the customer could not take it back.
func TestChangeOfOperations(t *testing.T) {
	a := binds(t)
	from := calendar.MonthOf(now()).AddMonths(11)
	o := asks(t, a, now(), "ord_2", change.Asked{Kind: change.Discount, DiscountPercent: "5", From: from})
	if _, err := a.OpenChange(o, now()); err != nil || a.ChangeOrderID != "ord_2" {
		t.Fatalf("opened is %q, %v", a.ChangeOrderID, err)
	}
	if _, err := a.Changes(change.Currency, party.Seller{}, people()); errs.ReasonOf(err) != "CHANGE_OPEN" {
		t.Errorf("another change beside it: %v", err)
	}
	if of := a.Replaces(); of.ChangeOrderID != "ord_2" || !of.ChangeByReseller {
		t.Errorf("an order that replaces it sees %v", of)
	}
	if _, err := a.OpenTermination(&order.Order{ID: "ord_3", Type: order.Termination}); err != nil || a.TerminationOrderID != "ord_3" {
		t.Errorf("the end is refused: %v", err)
	}
	if _, err := order.ObserveAgreementEnd(o, from.Start(), false, now()); err != nil {
		t.Fatal(err)
	}
	a.Follow(o, now())
	if a.ChangeOrderID != "" || a.ChangeByReseller || a.DiscountPercent != "" {
		t.Errorf("the agreement is %v", a)
	}
}

// TestNothingComesOfIt: an order that failed is forgotten, and the terms are as they were.
func TestNothingComesOfIt(t *testing.T) {
	a := binds(t)
	o := asks(t, a, now(), "ord_2", change.Asked{Kind: change.Currency, CurrencyCode: "USD"})
	if _, err := a.OpenChange(o, now()); err != nil {
		t.Fatal(err)
	}
	usd, seller := "USD", party.Seller{CurrencyCode: "EUR", FurtherCurrencyCodes: []string{"USD"}}
	if _, err := a.Revise(agreement.Edit{CurrencyCode: &usd}, seller, now()); errs.ReasonOf(err) != "CHANGE_OPEN" {
		t.Errorf("the currency is changed beside it: %v", err)
	}
	if _, err := order.TakeBackChange(o, call.Actor{Role: "OPERATOR"}, "", now()); err != nil {
		t.Fatal(err)
	}
	a.Follow(o, now())
	if a.ChangeOrderID != "" || a.CurrencyCode != "EUR" || len(a.TermsHistory) != 0 {
		t.Errorf("the agreement is %v", a)
	}
}

// TestTermsAreKnownBeforeTheirMonth: accepted terms are dated at once, so that whoever bills needs nobody at the start of the month; the
// agreement is shown on them with their month, and what is taken back before is forgotten.
func TestTermsAreKnownBeforeTheirMonth(t *testing.T) {
	a, from := binds(t), calendar.MonthOf(now()).AddMonths(2)
	ahead := func(orderID string) *order.Order {
		o := asks(t, a, now(), orderID, change.Asked{Kind: change.Discount, DiscountPercent: "5", From: from})
		if facts, err := a.OpenChange(o, now()); err != nil || len(facts) != 2 || a.DiscountPercent != "" || a.ChangeOrderID != orderID {
			t.Fatalf("accepted, the agreement is %v, told %v, %v", a, facts, err)
		}
		want := fmt.Sprintf("[{{PARTNER_LED EUR }  ord_1} {{PARTNER_LED EUR 5} %s %s}]", from, orderID)
		if got := fmt.Sprint(a.TermsHistory); got != want {
			t.Fatalf("the terms are %s", got)
		}
		if again := a.Follow(o, now()); len(again) != 0 {
			t.Errorf("the same again tells %v", again)
		}
		return o
	}
	back := ahead("ord_2")
	if _, err := order.TakeBackChange(back, call.Actor{Role: "OPERATOR"}, "", now()); err != nil {
		t.Fatal(err)
	}
	if a.Follow(back, now()); len(a.TermsHistory) != 0 || a.ChangeOrderID != "" {
		t.Errorf("taken back, the agreement is %v", a)
	}
	kept := ahead("ord_3")
	if _, err := kept.Tick("", from.AddMonths(3).Start()); err != nil { // Orders was away when its month began
		t.Fatal(err)
	}
	facts := a.Follow(kept, from.AddMonths(3).Start())
	if len(facts) != 1 || facts[0].Name != agreement.FactChanged || a.DiscountPercent != "5" || len(a.TermsHistory) != 2 {
		t.Errorf("with its month the agreement is %v, told %v", a, facts)
	}
}

// TestTermsOfTheLastMonth: the connection ends while Orders is away over the start of the month; that month keeps the terms it was to have.
func TestTermsOfTheLastMonth(t *testing.T) {
	a, from := binds(t), calendar.MonthOf(now()).AddMonths(2)
	o := asks(t, a, now(), "ord_2", change.Asked{Kind: change.Discount, DiscountPercent: "5", From: from})
	if _, err := a.OpenChange(o, now()); err != nil {
		t.Fatal(err)
	}
	end := from.Next().Start()
	a.State, a.Connection.End = agreement.Terminated, end
	if _, err := order.ObserveAgreementEnd(o, end, true, end.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	facts := a.Follow(o, end.AddDate(0, 0, 1))
	if len(facts) != 1 || facts[0].Name != agreement.FactChanged || len(a.TermsHistory) != 2 || a.ChangeOrderID != "" {
		t.Errorf("the agreement is %v, told %v", a, facts)
	}
}

// TestCurrencyIsDated: what Operations sets holds from the month under way on once AWS bills, whatever is invoiced; before, for all months.
func TestCurrencyIsDated(t *testing.T) {
	seller, usd, eur := party.Seller{CurrencyCode: "EUR", FurtherCurrencyCodes: []string{"USD"}}, "USD", "EUR"
	a := binds(t)
	a.Connection.Start = now().AddDate(0, 1, 0)
	_, err := a.Revise(agreement.Edit{CurrencyCode: &usd}, seller, now())
	if err != nil || a.CurrencyCode != "USD" || len(a.TermsHistory) != 0 {
		t.Fatalf("before AWS bills: %v, %v", a, err)
	}
	before := dump(t, a)
	later := a.Connection.Start.AddDate(0, 2, 0)
	if facts, err := a.Revise(agreement.Edit{CurrencyCode: &usd}, seller, later); err != nil || facts != nil || dump(t, a) != before {
		t.Errorf("the same currency: %v, %v", facts, err)
	}
	if _, err := a.Revise(agreement.Edit{CurrencyCode: &eur}, seller, later); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Revise(agreement.Edit{CurrencyCode: &usd}, seller, later.AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	want := "[{{PARTNER_LED USD }  ord_1} {{PARTNER_LED EUR } 2026-05 } {{PARTNER_LED USD } 2026-06 }]"
	if got := fmt.Sprint(a.TermsHistory); got != want {
		t.Errorf("the terms are %s", got)
	}
}

// TestUpdating: an agreement in force is UPDATING while an order that ends or changes it is open, and ACTIVE after; a replacement and an
// end at AWS do not make it so, and no other state is.
func TestUpdating(t *testing.T) {
	a := binds(t)
	o := asks(t, a, now(), "ord_2", change.Asked{Kind: change.Currency, CurrencyCode: "USD"})
	if _, err := a.OpenChange(o, now()); err != nil || a.Shown() != agreement.Updating {
		t.Fatalf("with a change open it is %s, %v", a.Shown(), err)
	}
	if _, err := order.TakeBackChange(o, call.Actor{Role: "OPERATOR"}, "", now()); err != nil {
		t.Fatal(err)
	}
	if a.Follow(o, now()); a.Shown() != agreement.Active {
		t.Errorf("after the change it is %s", a.Shown())
	}
	ends := &order.Order{ID: "ord_3", Type: order.Termination, State: order.Querying}
	if _, err := a.OpenTermination(ends); err != nil || a.Shown() != agreement.Updating {
		t.Errorf("with a termination open it is %s, %v", a.Shown(), err)
	}
	ends.State = order.Failed
	if a.Follow(ends, now()); a.Shown() != agreement.Active {
		t.Errorf("after the termination it is %s", a.Shown())
	}
	a.ReplacementOrderID, a.Connection.End = "ord_4", now()
	if a.Shown() != agreement.Active {
		t.Errorf("while it is replaced and ends it is %s", a.Shown())
	}
	for _, s := range agreement.States() {
		a := in(t, s)
		a.ChangeOrderID = "ord_9"
		if got := a.Shown(); (s == agreement.Active) != (got == agreement.Updating) || s != agreement.Active && got != s {
			t.Errorf("%s is shown as %s", s, got)
		}
	}
}

// TestContacts are changed at once, whatever else is open, also after the end; they go back to the customer's people when somebody is gone.
func TestContacts(t *testing.T) {
	names := func(p change.People) change.Asked {
		return change.Asked{Kind: change.Contacts, People: &p, Reason: "She takes over."}
	}
	for _, s := range agreement.States() {
		a := in(t, s)
		a.ChangeOrderID, a.TerminationOrderID = "ord_8", "ord_9"
		_, err := a.Changes(change.Contacts, party.Seller{}, people())
		accepts := s == agreement.Active || s == agreement.Terminated
		if accepts != (err == nil) || !accepts && errs.ReasonOf(err) != "STATE_REFUSES" {
			t.Errorf("%s: %v", s, err)
		}
	}
	a := binds(t)
	a.TerminationOrderID = "ord_9"
	o := asks(t, a, now(), "ord_2", names(change.People{Billing: "per_2", Technical: "per_1"}))
	if o.State != order.Completed || o.Change.Before != "CUSTOMER" || len(o.Notices()) != 2 {
		t.Fatalf("the order is %v, %v", o.Change, o.Notices())
	}
	facts, err := a.OpenChange(o, now())
	if err != nil || len(facts) != 1 || facts[0].Name != agreement.FactChanged || a.Shown() != agreement.Updating || a.ChangeOrderID != "" {
		t.Fatalf("told is %v, %v", facts, err)
	}
	if got := fmt.Sprint(a.RolesIn(people())); got != "[{per_1 [PRIMARY TECHNICAL] false} {per_2 [BILLING] false} {per_3 [] true}]" {
		t.Errorf("the roles are %s", got)
	}
	left := people()
	left.Contacts = left.Contacts[:1]
	if got := fmt.Sprint(a.RolesIn(left)); got != "[{per_1 [PRIMARY BILLING TECHNICAL] false}]" {
		t.Errorf("without the one for invoices the roles are %s", got)
	}
	back := asks(t, a, now(), "ord_3", names(change.People{}))
	if _, err := a.OpenChange(back, now()); err != nil || fmt.Sprint(a.RolesIn(people())) != fmt.Sprint(people().Contacts) {
		t.Errorf("the customer's own are %v, %v", a.RolesIn(people()), err)
	}
}
