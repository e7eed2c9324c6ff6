package statement

import (
	"slices"
	"strings"
	"unicode"

	"example.com/handover/services/billing/internal/pricebook"
)

// kind is what a charge is for, as deep as lines tell it apart.
type kind struct {
	category   pricebook.Category
	recordType string // only of what nobody knows
	nobodys    bool   // a discount of which nobody has said whose it is
	covered    bool   // usage that a Savings Plan covers, or its negation: together they are nothing
}

// CategoryOf tells what a charge is for. Cost Explorer's and the cost report's words for the same thing differ, so that
// both are known; what neither knows is OTHER. AWS's own tax, credits and discounts come before the seller: a refund of
// the marketplace is a refund.
func CategoryOf(c Charge, plans Plans) pricebook.Category { return kindOf(c, plans, nil).category }

// kindOf also asks the pricebook, which may say whose an unknown discount is; nil: it is not asked.
func kindOf(c Charge, plans Plans, book *pricebook.Pricebook) kind {
	w := word(c.RecordType)
	known := category(c.RecordType, w)
	switch {
	case known == pricebook.Discount, known == pricebook.PartnerDiscount:
		return discount(c.RecordType, w, known, book)
	case known == pricebook.Tax, known == pricebook.Credit:
		return kind{category: known}
	case c.Entity == Marketplace:
		return kind{category: pricebook.Marketplace}
	case plans.supports(c.Service):
		return kind{category: pricebook.Support}
	case known == pricebook.Other:
		return kind{category: known, recordType: c.RecordType}
	default:
		return kind{category: known, covered: w == "savingsplancoveredusage" || w == "savingsplannegation"}
	}
}

// discount is whose the pricebook says that a discount is, or its name. Those that AWS is known to give to the customer make one line; any
// other one that is none of the partner's is a line of its own, and somebody has to say whose it is.
func discount(recordType, w string, known pricebook.Category, book *pricebook.Pricebook) kind {
	if book != nil {
		switch of, said := book.DiscountFor(func(name string) bool { return word(name) == w }); {
		case said && of == pricebook.ForReseller:
			return kind{category: pricebook.PartnerDiscount}
		case said:
			return kind{category: pricebook.Discount}
		}
	}
	if known == pricebook.PartnerDiscount || slices.Contains(customersDiscounts(), w) {
		return kind{category: known}
	}
	return kind{category: pricebook.Discount, recordType: recordType, nobodys: true}
}

// customersDiscounts are the discounts that AWS gives to whoever uses its services.
func customersDiscounts() []string {
	return []string{
		"bundleddiscount", "edpdiscount", "enterprisediscountprogramdiscount", "privateratediscount", "rivolumediscount", "volumediscount",
	}
}

// partners reports whether a discount is AWS's for the reseller, which it spells in many ways. The program's short name is a word of its
// own: "AWS PPA Discount" is the customer's.
func partners(recordType, w string) bool {
	return strings.HasPrefix(w, "spp") || slices.Contains(words(recordType), "spp") || slices.ContainsFunc([]string{
		"solutionprovider", "reseller", "distributor", "partner",
	}, func(part string) bool { return strings.Contains(w, part) })
}

// words are those of a name, in lower case: what stands between spaces and signs, or begins with a capital letter.
func words(name string) []string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		before := i > 0 && unicode.IsUpper(r)
		if before && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			b.WriteRune(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
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
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func category(recordType, w string) pricebook.Category {
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
	}
	discounts := strings.Contains(strings.ReplaceAll(w, "discounted", ""), "discount")
	switch {
	case discounts && partners(recordType, w):
		return pricebook.PartnerDiscount
	case strings.HasPrefix(w, "savingsplan"):
		return pricebook.Commitment
	case discounts:
		return pricebook.Discount
	default:
		return pricebook.Other
	}
}
