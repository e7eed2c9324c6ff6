package statement_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

// anyInput is whatever AWS may charge, on whatever terms.
func anyInput(t *rapid.T) statement.Input {
	types := []string{
		"Usage", "Recurring", "Support", "Credit", "Tax", "Bundled Discount", "SppDiscount", "Fee", "Odd", "Strange Discount",
		"SavingsPlanCoveredUsage",
	}
	entities := []statement.Entity{statement.AWS, statement.Marketplace}
	in := statement.Input{
		Book: &pricebook.Pricebook{CurrencyCode: rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "USD"}).Draw(t, "currency")},
		Terms: statement.Terms{
			PartnerLedSupport: rapid.Bool().Draw(t, "support"), Discount: rapid.SampledFrom([]string{"", "2.5", "33.3333"}).Draw(t, "discount"),
		},
	}
	for range rapid.IntRange(0, 30).Draw(t, "charges") {
		c := charge(
			t, rapid.SampledFrom(types).Draw(t, "type"), rapid.SampledFrom(entities).Draw(t, "entity"),
			rapid.StringMatching(`-?[0-9]{1,6}\.[0-9]{1,10}`).Draw(t, "amount"),
		)
		c.Service = rapid.SampledFrom([]string{"Amazon EC2", enterprise, "AWS Support (Business)"}).Draw(t, "service")
		c.Account = rapid.SampledFrom([]string{"", "111122223333", "444455556666"}).Draw(t, "account")
		in.Charges = append(in.Charges, c)
	}
	for _, c := range pricebook.Categories() {
		r := rule(t, c, rapid.StringMatching(`-?[0-9]{1,2}(\.[0-9]{1,3})?`).Draw(t, "percent"))
		r.Withheld = rapid.Bool().Draw(t, "withheld")
		in.Book.Rules = append(in.Book.Rules, r)
	}
	r := rapid.StringMatching(`[01]\.[0-9]{0,5}[1-9]`).Draw(t, "rate")
	for _, e := range entities {
		in.Invoices = append(in.Invoices, quote(t, e, in.Book.CurrencyCode, r), quote(t, e, in.Book.CurrencyCode, r+"0"))
	}
	return in
}

func dump(t failer, s statement.Statement) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestStatementIsItsLines: whatever AWS charges, the exact total is the exact sum of the lines, the total that sum rounded once, and the
// lines as they are shown add up to it; so do the accounts; a line is never a whole unit off.
func TestStatementIsItsLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		s := compute(t, in)
		exact, shown, accounts, margin := zero(t, in), zero(t, in), zero(t, in), zero(t, in)
		for _, l := range s.Lines {
			exact, shown = add(t, exact, l.Exact), add(t, shown, l.Price)
			if again, err := l.Price.Round(money.HalfEven); err != nil || again.Amount() != l.Price.Amount() {
				t.Fatalf("line %v is not rounded", l)
			}
		}
		for _, a := range s.Accounts {
			accounts, margin = add(t, accounts, a.Price), add(t, margin, a.Margin)
		}
		once, err := exact.Round(money.HalfEven)
		if err != nil || !exact.Equal(s.Exact) || !shown.Equal(s.Total) || !accounts.Equal(s.Exact) || once.Amount() != s.Total.Amount() {
			t.Fatalf("lines %s, shown %s, accounts %s, total %s of %s: %v", exact, shown, accounts, s.Total, s.Exact, err)
		}
		if left, err := margin.Round(money.HalfEven); err != nil || !left.Equal(s.Margin) {
			t.Fatalf("the accounts leave %s, all of it %s: %v", margin, s.Margin, err)
		}
	})
}

// TestAnyOrder: rows and invoices in whatever order are the same statement, and so is the same twice.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		first := dump(t, compute(t, in))
		if again := dump(t, compute(t, in)); again != first {
			t.Fatalf("twice is\n%s\nonce\n%s", again, first)
		}
		in.Charges = rapid.Permutation(in.Charges).Draw(t, "charges")
		in.Invoices = rapid.Permutation(in.Invoices).Draw(t, "invoices")
		if other := dump(t, compute(t, in)); other != first {
			t.Fatalf("in another order\n%s\nbefore\n%s", other, first)
		}
	})
}

// TestDoubled: amounts that are doubled double all but the last digit: each row may be off by a unit of its sixth one.
func TestDoubled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		once := compute(t, in)
		double := in
		double.Charges = nil
		for _, c := range in.Charges {
			c.Amount = add(t, c.Amount, c.Amount)
			double.Charges = append(double.Charges, c)
		}
		twice := compute(t, double)
		if len(once.Lines) != len(twice.Lines) {
			t.Fatalf("%d lines, doubled %d", len(once.Lines), len(twice.Lines))
		}
		// A row is converted and gets a percentage, each off by at most half a unit; percentages of the sums come on top.
		most := big.NewRat(int64(4*len(in.Charges)+20), 1_000_000)
		off := new(big.Rat).Sub(rational(t, twice.Exact), new(big.Rat).Mul(big.NewRat(2, 1), rational(t, once.Exact)))
		if off.Abs(off).Cmp(most) > 0 {
			t.Fatalf("%s doubled is %s", once.Exact, twice.Exact)
		}
	})
}

func rational(t failer, m money.Money) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(m.Amount())
	if !ok {
		t.Fatal(m)
	}
	return r
}

func zero(t failer, in statement.Input) money.Money {
	t.Helper()
	m, err := money.Zero(in.Book.CurrencyCode)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func add(t failer, a, b money.Money) money.Money {
	t.Helper()
	sum, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
