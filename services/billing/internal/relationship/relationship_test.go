package relationship_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/billing/internal/relationship"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s+"T00:00:00Z")
	if err != nil {
		panic(err)
	}
	return t
}

func seen(start, end string) relationship.Connection {
	c := relationship.Connection{
		ID: "con_00000000000000000000000001", TransferID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", StartAt: at(start),
	}
	if end != "" {
		c.EndAt = at(end)
	}
	return c
}

// live lets time pass until an instant, and returns the months that were opened and the facts that were told.
func live(r *relationship.Relationship, now time.Time) (months []string, facts []string) {
	for next := relationship.Next(r); !next.IsZero() && !next.After(now); next = relationship.Next(r) {
		month, told := advance(r, now)
		if !month.IsZero() {
			months = append(months, month.String())
		}
		facts = append(facts, names(told)...)
	}
	return months, facts
}

// advance does the one next thing.
func advance(r *relationship.Relationship, now time.Time) (month calendar.Month, facts []fact.Fact) {
	switch relationship.NextAction(r, now) {
	case relationship.Bound:
		facts, _ = r.Bounded(r.Bounds())
	case relationship.Open:
		return r.OpenMonth(now)
	case relationship.End:
		facts = r.Finish(now)
	case relationship.None:
	}
	return month, facts
}

func names(facts []fact.Fact) (out []string) {
	for _, f := range facts {
		out = append(out, f.Name)
	}
	return out
}

// TestMonths are the end sides of the worked examples: which months are billed, and how it stands then.
func TestMonths(t *testing.T) {
	for name, tt := range map[string]struct {
		effective, end, now string
		months              []string
		state               relationship.State
	}{
		"before its start": {"2026-03-01", "", "2026-02-28", nil, relationship.Pending},
		"at its start":     {"2026-03-01", "", "2026-03-01", []string{"2026-03"}, relationship.Active},
		"late to know":     {"2026-03-01", "", "2026-05-17", []string{"2026-03", "2026-04", "2026-05"}, relationship.Active},
		"removed in September": {
			"2026-07-01", "2026-10-01", "2027-03-01", []string{"2026-07", "2026-08", "2026-09"}, relationship.Ended,
		},
		"the last month, not yet over": {
			"2026-07-01", "2026-10-01", "2026-09-30", []string{"2026-07", "2026-08", "2026-09"}, relationship.Active,
		},
		"over a new year":               {"2026-12-01", "2027-02-01", "2027-02-01", []string{"2026-12", "2027-01"}, relationship.Ended},
		"removed before its start":      {"2026-03-01", "2026-03-01", "2026-03-01", nil, relationship.Ended},
		"removed a month before":        {"2026-04-01", "2026-03-01", "2026-03-01", nil, relationship.Ended},
		"removed in its month of start": {"2026-03-01", "2026-04-01", "2026-04-05", []string{"2026-03"}, relationship.Ended},
	} {
		r, _ := relationship.Record(seen(tt.effective, tt.end))
		months, facts := live(r, at(tt.now))
		if !slices.Equal(months, tt.months) || r.State != tt.state {
			t.Errorf("%s: billed %v, %s", name, months, r.State)
		}
		if activated := slices.Contains(facts, relationship.FactActivated); activated != (len(tt.months) > 0) {
			t.Errorf("%s: told %v", name, facts)
		}
	}
}

