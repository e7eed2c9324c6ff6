package statement

import (
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

// show rounds: the total once, to what the currency shows, and each line by itself. What is left between both stands on the largest line.
func (s *Statement) show(currency string) error {
	exact := newSum(currency)
	for _, l := range s.Lines {
		exact.add(l.Exact)
	}
	if exact.err != nil {
		return exact.err
	}
	total, err := exact.of.Round(money.HalfEven)
	if err != nil {
		return err
	}
	s.Exact, s.Total = exact.of, total
	rest, largest := total, -1
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Price, err = l.Exact.Round(money.HalfEven); err != nil {
			return err
		}
		if rest, err = rest.Sub(l.Price); err != nil {
			return err
		}
		if larger, err := l.largerThan(s.Lines, largest); err != nil {
			return err
		} else if larger {
			largest = i
		}
	}
	if largest < 0 || rest.IsZero() {
		return nil
	}
	l := &s.Lines[largest]
	l.Price, err = l.Price.Add(rest)
	return err
}

// largerThan reports whether a line is larger than another one of them, whichever way; -1: there is none.
func (l *Line) largerThan(all []Line, other int) (bool, error) {
	if other < 0 {
		return true, nil
	}
	c, err := positive(l.Exact).Cmp(positive(all[other].Exact))
	return c > 0, err
}

func positive(m money.Money) money.Money {
	if m.Sign() < 0 {
		return m.Neg()
	}
	return m
}

// describe is a line in words.
func describe(k kind) string {
	switch {
	case k.nobodys:
		return "Discounts: " + k.recordType
	case k.category == pricebook.Other:
		return "Other charges: " + k.recordType
	}
	return description(k.category)
}

func description(c pricebook.Category) string {
	switch c {
	case pricebook.Usage:
		return "AWS usage"
	case pricebook.Commitment:
		return "Reserved Instances and Savings Plans"
	case pricebook.Marketplace:
		return "AWS Marketplace"
	case pricebook.Support:
		return "AWS Support"
	case pricebook.Discount:
		return "Discounts"
	case pricebook.PartnerDiscount:
		return "Partner discount"
	case pricebook.Credit:
		return "Credits and refunds"
	case pricebook.Tax:
		return "Tax charged by AWS"
	case pricebook.PartnerLedSupport:
		return "Partner-led support"
	case pricebook.PartnerLedSupportDiscount:
		return "Discount on partner-led support"
	default:
		return "Other charges"
	}
}
