package billing_test

import (
	"testing"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// TestWhoSeesCosts: what AWS charges and the margin are for operators alone, and in no event.
func TestWhoSeesCosts(t *testing.T) {
	t.Parallel()
	usd := func(amount string) money.Money {
		m, err := money.Parse("USD", amount)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	p := &period.Period{
		VendorInvoices: []statement.VendorInvoice{{ID: "1", Entity: statement.AWS, Total: usd("70.00"), Tax: usd("0.00")}},
		Groups:         []statement.Group{{Category: "USAGE", Entity: statement.AWS, Cost: usd("70"), Charges: 3}},
		Priced:         &statement.Statement{Total: usd("100.00"), Margin: usd("30.00")},
		Hold:           &period.Hold{Code: period.CodeRequested},
	}
	t.Run("a customer sees no price that Operations may still correct", func(t *testing.T) {
		low := *p
		low.Hold = &period.Hold{Code: statement.CodeMarginTooLow}
		for role, sees := range map[auth.Role]bool{auth.Operator: true, auth.SupportReader: true, auth.Customer: false, auth.Partner: false} {
			if shown := billing.PeriodFor(t.Context(), role, &low); (shown.GetPriceTotal() != nil) != sees {
				t.Errorf("%q sees %v", role, shown)
			}
		}
	})
	for role, want := range map[auth.Role]struct{ costs, hold bool }{
		auth.Operator: {true, true}, auth.SupportReader: {false, true}, auth.Service: {false, true}, auth.Customer: {false, false},
		auth.Partner: {false, false}, "": {false, true}, // the empty one: an event
	} {
		shown := billing.PeriodFor(t.Context(), role, p)
		costs := shown.GetMargin() != nil || shown.GetCostTotal() != nil || shown.GetVendorTotal() != nil || len(shown.GetVendorInvoices()) > 0
		if costs != want.costs || (shown.GetHold() != nil) != want.hold || shown.GetPriceTotal() == nil {
			t.Errorf("%q sees %v", role, shown)
		}
	}
}
