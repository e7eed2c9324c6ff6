package statement_test

import (
	"testing"

	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

func withheld(c pricebook.Category) pricebook.Rule {
	return pricebook.Rule{Category: c, Withheld: true, From: march()}
}

// TestLines: what a customer pays for what AWS charges, in AWS's own currency.
func TestLines(t *testing.T) {
	aws := func(recordType, amount string) statement.Charge { return charge(t, recordType, statement.AWS, amount) }
	type charges = []statement.Charge
	type rules = []pricebook.Rule
	for name, tt := range map[string]struct {
		charges charges
		rules   rules
		terms   statement.Terms
		want    string
	}{
		"at cost":                  {charges{aws("Usage", "100.015")}, nil, statement.Terms{}, "USAGE 100.02, total 100.02, margin 0.00"},
		"a tie to the even digit":  {charges{aws("Usage", "0.005")}, nil, statement.Terms{}, "USAGE 0.00, total 0.00, margin 0.00"},
		"nothing":                  {nil, nil, statement.Terms{}, "total 0.00, margin 0.00"},
		"of nothing there is none": {charges{aws("Usage", "0.000"), aws("Tax", "0")}, nil, statement.Terms{}, "total 0.00, margin 0.00"},
		"what is left stands on the largest line": {
			charges{aws("Usage", "10.004"), aws("Recurring", "1.004"), aws("Credit", "-2.998")},
			nil,
			statement.Terms{},
			"USAGE 10.01, COMMITMENT 1.00, CREDIT -3.00, total 8.01, margin 0.00",
		},
		"also where the largest is taken off": {
			charges{aws("Usage", "0.004"), aws("Recurring", "1.004"), aws("Credit", "-20.004")},
			nil,
			statement.Terms{},
			"USAGE 0.00, COMMITMENT 1.00, CREDIT -20.00, total -19.00, margin 0.00",
		},
		"every spelling of the reseller's discount, and the tax on its purchase, are its own": {
			charges{
				aws("Usage", "1000"), aws("Solution Provider Program Discount", "-10"), aws("Reseller Program Discount", "-9"),
				aws("SPP Discount", "-1"), aws("DistributorDiscount", "-7"), aws("AWS Partner discount", "-3"), aws("Tax", "77"),
			},
			nil,
			statement.Terms{},
			"USAGE 1000.00, total 1000.00, margin 30.00",
		},
		"passed on by rule": {
			charges{aws("Usage", "1000"), aws("SppDiscount", "-30"), aws("Tax", "77")},
			rules{rule(t, pricebook.PartnerDiscount, "-50"), rule(t, pricebook.Tax, "0")},
			statement.Terms{},
			"USAGE 1000.00, PARTNER_DISCOUNT -15.00, TAX 77.00, total 1062.00, margin 15.00",
		},
		"percent and withheld": {
			charges{aws("Usage", "200"), aws("Bundled Discount", "-20"), charge(t, "Usage", statement.Marketplace, "50")},
			rules{rule(t, pricebook.Usage, "-3.5"), rule(t, pricebook.Marketplace, "2"), withheld(pricebook.Discount)},
			statement.Terms{},
			"USAGE 193.00, MARKETPLACE 51.00, total 244.00, margin 14.00",
		},
		"what a Savings Plan covers, and its negation, are no line": {
			charges{
				aws("Usage", "10"), aws("SavingsPlanCoveredUsage", "2"), aws("Savings Plan Negation", "-2"), aws("SavingsPlanRecurringFee", "1.5"),
			},
			nil,
			statement.Terms{},
			"USAGE 10.00, COMMITMENT 1.50, total 11.50, margin 0.00",
		},
		"what nobody knows is a line of its own": {
			charges{aws("Fee", "1"), aws("Else", "2"), aws("Fee", "3")},
			nil,
			statement.Terms{},
			"OTHER 2.00, OTHER 4.00, total 6.00, margin 0.00",
		},
		"support gets no discount on usage, whatever the plan is called": {
			charges{aws("Usage", "100"), {Service: "AWS Business Support+", RecordType: "Usage", Entity: statement.AWS, Amount: usd(t, "29")}},
			rules{rule(t, pricebook.Usage, "-3")},
			statement.Terms{},
			"USAGE 97.00, SUPPORT 29.00, total 126.00, margin -3.00",
		},
		"an agreed discount is off the usage as it is billed, and lessens nothing else": {
			charges{
				aws("Usage", "1000"), charge(t, "Usage", statement.Marketplace, "50"), aws("Bundled Discount", "-10"),
				supported(t, enterprise, "Support", "0.01"),
			},
			rules{rule(t, pricebook.Usage, "-2"), rule(t, pricebook.PartnerLedSupport, "10")},
			statement.Terms{PartnerLedSupport: true, Discount: "2.5"},
			"USAGE 980.00, MARKETPLACE 50.00, PARTNER_LED_SUPPORT 98.00, DISCOUNT -10.00, DISCOUNT -24.50, total 1093.50, margin 53.49",
		},
		"partner-led support on the usage alone": {
			charges{aws("Usage", "300"), aws("Recurring", "100"), supported(t, enterprise, "Support", "3")},
			rules{rule(t, pricebook.PartnerLedSupport, "10")},
			statement.Terms{PartnerLedSupport: true},
			"USAGE 300.00, COMMITMENT 100.00, PARTNER_LED_SUPPORT 30.00, total 430.00, margin 27.00",
		},
	} {
		s := compute(t, statement.Input{
			Charges: tt.charges, Terms: tt.terms, Book: &pricebook.Pricebook{CurrencyCode: "USD", Rules: tt.rules},
		})
		if got := shown(s); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, tt.want)
		}
	}
}

