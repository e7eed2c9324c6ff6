// Package money is exact decimal money: an amount with its currency, and rates to multiply it by. Nothing here ever
// rounds unless Round is called with a named mode, and nothing is ever a float.
//
// It owns arithmetic and the wire form. Exchange rates, taxes and when a sum is rounded belong to billing.
package money

import (
	"regexp"

	"github.com/cockroachdb/apd/v3"

	"example.com/handover/pkg/errs"
)

// Money is an immutable amount in one currency. The zero Money has no currency and the amount 0.
type Money struct {
	currency string
	amount   apd.Decimal // shared between copies and therefore never written to
}

// Rate is an immutable decimal factor: 0.07 for seven percent.
type Rate struct{ factor apd.Decimal }

// Rounding is how Round treats what a currency cannot show.
type Rounding string

// The roundings.
const (
	HalfEven Rounding = Rounding(apd.RoundHalfEven) // to the nearest, a tie to the even digit
	HalfUp   Rounding = Rounding(apd.RoundHalfUp)   // to the nearest, a tie away from zero
	Down     Rounding = Rounding(apd.RoundDown)     // towards zero
)

// precision is far beyond any sum; a result that needs more digits is an error, never a rounded number.
const precision = 200

var (
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	plainDecimal = regexp.MustCompile(`^-?[0-9]{1,38}(\.[0-9]{1,38})?$`)
)

func exactly() *apd.Context {
	return &apd.Context{
		Precision: precision, MaxExponent: precision, MinExponent: -precision,
		Traps: apd.DefaultTraps | apd.Inexact | apd.Rounded,
	}
}

// Parse reads a currency in ISO 4217 capitals and a plain decimal of at most 38 digits before the point and 38 after
// it. Reasons: CURRENCY_INVALID, AMOUNT_INVALID.
func Parse(currency, amount string) (Money, error) {
	if !currencyCode.MatchString(currency) {
		return Money{}, errs.InvalidField("currency_code", "CURRENCY_INVALID", "%q is not a currency code", currency)
	}
	d, err := decimal(amount)
	return Money{currency, d}, err
}

// Zero returns nothing in a currency, to start a sum with.
func Zero(currency string) (Money, error) { return Parse(currency, "0") }

// ParseRate reads a plain decimal with the limits of Parse. Reason: AMOUNT_INVALID.
func ParseRate(s string) (Rate, error) {
	d, err := decimal(s)
	return Rate{d}, err
}

func decimal(s string) (apd.Decimal, error) {
	if !plainDecimal.MatchString(s) {
		return apd.Decimal{}, errs.InvalidField("amount", "AMOUNT_INVALID", "%q is not a plain decimal number", s)
	}
	d, _, err := exactly().NewFromString(s)
	if err != nil {
		return apd.Decimal{}, errs.Wrap(err, errs.Invalid, "AMOUNT_INVALID", "%q cannot be read", s)
	}
	return unsigned(d), nil
}

// unsigned drops the sign of a negative zero, which no document should show.
func unsigned(d *apd.Decimal) apd.Decimal {
	d.Negative = d.Negative && !d.IsZero()
	return *d
}

// Currency returns the ISO 4217 code.
func (m Money) Currency() string { return m.currency }

// Amount returns the plain decimal, with the digits that it was given or that arithmetic needed: "12.50".
func (m Money) Amount() string { return m.amount.Text('f') }

func (m Money) String() string { return m.Amount() + " " + m.currency }

// Positive reports whether the factor is above zero.
func (r Rate) Positive() bool { return r.factor.Sign() > 0 }

// Equal reports whether both are the same number; 0.9 and 0.90 are.
func (r Rate) Equal(o Rate) bool { return r.factor.Cmp(&o.factor) == 0 }

func (r Rate) String() string { return r.factor.Text('f') }

// Add returns m + o. Reason: CURRENCY_MISMATCH.
func (m Money) Add(o Money) (Money, error) { return m.combine(o, (*apd.Context).Add) }

// Sub returns m - o. Reason: CURRENCY_MISMATCH.
func (m Money) Sub(o Money) (Money, error) { return m.combine(o, (*apd.Context).Sub) }

type operation func(c *apd.Context, d, x, y *apd.Decimal) (apd.Condition, error)

func (m Money) combine(o Money, do operation) (Money, error) {
	if err := m.sameCurrency(o); err != nil {
		return Money{}, err
	}
	return m.compute(&o.amount, do)
}

func (m Money) compute(y *apd.Decimal, do operation) (Money, error) {
	var d apd.Decimal
	if _, err := do(exactly(), &d, &m.amount, y); err != nil {
		return Money{}, errs.Wrap(err, errs.Invalid, "AMOUNT_INVALID", "the amount has more digits than can be kept")
	}
	return Money{m.currency, unsigned(&d)}, nil
}

func (m Money) sameCurrency(o Money) error {
	if m.currency != o.currency {
		return errs.New(errs.Invalid, "CURRENCY_MISMATCH", "%s and %s cannot be combined", m.currency, o.currency)
	}
	return nil
}

// MulRate returns m times the rate, exactly: it may have more digits than the currency shows.
func (m Money) MulRate(r Rate) (Money, error) { return m.compute(&r.factor, (*apd.Context).Mul) }

// Neg returns -m.
func (m Money) Neg() Money {
	var d apd.Decimal
	d.Neg(&m.amount)
	return Money{m.currency, unsigned(&d)}
}

// Cmp returns -1, 0 or 1; 1.0 and 1.00 are equal. Reason: CURRENCY_MISMATCH.
func (m Money) Cmp(o Money) (int, error) { return m.amount.Cmp(&o.amount), m.sameCurrency(o) }

// Equal reports whether both are the same amount in the same currency.
func (m Money) Equal(o Money) bool { return m.currency == o.currency && m.amount.Cmp(&o.amount) == 0 }

// IsZero reports whether the amount is 0, in whatever currency.
func (m Money) IsZero() bool { return m.amount.IsZero() }

// Sign returns -1, 0 or 1.
func (m Money) Sign() int { return m.amount.Sign() }

// Round returns m with exactly the digits its currency shows.
func (m Money) Round(mode Rounding) (Money, error) { return m.RoundTo(minorDigits(m.currency), mode) }

// RoundTo returns m with exactly so many digits after the point.
func (m Money) RoundTo(digits int32, mode Rounding) (Money, error) {
	return m.compute(nil, func(c *apd.Context, d, x, _ *apd.Decimal) (apd.Condition, error) {
		c.Rounding, c.Traps = apd.Rounder(mode), apd.DefaultTraps
		return c.Quantize(d, x, -digits)
	})
}
