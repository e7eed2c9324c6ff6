package period_test

import (
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

// low is a statement that leaves too little.
func low(t failer, price, cost string) statement.Statement {
	t.Helper()
	s := priced(t, price)
	s.Exact, s.Cost = usd(t, price), usd(t, cost)
	s.Holds = []statement.Hold{{Code: statement.CodeMarginTooLow, Why: text.New("hold.margin_too_low", "floor", "0")}}
	return s
}

// TestAccept: Operations lets a hold be for the figures that it saw, and for no others.
func TestAccept(t *testing.T) {
	on := period.Basis{PricebookID: "pbk_1"}
	again := func(p *period.Period, s statement.Statement) {
		t.Helper()
		must(t)(p.Seen(bill(t), 0, gate))
		must(t)(p.Price(s, on, gate))
	}
	p := in(t, period.DataComplete)
	must(t)(p.Price(low(t, "90.00", "100.00"), on, gate))
	if p.State != period.Held || p.HoldCode() != statement.CodeMarginTooLow || !p.Priced.Figures() {
		t.Fatalf("%s %v", p.State, p.Hold)
	}
	facts := must(t)(p.Accept("an agreed gift", gate))
	if len(facts) != 1 || facts[0].Reason != "an agreed gift" || facts[0].Details["accepted"] != statement.CodeMarginTooLow {
		t.Errorf("told %+v", facts)
	}
	again(p, low(t, "90.00", "100.00"))
	if p.State != period.Rated {
		t.Errorf("the same figures leave it %s %v", p.State, p.Hold)
	}
	must(t)(p.Compare(gate))
	other := low(t, "90.00", "100.00")
	other.Accounts = []statement.Account{{ID: "111122223333", Cost: usd(t, "90"), Price: usd(t, "80")}}
	if must(t)(p.Price(other, on, gate)); p.HoldCode() != statement.CodeMarginTooLow {
		t.Errorf("the same figures of other accounts leave it %s", p.State)
	}
	must(t)(p.Release("prices were corrected", gate))
	again(p, low(t, "90.00", "100.00"))
	must(t)(p.Compare(gate))
	if must(t)(p.Price(low(t, "90.00", "101.00"), on, gate)); p.HoldCode() != statement.CodeMarginTooLow {
		t.Errorf("another cost leaves it %s", p.State)
	}
	must(t)(p.Release("prices were corrected", gate))
	if again(p, low(t, "89.00", "100.00")); p.HoldCode() != statement.CodeMarginTooLow {
		t.Errorf("another price leaves it %s", p.State)
	}
}

// TestMarginBeforeTheGate: AWS may still add its discount by itself; when the gate opens it has not.
func TestMarginBeforeTheGate(t *testing.T) {
	p := in(t, period.DataComplete)
	must(t)(p.Price(low(t, "90.00", "100.00"), period.Basis{}, april))
	if p.State != period.Rated || p.Hold != nil {
		t.Fatalf("before the gate it is %s, held by %v", p.State, p.Hold)
	}
	must(t)(p.Seen(bill(t), 0, gate))
	p.State = period.Reconciled
	if must(t)(p.Price(low(t, "90.00", "100.00"), period.Basis{}, gate)); p.HoldCode() != statement.CodeMarginTooLow {
		t.Errorf("at the gate it is %s", p.State)
	}
}

// TestWhatCannotBeAccepted: what is wrong has to be mended; it comes before what may be accepted.
func TestWhatCannotBeAccepted(t *testing.T) {
	p := in(t, period.DataComplete)
	s := low(t, "90.00", "100.00")
	s.Holds = append(s.Holds, statement.Hold{Code: statement.CodeDiscountUnknown, Why: text.New("hold.discount_unknown")})
	must(t)(p.Price(s, period.Basis{}, april))
	if p.HoldCode() != statement.CodeDiscountUnknown || p.Priced != nil {
		t.Fatalf("held by %q with %v", p.HoldCode(), p.Priced)
	}
	before := dump(t, p)
	if _, err := p.Accept("never mind", gate); errs.ReasonOf(err) != period.ReasonHoldNotAcceptable || dump(t, p) != before {
		t.Errorf("accepted: %v", err)
	}
	if _, err := in(t, period.Rated).Accept("nothing", gate); errs.ReasonOf(err) != period.ReasonPeriodNotHeld {
		t.Errorf("accepted without a hold: %v", err)
	}
}

// TestSeveralCurrencies: charges that cannot be added up hold the month; it is neither compared nor parked.
func TestSeveralCurrencies(t *testing.T) {
	p, b := in(t, period.WaitingForVendor), bill(t)
	francs, err := statement.Amount("CHF", "5")
	if err != nil {
		t.Fatal(err)
	}
	b.Groups = append(b.Groups, statement.Group{Category: pricebook.Usage, Entity: statement.AWS, Cost: francs, Charges: 1})
	if must(t)(p.Seen(b, 0, gate)); p.HoldCode() != statement.CodeCurrencyMixed || p.Hold.Why.Params["currencies"] != "CHF, USD" {
		t.Errorf("%s %+v", p.State, p.Hold)
	}
	if _, err := p.Reconcile(); errs.ReasonOf(err) != period.ReasonStateRefuses {
		t.Errorf("compared: %v", err)
	}
}
