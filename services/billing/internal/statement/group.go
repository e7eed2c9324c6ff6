package statement

import (
	"cmp"
	"slices"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

// Group is the sum of the charges that are alike.
type Group struct {
	Category   pricebook.Category `json:"category"`
	RecordType string             `json:"record_type,omitempty"` // only of what nobody knows, which stays by itself
	Entity     Entity             `json:"entity"`
	Cost       money.Money        `json:"cost"`
	Charges    int                `json:"charges"`
}

// Classify adds up what is alike, in a fixed order. Amounts in several currencies stay apart.
func Classify(charges []Charge, plans Plans) ([]Group, error) {
	type key struct {
		kind     kind
		entity   Entity
		currency string
	}
	sums := map[key]Group{}
	for _, c := range charges {
		k := key{kindOf(c, plans, nil), c.Entity, c.Amount.Currency()}
		g, known := sums[k]
		if !known {
			sums[k] = Group{k.kind.category, k.kind.recordType, k.entity, c.Amount, 1}
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
		return cmp.Or(cmp.Compare(place(a.Category), place(b.Category)), cmp.Compare(a.RecordType, b.RecordType),
			cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Cost.Currency(), b.Cost.Currency()))
	})
	return out, nil
}

// place is where an invoice shows a category.
func place(c pricebook.Category) int { return slices.Index(pricebook.Categories(), c) }

// Equal reports whether both are the same charges.
func (g Group) Equal(o Group) bool {
	return g.Category == o.Category && g.RecordType == o.RecordType && g.Entity == o.Entity && g.Charges == o.Charges && g.Cost.Equal(o.Cost)
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