// TestEveryStateAndTrigger: an end is never left, and only the start of a relationship that waits can still move.
func TestEveryStateAndTrigger(t *testing.T) {
	moved, ending := seen("2026-04-01", ""), seen("2026-03-01", "2026-06-01")
	undecided := seen("2026-03-01", "")
	undecided.ChargesPaidBy = "UNDECIDED"
	agreement := inEuros()
	triggers := map[string]func(*relationship.Relationship) ([]fact.Fact, error){
		"moved":                   func(r *relationship.Relationship) ([]fact.Fact, error) { return r.Observe(moved) },
		"ending":                  func(r *relationship.Relationship) ([]fact.Fact, error) { return r.Observe(ending) },
		"undecided":               func(r *relationship.Relationship) ([]fact.Fact, error) { return r.Observe(undecided) },
		"agree":                   func(r *relationship.Relationship) ([]fact.Fact, error) { return r.Agree(agreement) },
		"pricing":                 func(r *relationship.Relationship) ([]fact.Fact, error) { return r.SetPricing("EUR", "pbk_1", false) },
		"pricing of what is left": func(r *relationship.Relationship) ([]fact.Fact, error) { return r.SetPricing("EUR", "pbk_1", true) },
		"advance": func(r *relationship.Relationship) ([]fact.Fact, error) {
			_, facts := advance(r, at("2026-03-15"))
			return facts, nil
		},
	}
	want := map[string]string{
		"PENDING moved": "[recorded]", "PENDING ending": "[ending]", "PENDING agree": "[agreed]", "PENDING pricing": "[pricing_set]",
		"PENDING advance":   "[activated]",
		"PENDING undecided": "[payer_set]", "ACTIVE undecided": "[payer_set]", "ENDED undecided": "[payer_set]",
		"PENDING pricing of what is left": "[pricing_set]", "ACTIVE pricing of what is left": "[pricing_set]",
		"ENDED pricing of what is left": "[pricing_set]",
		"ACTIVE moved":                  "[]", "ACTIVE ending": "[ending]", "ACTIVE agree": "[agreed]", "ACTIVE pricing": "[pricing_set]",
		"ACTIVE advance": "[]",
		"ENDED moved":    "[]", "ENDED ending": "[]", "ENDED agree": "[agreed]", "ENDED pricing": "STATE_REFUSES", "ENDED advance": "[]",
	}
	for _, s := range relationship.States() {
		for name, do := range triggers {
			r, _ := relationship.Record(seen("2026-03-01", ""))
			switch s {
			case relationship.Active:
				live(r, at("2026-03-01"))
			case relationship.Ended:
				_, _ = r.Observe(seen("2026-03-01", "2026-04-01"))
				live(r, at("2026-04-01"))
			}
			facts, err := do(r)
			got := fmt.Sprint(names(facts))
			if err != nil {
				got = errs.ReasonOf(err)
			}
			if got != want[string(s)+" "+name] {
				t.Errorf("%s %s: %s, want %s", s, name, got, want[string(s)+" "+name])
			}
			again, err := do(r)
			if name != "pricing" && (err != nil || len(again) > 0) {
				t.Errorf("%s %s, once more: %v %v", s, name, names(again), err)
			}
		}
	}
}

func TestBillable(t *testing.T) {
	whole := relationship.Agreement{ID: "agr_1", SellerID: "sel_1", Terms: always("EUR")}
	void := whole
	void.Void = true
	for name, tt := range map[string]struct {
		agreement *relationship.Agreement
		paidBy    string
		billed    bool
	}{
		"in force": {&whole, "", true}, "unknown": {nil, "", false},
		"without a currency": {&relationship.Agreement{SellerID: "sel_1"}, "", false},
		"failed":             {&void, "", false}, "failed, the customer pays": {&void, "CUSTOMER", true},
		"failed, the reseller pays": {&void, "RESELLER", false}, "failed, undecided": {&void, "UNDECIDED", false},
		"in force, undecided": {&whole, "UNDECIDED", false}, "in force, the reseller pays": {&whole, "RESELLER", false},
	} {
		r := relationship.Relationship{Agreement: tt.agreement, ChargesPaidBy: tt.paidBy}
		if terms, why := r.Billable(calendar.Month{Year: 2026, Month: 3}); (terms != nil) != tt.billed || why.IsZero() != tt.billed {
			t.Errorf("%s: %v, %v", name, terms, why)
		}
	}
}

// TestFailedOrderIsNotSupported: the customer pays what AWS charges for an order that failed, and no support that it never got.
func TestFailedOrderIsNotSupported(t *testing.T) {
	a := relationship.Agreement{ID: "agr_1", SellerID: "sel_1", Terms: []relationship.Dated{
		{Terms: relationship.Terms{CurrencyCode: "EUR", PartnerLedSupport: true, Discount: "5"}},
	}}
	r := relationship.Relationship{Agreement: &a, ChargesPaidBy: "CUSTOMER"}
	for _, failed := range []bool{false, true} {
		a.Void = failed
		terms, _ := r.Billable(calendar.Month{Year: 2026, Month: 3})
		if terms.PartnerLedSupport == failed || terms.Discount != "5" || terms.CurrencyCode != "EUR" {
			t.Errorf("failed %t, it is billed on %v", failed, terms)
		}
	}
}

