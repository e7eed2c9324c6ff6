package statement

import (
	"maps"
	"slices"
	"strings"

	"example.com/handover/pkg/money"
)

// digits is how many a converted amount and a percentage have after the point, row by row. Nothing else loses any before the total.
const digits = 6

// convert is an amount in the customer's currency; nil: it is in that.
func convert(m money.Money, x *Exchange) (money.Money, error) {
	if x == nil {
		return m, nil
	}
	product, err := m.MulRate(x.Rate)
	if err != nil {
		return m, err
	}
	if product, err = product.RoundTo(digits, money.HalfEven); err != nil { // first: the exact product may be longer than an amount is read
		return m, err
	}
	return money.Parse(x.To, product.Amount())
}

// percent is so many hundredths of an amount.
func percent(m money.Money, hundredths money.Rate) (money.Money, error) {
	exact, err := exactly(m, hundredths)
	if err != nil {
		return m, err
	}
	return exact.RoundTo(digits, money.HalfEven)
}

func exactly(m money.Money, hundredths money.Rate) (money.Money, error) {
	hundredfold, err := m.MulRate(hundredths)
	if err != nil {
		return m, err
	}
	hundredth, err := money.ParseRate("0.01")
	if err != nil {
		return m, err
	}
	return hundredfold.MulRate(hundredth)
}

// sum adds up; it stays at the first error.
type sum struct {
	of  money.Money
	err error
}

func newSum(currency string) *sum {
	zero, err := money.Zero(currency)
	return &sum{zero, err}
}

func (s *sum) add(m money.Money) {
	if s.err == nil {
		s.of, s.err = s.of.Add(m)
	}
}

func sorted(seen map[string]bool) []string { return slices.Sorted(maps.Keys(seen)) }

func joined(all []string) string { return strings.Join(all, ", ") }
