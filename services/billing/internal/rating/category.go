package rating

import (
	"strings"

	"example.com/handover/services/billing/internal/pricebook"
)

// CategoryOf tells what a charge is for. Cost Explorer's and the cost report's words for the same thing differ, so that
// both are known; what neither knows is OTHER. AWS's own tax, credits and discounts come before the seller: a refund of
// the marketplace is a refund.
func CategoryOf(c Charge) pricebook.Category {
	known := category(word(c.RecordType))
	switch {
	case known == pricebook.Tax, known == pricebook.Credit, known == pricebook.Discount, known == pricebook.PartnerDiscount:
		return known
	case c.Entity == Marketplace:
		return pricebook.Marketplace
	case strings.HasPrefix(c.Service, "AWS Support"), strings.HasPrefix(c.Service, "AWS Premium Support"):
		return pricebook.Support
	default:
		return known
	}
}

// word is a record type without what differs between AWS's spellings of it.
func word(recordType string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(recordType))
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
