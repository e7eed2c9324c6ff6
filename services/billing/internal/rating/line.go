package rating

import (
	"slices"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

// sum is a line before it has its price.
type sum struct {
	category   pricebook.Category
	recordType string
	cost       money.Money
	rule       pricebook.Rule
	err        error
}

// lines joins the groups of each category, whoever sells, and leaves out what is withheld.
func lines(o Order) []sum {
	var out []sum
	for _, g := range o.Groups {
		rule, _ := o.Book.Rule(g.Category, o.Month)
		if rule.Withheld {
			continue
		}
		i := slices.IndexFunc(out, func(s sum) bool { return s.category == g.Category && s.recordType == g.RecordType })
		if i < 0 {
			out = append(out, sum{category: g.Category, recordType: g.RecordType, cost: g.Cost, rule: rule})
			continue
		}
		s := &out[i]
		if s.err == nil {
			s.cost, s.err = s.cost.Add(g.Cost)
		}
	}
	return out
}

// price is what the customer pays for the line.
func (s sum) price(x *Exchange) (Line, error) {
	if s.err != nil {
		return Line{}, s.err
	}
	added, err := percent(s.cost, s.rule.Percent)
	if err != nil {
		return Line{}, err
	}
	exact, err := s.cost.Add(added)
	if err != nil {
		return Line{}, err
	}
	line, err := rounded(exact, x)
	line.Category, line.Description = s.category, description(s.category, s.recordType)
	return line, err
}

// percent is so many hundredths of an amount, exactly.
func percent(m money.Money, percent money.Rate) (money.Money, error) {
	hundredfold, err := m.MulRate(percent)
	if err != nil {
		return m, err
	}
	hundredth, err := money.ParseRate("0.01")
	if err != nil {
		return m, err
	}
	return hundredfold.MulRate(hundredth)
}

// rounded is the only place where an amount loses digits.
func rounded(m money.Money, x *Exchange) (Line, error) {
	exact, err := convert(m, x)
	if err != nil {
		return Line{}, err
	}
	price, err := exact.Round(rounding)
	return Line{Price: price}, err
}

func sortLines(all []Line) {
	slices.SortStableFunc(all, func(a, b Line) int { return place(a.Category) - place(b.Category) })
}

// description is the line in words.
func description(c pricebook.Category, recordType string) string {
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
	default:
		return "Other charges: " + recordType
	}
}
