package rating

import (
	"slices"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

// rounding is how the amount of a line becomes one that its currency can show: to the nearest, a tie away from zero.
const rounding = money.HalfUp

// Obstacle is what is missing to price.
type Obstacle string

// The obstacles.
const (
	NoPrice Obstacle = "PRICEBOOK_MISSING"     // no rule for something that needs one
	NoRate  Obstacle = "EXCHANGE_RATE_MISSING" // no way from AWS's currency to the invoice's
)

// Order is what is to be priced, and how.
type Order struct {
	Month             calendar.Month
	Currency          string // of AWS's charges
	Groups            []Group
	Quotes            []Quote // of AWS's invoices, each one's
	Book              *pricebook.Pricebook
	PartnerLedSupport bool
	Discount          string // percent off the usage as it is billed, by agreement; empty: none
}

// Line is one category with its price, or a kind of charge of its own.
type Line struct {
	Category    pricebook.Category `json:"category"`
	Description string             `json:"description"`
	Price       money.Money        `json:"price"` // rounded
}

// Priced is a month with its prices.
type Priced struct {
	Lines    []Line      `json:"lines,omitempty"` // what is passed on; they add up to Total
	Total    money.Money `json:"total"`
	Margin   money.Money `json:"margin"` // Total less what AWS charges the reseller before tax, in the invoice's currency
	Exchange *Exchange   `json:"exchange,omitempty"`
}

// Price prices a month. With an obstacle there is no price.
func Price(o Order) (Priced, Obstacle, error) {
	x, known := exchange(o.Currency, o.Quotes, o.Book, o.Month)
	if !known {
		return Priced{}, NoRate, nil
	}
	p := Priced{Exchange: x}
	for _, sum := range lines(o) {
		line, err := sum.price(x)
		if err != nil {
			return Priced{}, "", err
		}
		p.Lines = append(p.Lines, line)
	}
	if o.Discount != "" {
		line, err := o.discount(p.Lines)
		if err != nil {
			return Priced{}, "", err
		}
		p.Lines = append(p.Lines, line)
		sortLines(p.Lines)
	}
	if o.PartnerLedSupport {
		line, known, err := o.support(p.Lines)
		if err != nil || !known {
			return Priced{}, NoPrice, err
		}
		p.Lines = append(p.Lines, line)
		sortLines(p.Lines)
	}
	var err error
	if p.Total, err = total(o.Book.CurrencyCode, p.Lines); err != nil {
		return Priced{}, "", err
	}
	p.Margin, err = o.margin(p.Total, x)
	return p, "", err
}

// support is the reseller's own support: a percentage of the usage as the customer is billed for it, so that the line
// agrees with the one above it and tells nothing of what AWS charges. False without a rule that says how much.
func (o Order) support(billed []Line) (Line, bool, error) {
	rule, known := o.Book.Rule(pricebook.PartnerLedSupport, o.Month)
	if !known {
		return Line{}, false, nil
	}
	if rule.Withheld {
		billed = nil
	}
	line, err := o.ofUsage(billed, rule.Percent)
	line.Category, line.Description = pricebook.PartnerLedSupport, "Partner-led support, "+rule.Percent.String()+" % of the usage"
	return line, true, err
}

// discount is what was agreed on with the customer, a percentage off the usage as it is billed. It does not lessen the reseller's support.
func (o Order) discount(billed []Line) (Line, error) {
	off, err := money.ParseRate("-" + o.Discount)
	if err != nil {
		return Line{}, err
	}
	line, err := o.ofUsage(billed, off)
	line.Category, line.Description = pricebook.Discount, "Agreed discount, "+o.Discount+" % of the usage"
	return line, err
}

// ofUsage is a percentage of the usage as it is billed.
func (o Order) ofUsage(billed []Line, hundredths money.Rate) (Line, error) {
	var usage []Line
	for _, l := range billed {
		if l.Category == pricebook.Usage {
			usage = append(usage, l)
		}
	}
	sum, err := total(o.Book.CurrencyCode, usage)
	if err != nil {
		return Line{}, err
	}
	share, err := percent(sum, hundredths)
	if err != nil {
		return Line{}, err
	}
	return rounded(share, nil) // it is in the customer's currency
}

// margin counts tax as a cost only where it is passed on: otherwise the reseller settles it with its tax office.
func (o Order) margin(total money.Money, x *Exchange) (money.Money, error) {
	tax, _ := o.Book.Rule(pricebook.Tax, o.Month)
	cost, err := Cost(o.Currency, o.Groups, func(g Group) bool { return g.Category != pricebook.Tax || !tax.Withheld })
	if err != nil {
		return money.Money{}, err
	}
	paid, err := rounded(cost, x)
	if err != nil {
		return money.Money{}, err
	}
	return total.Sub(paid.Price)
}

// Cost adds up what AWS charges, exactly.
func Cost(currency string, groups []Group, counts func(Group) bool) (money.Money, error) {
	sum, err := money.Zero(currency)
	for _, g := range groups {
		if err == nil && counts(g) {
			sum, err = sum.Add(g.Cost)
		}
	}
	return sum, err
}

func total(currency string, lines []Line) (money.Money, error) {
	zero, err := money.Zero(currency)
	if err != nil {
		return zero, err
	}
	sum, err := zero.Round(rounding)
	for _, l := range lines {
		if err == nil {
			sum, err = sum.Add(l.Price)
		}
	}
	return sum, err
}

// Equal reports whether both are the same prices; a nil one equals none.
func (p *Priced) Equal(o Priced) bool {
	return p != nil && p.Total.Equal(o.Total) && p.Margin.Equal(o.Margin) &&
		slices.EqualFunc(p.Lines, o.Lines, Line.equal) && p.Exchange.equal(o.Exchange)
}

func (l Line) equal(o Line) bool {
	return l.Category == o.Category && l.Description == o.Description && l.Price.Equal(o.Price)
}

func (x *Exchange) equal(o *Exchange) bool {
	if x == nil || o == nil {
		return x == o
	}
	return x.From == o.From && x.To == o.To && x.Rate.String() == o.Rate.String() && x.Source == o.Source
}