// TestRowsAreRounded: a converted amount and a percentage have six digits, half to even, row by row; nothing else loses any before the
// total.
func TestRowsAreRounded(t *testing.T) {
	aws := func(amount string) statement.Charge { return charge(t, "Usage", statement.AWS, amount) }
	for name, tt := range map[string]struct {
		charges  []statement.Charge
		currency string
		rule     string
		want     string
	}{
		"what is not converted keeps its digits": {[]statement.Charge{aws("0.00000000123456789")}, "USD", "0", "0.00000000123456789"},
		"each by itself":                         {[]statement.Charge{aws("0.000001"), aws("0.000001")}, "EUR", "0", "0.000000"}, // 0.5e-6 twice
		"and not their sum":                      {[]statement.Charge{aws("0.000002")}, "EUR", "0", "0.000001"},
		"to even":                                {[]statement.Charge{aws("0.000003")}, "EUR", "0", "0.000002"},
		"a percentage of what was converted":     {[]statement.Charge{aws("0.000301")}, "EUR", "10", "0.000165"}, // 0.000150 and 0.000015
	} {
		s := compute(t, statement.Input{
			Charges: tt.charges, Invoices: []statement.VendorInvoice{quote(t, statement.AWS, "EUR", "0.5")},
			Book: &pricebook.Pricebook{CurrencyCode: tt.currency, Rules: []pricebook.Rule{rule(t, pricebook.Usage, tt.rule)}},
		})
		if s.Exact.Amount() != tt.want {
			t.Errorf("%s: %s, want %s", name, s.Exact, tt.want)
		}
	}
	yen := compute(t, statement.Input{
		Charges: []statement.Charge{aws("0.333"), aws("0.333")}, Invoices: []statement.VendorInvoice{quote(t, statement.AWS, "JPY", "150.5")},
		Book: &pricebook.Pricebook{CurrencyCode: "JPY"},
	})
	if got := shown(yen); got != "USAGE 100, total 100, margin 0" {
		t.Errorf("yen: %s", got)
	}
}

