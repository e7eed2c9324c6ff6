package money_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, currency, amount string
		want, reason           string
	}{
		{"usual", "EUR", "12.50", "12.50 EUR", ""},
		{"negative", "USD", "-0.01", "-0.01 USD", ""},
		{"integer", "JPY", "1200", "1200 JPY", ""},
		{"negative zero has no sign", "EUR", "-0.00", "0.00 EUR", ""},
		{"more digits than the currency shows", "EUR", "0.0000001234", "0.0000001234 EUR", ""},
		{
			"as long as allowed", "EUR", strings.Repeat("9", 38) + "." + strings.Repeat("9", 38),
			strings.Repeat("9", 38) + "." + strings.Repeat("9", 38) + " EUR", "",
		},
		{"too long", "EUR", strings.Repeat("9", 39), "", "AMOUNT_INVALID"},
		{"exponent", "EUR", "1e3", "", "AMOUNT_INVALID"},
		{"not a number", "EUR", "NaN", "", "AMOUNT_INVALID"},
		{"infinite", "EUR", "Inf", "", "AMOUNT_INVALID"},
		{"plus sign", "EUR", "+1", "", "AMOUNT_INVALID"},
		{"comma", "EUR", "1,50", "", "AMOUNT_INVALID"},
		{"nothing before the point", "EUR", ".5", "", "AMOUNT_INVALID"},
		{"nothing after the point", "EUR", "5.", "", "AMOUNT_INVALID"},
		{"digits of another script", "EUR", "١٢", "", "AMOUNT_INVALID"},
		{"new line at the end", "EUR", "1\n", "", "AMOUNT_INVALID"},
		{"nothing", "EUR", "", "", "AMOUNT_INVALID"},
		{"lower-case currency", "eur", "1", "", "CURRENCY_INVALID"},
		{"no currency", "", "1", "", "CURRENCY_INVALID"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := money.Parse(tt.currency, tt.amount)
			if got := errs.ReasonOf(err); got != tt.reason || (err != nil) != (tt.reason != "") {
				t.Fatalf("error %v, want reason %q", err, tt.reason)
			}
			if err == nil && m.String() != tt.want {
				t.Errorf("got %q, want %q", m, tt.want)
			}
		})
	}
}

func TestRound(t *testing.T) {
	tests := []struct {
		amount, currency       string
		halfEven, up, towards0 string
	}{
		{"2.345", "EUR", "2.34", "2.35", "2.34"},
		{"2.355", "EUR", "2.36", "2.36", "2.35"},
		{"-2.345", "EUR", "-2.34", "-2.35", "-2.34"},
		{"2.3450000000000000000001", "EUR", "2.35", "2.35", "2.34"},
		{"7", "EUR", "7.00", "7.00", "7.00"},
		{"0.004", "EUR", "0.00", "0.00", "0.00"},
		{"0.00005", "EUR", "0.00", "0.00", "0.00"},
		{"0.005", "EUR", "0.00", "0.01", "0.00"},
		{"-0.004", "EUR", "0.00", "0.00", "0.00"},
		{"9.999", "USD", "10.00", "10.00", "9.99"},
		{"0.5", "JPY", "0", "1", "0"},
		{"1.5", "JPY", "2", "2", "1"},
		{"1234.5", "KRW", "1234", "1235", "1234"},
		{"1.23450", "KWD", "1.234", "1.235", "1.234"},
		{"1.2", "BHD", "1.200", "1.200", "1.200"},
	}
	for _, tt := range tests {
		t.Run(tt.amount+" "+tt.currency, func(t *testing.T) {
			m := parse(t, tt.currency, tt.amount)
			for mode, want := range map[money.Rounding]string{money.HalfEven: tt.halfEven, money.HalfUp: tt.up, money.Down: tt.towards0} {
				got, err := m.Round(mode)
				if err != nil || got.Amount() != want || got.Currency() != tt.currency {
					t.Errorf("%s: got %v (%v), want %s", mode, got, err, want)
				}
			}
			if m.Amount() != tt.amount {
				t.Errorf("rounding changed its operand to %v", m)
			}
		})
	}
}

