package bill

import (
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/state"
)

// baseCurrency is what AWS computes in.
const baseCurrency = "USD"

// Amounts are what an invoice adds up to, each with the digits that its currency shows. SubTotal and all parts make the
// total: parts that are taken off are negative.
type Amounts struct {
	SubTotal  money.Money
	Discounts []Part
	Taxes     []Part
	BeforeTax money.Money
	Total     money.Money
}

// Part is one line of a breakdown.
type Part struct {
	Description string
	Amount      money.Money
}

// amountsOf adds lines up exactly and rounds the sums.
func amountsOf(lines []state.Usage) (Amounts, error) {
	total, err := money.Zero(baseCurrency)
	if err != nil {
		return Amounts{}, err
	}
	var discounts, taxes []Part
	for _, u := range lines {
		amount, err := money.Parse(baseCurrency, u.Amount)
		if err != nil {
			return Amounts{}, err
		}
		if total, err = total.Add(amount); err != nil {
			return Amounts{}, err
		}
		switch {
		case u.RecordType == recordTax:
			taxes, err = added(taxes, u.RecordType, amount)
		case isDiscount(u.RecordType):
			discounts, err = added(discounts, u.RecordType, amount)
		}
		if err != nil {
			return Amounts{}, err
		}
	}
	return rounded(total, discounts, taxes)
}

// added puts an amount to the part of that description.
func added(parts []Part, description string, amount money.Money) ([]Part, error) {
	for i := range parts {
		if parts[i].Description == description {
			sum, err := parts[i].Amount.Add(amount)
			parts[i].Amount = sum
			return parts, err
		}
	}
	return append(parts, Part{description, amount}), nil
}

// rounded rounds the total and the parts; the sub-total is the rest, so that an invoice always adds up.
func rounded(total money.Money, discounts, taxes []Part) (Amounts, error) {
	a := Amounts{}
	var err error
	if a.Total, err = total.Round(money.HalfUp); err != nil {
		return a, err
	}
	if a.Taxes, a.BeforeTax, err = takenOut(a.Total, taxes); err != nil {
		return a, err
	}
	a.Discounts, a.SubTotal, err = takenOut(a.BeforeTax, discounts)
	return a, err
}

// takenOut rounds the parts and returns what of a sum they leave.
func takenOut(sum money.Money, parts []Part) (out []Part, rest money.Money, err error) {
	rest = sum
	for _, p := range parts {
		if p.Amount, err = p.Amount.Round(money.HalfUp); err != nil {
			return nil, rest, err
		}
		if rest, err = rest.Sub(p.Amount); err != nil {
			return nil, rest, err
		}
		out = append(out, p)
	}
	return out, rest, nil
}

// adjusted is the same with another total; the sub-total takes the difference.
func (a Amounts) adjusted(total money.Money) (Amounts, error) {
	return rounded(total, a.Discounts, a.Taxes)
}

// in converts the total and the parts, each on its own.
func (a Amounts) in(currency, rate string) (Amounts, error) {
	convert, err := converter(currency, rate)
	if err != nil {
		return Amounts{}, err
	}
	total, err := convert(a.Total)
	if err != nil {
		return Amounts{}, err
	}
	discounts, err := converted(a.Discounts, convert)
	if err != nil {
		return Amounts{}, err
	}
	taxes, err := converted(a.Taxes, convert)
	if err != nil {
		return Amounts{}, err
	}
	return rounded(total, discounts, taxes)
}

func converter(currency, rate string) (func(money.Money) (money.Money, error), error) {
	factor, err := money.ParseRate(rate)
	return func(m money.Money) (money.Money, error) {
		product, err := m.MulRate(factor)
		if err != nil {
			return m, err
		}
		return money.Parse(currency, product.Amount())
	}, err
}

func converted(parts []Part, convert func(money.Money) (money.Money, error)) ([]Part, error) {
	var out []Part
	for _, p := range parts {
		amount, err := convert(p.Amount)
		if err != nil {
			return nil, err
		}
		out = append(out, Part{p.Description, amount})
	}
	return out, nil
}

// Sum adds parts up.
func Sum(currency string, parts []Part) (money.Money, error) {
	sum, err := money.Zero(currency)
	for _, p := range parts {
		if err == nil {
			sum, err = sum.Add(p.Amount)
		}
	}
	return sum, err
}