// TestExchange: AWS's rate of the seller whose charge it is; one that converts nothing holds, unless the pricebook's is meant to
// replace it.
func TestExchange(t *testing.T) {
	aws := func(to, r string) statement.VendorInvoice { return quote(t, statement.AWS, to, r) }
	market := func(to, r string) statement.VendorInvoice { return quote(t, statement.Marketplace, to, r) }
	type invoices = []statement.VendorInvoice
	none := aws("", "")
	for name, tt := range map[string]struct {
		invoices invoices
		book     string // the pricebook's rate; "!" before it: it replaces AWS's
		want     string
		holds    string
	}{
		"AWS's own":                           {invoices{aws("EUR", "0.9"), aws("EUR", "0.90")}, "0.5", "90.00 AWS", ""},
		"of each seller":                      {invoices{aws("EUR", "0.90"), market("EUR", "0.92")}, "", "90.00 AWS", ""},
		"the pricebook's, where AWS has none": {invoices{none}, "0.5", "50.00 PRICEBOOK", ""},
		"none at all":                         {invoices{none}, "", "", "EXCHANGE_RATE_MISSING"},
		"zero":                                {invoices{aws("EUR", "0")}, "0.5", "", "EXCHANGE_RATE_INVALID"},
		"negative":                            {invoices{aws("EUR", "-0.9")}, "0.5", "", "EXCHANGE_RATE_INVALID"},
		"of another currency":                 {invoices{aws("CHF", "0.9")}, "0.5", "", "EXCHANGE_RATE_INVALID"},
		"two that differ":                     {invoices{aws("EUR", "0.9"), aws("EUR", "0.91")}, "0.5", "", "EXCHANGE_RATE_INVALID"},
		"one invoice names none":              {invoices{aws("EUR", "0.9"), none}, "0.5", "", "EXCHANGE_RATE_INVALID"},
		"replaced by the pricebook":           {invoices{aws("EUR", "0"), none}, "!0.5", "50.00 PRICEBOOK", ""},
		"also a good one":                     {invoices{aws("EUR", "0.9")}, "!0.5", "50.00 PRICEBOOK", ""},
		"that the pricebook has none of":      {invoices{aws("EUR", "0")}, "!0", "", "EXCHANGE_RATE_INVALID"},
		"of another seller until it invoices": {invoices{market("EUR", "0.92")}, "", "92.00 AWS", ""},
	} {
		book := &pricebook.Pricebook{CurrencyCode: "EUR"}
		if tt.book != "" {
			r := pricebook.ExchangeRate{SourceCurrencyCode: "USD", From: march()}
			r.ReplacesAWS = tt.book[0] == '!'
			if r.ReplacesAWS {
				tt.book = tt.book[1:]
			}
			r.Rate = rate(t, tt.book)
			book.Rates = []pricebook.ExchangeRate{r}
		}
		s := compute(t, statement.Input{Charges: []statement.Charge{charge(t, "Usage", statement.AWS, "100")}, Invoices: tt.invoices, Book: book})
		got := ""
		if s.Figures() {
			got = s.Total.Amount() + " " + string(s.Exchanges[0].Source)
		}
		if got != tt.want || codes(s) != tt.holds {
			t.Errorf("%s: %q, held by %q, want %q and %q", name, got, codes(s), tt.want, tt.holds)
		}
	}
	both := compute(t, statement.Input{
		Charges:  []statement.Charge{charge(t, "Usage", statement.AWS, "100"), charge(t, "Usage", statement.Marketplace, "100")},
		Invoices: invoices{aws("EUR", "0.90"), market("EUR", "0.92")}, Book: &pricebook.Pricebook{CurrencyCode: "EUR"},
	})
	if got := shown(both); got != "USAGE 90.00, MARKETPLACE 92.00, total 182.00, margin 0.00" || len(both.Exchanges) != 2 {
		t.Errorf("both sellers: %s by %v", got, both.Exchanges)
	}
}

