// Package rating turns what AWS charges into what the customer pays: every charge gets a category, every category a
// price by the rule of its month, and every line is rounded by itself, so that the lines of an invoice add up.
//
// It owns the categories of AWS's record types, the conversion and the rounding. All arithmetic is exact but for one
// named rounding per line. It owns no rule (package pricebook) and no state (package period), and calls nothing.
package rating

import (
	"cmp"
	"slices"
	"strings"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

// Charge is one amount that AWS shows for a month.
type Charge struct {
	Service    string // "Amazon Simple Storage Service"
	RecordType string // AWS's word: "Usage", "Solution Provider Program Discount"
	Entity     Entity // who sells
	Amount     money.Money
}

// Entity is who sells, in the words of AWS's invoices.
type Entity string

// The entities.
const (
	AWS         Entity = "AWS"
	Marketplace Entity = "AWS_MARKETPLACE"
)

// EntityOf reads the word of Cost Explorer, which is another one than that of the invoices.
func EntityOf(billingEntity string) Entity {
	if strings.Contains(strings.ToLower(billingEntity), "marketplace") {
		return Marketplace
	}
	return AWS
}

// Group is the sum of the charges that are alike.
type Group struct {
	Category   pricebook.Category `json:"category"`
	RecordType string             `json:"record_type,omitempty"` // only of OTHER: what nobody knows stays a line of its own
	Entity     Entity             `json:"entity"`
	Cost       money.Money        `json:"cost"`
	Charges    int                `json:"charges"`
}

// Classify adds up what is alike, in a fixed order.
func Classify(charges []Charge, plans Plans) ([]Group, error) {
	type key struct {
		category   pricebook.Category
		recordType string
		entity     Entity
	}
	sums := map[key]Group{}
	for _, c := range charges {
		k := key{category: CategoryOf(c, plans), entity: c.Entity}
		if k.category == pricebook.Other {
			k.recordType = c.RecordType
		}
		g, known := sums[k]
		if !known {
			sums[k] = Group{k.category, k.recordType, k.entity, c.Amount, 1}
			continue
		}
		sum, err := g.Cost.Add(c.Amount)
		if err != nil {
			return nil, err
		}
		g.Cost, g.Charges = sum, g.Charges+1
		sums[k] = g
	}
	out := make([]Group, 0, len(sums))
	for _, g := range sums {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(place(a.Category), place(b.Category)), cmp.Compare(a.RecordType, b.RecordType), cmp.Compare(a.Entity, b.Entity))
	})
	return out, nil
}

// place is where an invoice shows a category.
func place(c pricebook.Category) int { return slices.Index(pricebook.Categories(), c) }

// Equal reports whether both are the same charges.
func (g Group) Equal(o Group) bool {
	return g.Category == o.Category && g.RecordType == o.RecordType && g.Entity == o.Entity && g.Charges == o.Charges && g.Cost.Equal(o.Cost)
}