func TestCurrenciesDoNotMix(t *testing.T) {
	eur, usd := parse(t, "EUR", "1.00"), parse(t, "USD", "1.00")
	_, added := eur.Add(usd)
	_, subtracted := eur.Sub(usd)
	_, compared := eur.Cmp(usd)
	_, unnamed := eur.Add(money.Money{})
	for name, err := range map[string]error{"Add": added, "Sub": subtracted, "Cmp": compared, "no currency": unnamed} {
		if errs.ReasonOf(err) != "CURRENCY_MISMATCH" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if eur.Equal(usd) {
		t.Error("one euro equals one dollar")
	}
}

func TestJSON(t *testing.T) {
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"usual", `{"currency_code":"EUR","amount":"12.50"}`, true},
		{"nothing", `{"currency_code":"","amount":"0"}`, true},
		{"number", `{"currency_code":"EUR","amount":12.5}`, false},
		{"no currency", `{"amount":"12.5"}`, false},
		{"no amount", `{"currency_code":"EUR"}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m money.Money
			if err := json.Unmarshal([]byte(tt.text), &m); (err == nil) != tt.ok {
				t.Fatalf("error %v, want ok %t", err, tt.ok)
			}
			if back, err := json.Marshal(m); tt.ok && string(back) != tt.text {
				t.Errorf("written back as %s (%v)", back, err)
			}
		})
	}
}

func TestArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyAmount(t, "a"), anyAmount(t, "b")
		x, y := parse(t, "EUR", a), parse(t, "EUR", b)
		rate, err := money.ParseRate(b)
		if err != nil {
			t.Fatal(err)
		}
		sum, err1 := x.Add(y)
		difference, err2 := x.Sub(y)
		product, err3 := x.MulRate(rate)
		order, err4 := x.Cmp(y)
		if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Fatal(err1, err2, err3, err4)
		}
		sameNumber(t, sum, new(big.Rat).Add(rational(a), rational(b)))
		sameNumber(t, difference, new(big.Rat).Sub(rational(a), rational(b)))
		sameNumber(t, product, new(big.Rat).Mul(rational(a), rational(b)))
		sameNumber(t, x.Neg(), new(big.Rat).Neg(rational(a)))
		if order != rational(a).Cmp(rational(b)) || x.Equal(y) != (order == 0) || difference.IsZero() != (order == 0) {
			t.Fatalf("%s and %s compare as %d", a, b, order)
		}
		if x.Amount() != parse(t, "EUR", a).Amount() || y.Amount() != parse(t, "EUR", b).Amount() {
			t.Fatal("an operand changed")
		}
	})
}

func TestRoundingIsNear(t *testing.T) {
	cent := big.NewRat(1, 100)
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount(t, "a")
		mode := rapid.SampledFrom([]money.Rounding{money.HalfEven, money.HalfUp, money.Down}).Draw(t, "mode")
		rounded, err := parse(t, "EUR", a).Round(mode)
		if err != nil {
			t.Fatal(err)
		}
		off := new(big.Rat).Sub(rational(rounded.Amount()), rational(a))
		if mode != money.Down {
			off.Mul(off, big.NewRat(2, 1)) // the nearest is at most half a cent away
		}
		if limit := off.Abs(off).Cmp(cent); limit > 0 || mode == money.Down && limit == 0 {
			t.Fatalf("%s rounds to %s", a, rounded)
		}
		if again, err := rounded.Round(mode); err != nil || again.Amount() != rounded.Amount() {
			t.Fatalf("%s rounds again to %s (%v)", rounded, again, err)
		}
	})
}

func TestTooManyDigitsIsAnError(t *testing.T) {
	m := parse(t, "EUR", "0."+strings.Repeat("1", 38))
	rate, err := money.ParseRate("0." + strings.Repeat("7", 38))
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		next, err := m.MulRate(rate)
		if err != nil {
			if errs.ReasonOf(err) != "AMOUNT_INVALID" {
				t.Errorf("got %v", err)
			}
			return
		}
		m = next
	}
	t.Errorf("ended with %s instead of an error", m)
}

func anyAmount(t *rapid.T, label string) string {
	return rapid.StringMatching(`-?[0-9]{1,25}(\.[0-9]{1,25})?`).Draw(t, label)
}

func rational(s string) *big.Rat {
	r, _ := new(big.Rat).SetString(s)
	return r
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func sameNumber(t failer, got money.Money, want *big.Rat) {
	t.Helper()
	if rational(got.Amount()).Cmp(want) != 0 {
		t.Fatalf("got %s, want %s", got, want.FloatString(60))
	}
}

func parse(t failer, currency, amount string) money.Money {
	t.Helper()
	m, err := money.Parse(currency, amount)
	if err != nil {
		t.Fatalf("%s %s: %v", amount, currency, err)
	}
	return m
}