// TestHolds: what is not to be invoiced as it is, and that it says so once.
func TestHolds(t *testing.T) {
	t.Run("a withheld discount is nobody's as well", func(t *testing.T) {
		book := &pricebook.Pricebook{CurrencyCode: "USD", Rules: []pricebook.Rule{withheld(pricebook.Discount)}}
		s := compute(t, statement.Input{Book: book, Charges: []statement.Charge{
			charge(t, "Usage", statement.AWS, "10"), charge(t, "Strange Discount", statement.AWS, "-1"),
		}})
		if len(s.Holds) != 1 || s.Holds[0].Code != statement.CodeDiscountUnknown {
			t.Errorf("held by %v", s.Holds)
		}
	})
	t.Run("the pricebook says first whose a discount is", func(t *testing.T) {
		book := &pricebook.Pricebook{CurrencyCode: "USD", Discounts: []pricebook.VendorDiscount{
			{RecordType: "Partner Discount", For: pricebook.ForCustomer},
		}}
		s := compute(t, statement.Input{Book: book, Charges: []statement.Charge{
			charge(t, "Usage", statement.AWS, "10"), charge(t, "Partner Discount", statement.AWS, "-1"),
		}})
		if got, want := shown(s), "USAGE 10.00, DISCOUNT -1.00, total 9.00, margin 0.00"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	aws := func(recordType, amount string) statement.Charge { return charge(t, recordType, statement.AWS, amount) }
	of := func(account string, c statement.Charge) statement.Charge { c.Account = account; return c }
	type charges = []statement.Charge
	francs := aws("Usage", "1")
	francs.Amount, _ = statement.Amount("CHF", "1,5")
	unknown := pricebook.VendorDiscount{RecordType: "special-discount"}
	of4 := func(b pricebook.Beneficiary) []pricebook.VendorDiscount {
		d := unknown
		d.For = b
		return []pricebook.VendorDiscount{d}
	}
	for name, tt := range map[string]struct {
		charges   charges
		discounts []pricebook.VendorDiscount
		usage     string // rule of the usage
		floor     string
		terms     statement.Terms
		want      string
		shown     string
	}{
		"nothing wrong":      {charges: charges{aws("Usage", "10")}, shown: "USAGE 10.00, total 10.00, margin 0.00"},
		"several currencies": {charges: charges{aws("Usage", "10"), francs}, want: "CURRENCY_MIXED"},
		"an unknown discount": {
			charges: charges{aws("Usage", "10"), aws("Special Discount", "-1")}, want: "DISCOUNT_UNKNOWN",
			shown: "USAGE 10.00, DISCOUNT -1.00, total 9.00, margin 0.00",
		},
		"a discount on the customer's own prices is not the program's": {
			charges: charges{aws("Usage", "10"), aws("AWS PPA Discount", "-1")}, want: "DISCOUNT_UNKNOWN",
			shown: "USAGE 10.00, DISCOUNT -1.00, total 9.00, margin 0.00",
		},
		"said to be the reseller's": {
			charges: charges{aws("Usage", "10"), aws("Special Discount", "-1")}, discounts: of4(pricebook.ForReseller),
			shown: "USAGE 10.00, total 10.00, margin 1.00",
		},
		"said to be the customer's": {
			charges: charges{aws("Usage", "10"), aws("Special Discount", "-1")}, discounts: of4(pricebook.ForCustomer),
			shown: "USAGE 10.00, DISCOUNT -1.00, total 9.00, margin 0.00",
		},
		"a price below cost": {
			charges: charges{aws("Usage", "10")}, usage: "-10", want: "MARGIN_TOO_LOW", shown: "USAGE 9.00, total 9.00, margin -1.00",
		},
		"as low as it may be": {
			charges: charges{aws("Usage", "10")}, usage: "-10", floor: "-10", shown: "USAGE 9.00, total 9.00, margin -1.00",
		},
		"a floor above cost": {
			charges: charges{aws("Usage", "10")}, usage: "2.99", floor: "3", want: "MARGIN_TOO_LOW",
			shown: "USAGE 10.30, total 10.30, margin 0.30",
		},
		"of one account alone": {
			charges: charges{
				of("111122223333", aws("Usage", "10")), of("444455556666", aws("Usage", "10")), of("444455556666", aws("SPP discount", "-5")),
			},
			usage: "-10", want: "MARGIN_TOO_LOW", shown: "USAGE 18.00, total 18.00, margin 3.00",
		},
		"support that AWS does not show": {
			charges: charges{aws("Usage", "10"), supported(t, enterprise, "Support", "0")}, terms: statement.Terms{PartnerLedSupport: true},
			want: "SUPPORT_MISMATCH", shown: "USAGE 10.00, total 10.00, margin 0.00",
		},
		"no price of the reseller's support": {
			charges: charges{aws("Usage", "10"), supported(t, enterprise, "Support", "2")}, terms: statement.Terms{PartnerLedSupport: true},
			floor: "-100", want: "PRICEBOOK_MISSING", shown: "USAGE 10.00, total 10.00, margin -2.00",
		},
	} {
		book := &pricebook.Pricebook{CurrencyCode: "USD", Discounts: tt.discounts}
		if tt.usage != "" {
			book.Rules = []pricebook.Rule{rule(t, pricebook.Usage, tt.usage)}
		}
		in := statement.Input{Charges: tt.charges, Terms: tt.terms, Book: book}
		if tt.floor != "" {
			in.Rules.Floor = rate(t, tt.floor)
		}
		s := compute(t, in)
		for _, h := range s.Holds {
			if h.Code == statement.CodeMarginTooLow && len(h.Why.Params) > 0 {
				t.Errorf("%s: whoever reads of the hold reads %v", name, h.Why.Params)
			}
		}
		if codes(s) != tt.want || s.Figures() && shown(s) != tt.shown || s.Figures() != (tt.shown != "") {
			t.Errorf("%s: %s, held by %q, want %q", name, shown(s), codes(s), tt.want)
		}
	}
}

// TestAmounts: a decimal comma is read as a point, and nothing is guessed.
func TestAmounts(t *testing.T) {
	for text, want := range map[string]string{
		"1,5": "1.5", "-0,004": "-0.004", "12.50": "12.50", "1,000,5": "", "1.000,5": "", "1,": "", "": "", "NaN": "", "1e3": "",
	} {
		m, err := statement.Amount("USD", text)
		if (err == nil) != (want != "") || err == nil && m.Amount() != want {
			t.Errorf("%q is %s, %v", text, m, err)
		}
	}
}

// TestWarnings: what is to be looked at stops nothing.
func TestWarnings(t *testing.T) {
	s := compute(t, statement.Input{
		Charges: []statement.Charge{
			charge(t, "Odd", statement.AWS, "1"), charge(t, "Odd", statement.AWS, "2"), charge(t, "Usage", statement.Marketplace, "1"),
		},
		Invoices: []statement.VendorInvoice{quote(t, statement.AWS, "", "")}, Book: &pricebook.Pricebook{CurrencyCode: "USD"},
	})
	if len(s.Holds) != 0 || len(s.Warnings) != 2 || s.Warnings[0].Subject != "Odd" || s.Warnings[1].Subject != "AWS_MARKETPLACE" {
		t.Errorf("held by %q, warned of %v", codes(s), s.Warnings)
	}
}