// TestTermsOfAMonth: other terms hold from their month on, whatever holds now.
func TestTermsOfAMonth(t *testing.T) {
	euros := relationship.Terms{CurrencyCode: "EUR", PartnerLedSupport: true}
	dollars := relationship.Terms{CurrencyCode: "USD"}
	off := relationship.Terms{CurrencyCode: "USD", Discount: "5"}
	may, july := calendar.Month{Year: 2026, Month: time.May}, calendar.Month{Year: 2026, Month: time.July}
	a := inEuros()
	a.Terms = []relationship.Dated{{Terms: euros}, {From: may, Terms: dollars}, {From: july, Terms: dollars}, {From: july, Terms: off}}
	r, _ := relationship.Record(seen("2026-03-01", ""))
	if facts, err := r.Agree(a); err != nil || len(facts) != 1 {
		t.Fatal(facts, err)
	}
	if facts, _ := r.Agree(a); len(facts) != 0 {
		t.Errorf("the same again tells %v", names(facts))
	}
	for month, want := range map[calendar.Month]relationship.Terms{
		may.AddMonths(-2): euros, may.AddMonths(-1): euros, may: dollars, may.Next(): dollars, july: off, july.AddMonths(12): off,
	} {
		if terms, _ := r.Billable(month); terms.Terms != want || terms.AgreementID != "agr_1" || terms.SellerID != "sel_1" {
			t.Errorf("%s is billed on %v, want %v", month, terms, want)
		}
	}
	for now, want := range map[string]string{"2026-02-20": "EUR", "2026-04-30": "EUR", "2026-05-01": "USD"} {
		r, _ := relationship.Record(seen("2026-03-01", ""))
		live(r, at(now))
		if _, err := r.Agree(a); err != nil {
			t.Fatal(err)
		}
		if got := a.In(r.UnderWay()).CurrencyCode; got != want {
			t.Errorf("on %s it is billed in %s", now, got)
		}
	}
}

// inEuros is the agreement of what was seen.
func inEuros() relationship.Agreement {
	return relationship.Agreement{
		ID: "agr_1", TransferID: "trf_1", CustomerID: "cus_1", SellerID: "sel_1", Terms: always("EUR"),
	}
}

// always are terms in a currency that never change.
func always(currency string) []relationship.Dated {
	return []relationship.Dated{{Terms: relationship.Terms{CurrencyCode: currency}}}
}

// TestForeignTerms: a relationship is billed on the terms that its own customer has submitted, of its own transfer.
func TestForeignTerms(t *testing.T) {
	own := inEuros()
	draft, transfer, customer := own, own, own
	draft.TransferID, transfer.TransferID, customer.CustomerID = "", "trf_2", "cus_2"
	for name, tt := range map[string]struct {
		terms  relationship.Agreement
		billed bool
	}{"its own": {own, true}, "a draft": {draft, false}, "of another transfer": {transfer, false}, "of another customer": {customer, false}} {
		r, _ := relationship.Record(seen("2026-03-01", ""))
		if _, err := r.Agree(tt.terms); err != nil {
			t.Fatal(err)
		}
		if terms, _ := r.Billable(calendar.Month{Year: 2026, Month: 3}); (terms != nil) != tt.billed {
			t.Errorf("%s: billed on %v", name, terms)
		}
	}
}

// TestWhoPaysIsDecidedLate: the decision counts after the end too, and its periods are brought to it.
func TestWhoPaysIsDecidedLate(t *testing.T) {
	c := seen("2026-03-01", "2026-04-01")
	c.ChargesPaidBy = "UNDECIDED"
	r, _ := relationship.Record(c)
	live(r, at("2026-04-01"))
	if r.State != relationship.Ended || !relationship.Next(r).IsZero() || r.Bounds().Answered() {
		t.Fatalf("undecided it is %s and wakes at %v", r.State, relationship.Next(r))
	}
	c.ChargesPaidBy = "RESELLER"
	if _, err := r.Observe(c); err != nil {
		t.Fatal(err)
	}
	if relationship.NextAction(r, at("2026-04-02")) != relationship.Bound || !r.Bounds().Answered() || !r.Forgone() {
		t.Errorf("decided, next is %q", relationship.NextAction(r, at("2026-04-02")))
	}
	if live(r, at("2026-04-02")); r.State != relationship.Ended || !relationship.Next(r).IsZero() {
		t.Errorf("afterwards it is %s and wakes at %v", r.State, relationship.Next(r))
	}
}
