package rating

import (
	"slices"
	"strings"

	"example.com/handover/services/billing/internal/pricebook"
)

// CategoryOf tells what a charge is for. Cost Explorer's and the cost report's words for the same thing differ, so that
// both are known; what neither knows is OTHER. AWS's own tax, credits and discounts come before the seller: a refund of
// the marketplace is a refund.
func CategoryOf(c Charge, plans Plans) pricebook.Category {
	known := category(word(c.RecordType))
	switch {
	case known == pricebook.Tax, known == pricebook.Credit, known == pricebook.Discount, known == pricebook.PartnerDiscount:
		return known
	case c.Entity == Marketplace:
		return pricebook.Marketplace
	case plans.supports(c.Service):
		return pricebook.Support
	default:
		return known
	}
}

// Plans names AWS's support plans that do not say so themselves. AWS renames its plans and spells them as it likes: what has
// "support" in its name is support, whatever else is.
type Plans []string

// supports reports whether a service is a support plan. To take usage for support is seen in a line of its own; to take
// support for usage is not seen.
func (p Plans) supports(service string) bool {
	name := word(service)
	return strings.Contains(name, "support") ||
		slices.ContainsFunc(p, func(plan string) bool { return word(plan) != "" && strings.Contains(name, word(plan)) })
}

// word is a name of AWS's without what differs between its spellings.
func word(name string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(name))
}

func category(w string) pricebook.Category {
	switch w {
	case "usage":
		return pricebook.Usage
	case "recurring", "recurringreservationfee", "reservationappliedusage", "upfrontreservationfee", "discountedusage", "rifee":
		return pricebook.Commitment
	case "support":
		return pricebook.Support
	case "credit", "refund":
		return pricebook.Credit
	case "tax":
		return pricebook.Tax
	case "solutionproviderprogramdiscount", "sppdiscount", "distributordiscount":
		return pricebook.PartnerDiscount
	}
	switch {
	case strings.HasPrefix(w, "savingsplan"):
		return pricebook.Commitment // what is covered and its negation too: together they are nothing
	case strings.HasSuffix(w, "discount"):
		return pricebook.Discount
	default:
		return pricebook.Other
	}
}
