package statement

import (
	"slices"
	"strings"

	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/pricebook"
)

// named reports whether a service is one of these plans, by its whole name: "AWS Support (Enterprise On-Ramp)" is another plan than
// "AWS Support (Enterprise)".
func (p Plans) named(service string) bool {
	name := word(service)
	return slices.ContainsFunc(p, func(plan string) bool { return word(plan) == name })
}

// enterprise reports whether AWS shows the support that stands behind the reseller's own one. A refund or a credit for an earlier month
// does not show it.
func (in *Input) enterprise() bool {
	return slices.ContainsFunc(in.Charges, func(c Charge) bool {
		return in.Rules.Enterprise.named(c.Service) && CategoryOf(c, in.Rules.Plans) == pricebook.Support
	})
}

// hides reports whether a charge is of the support that AWS gives the reseller, which the customer does not pay twice: the plan, and what
// AWS pays back of it. A credit is the customer's whatever it is for.
func (b *book) hides(c Charge, k kind) bool {
	return b.ledBy && b.in.Rules.Enterprise.named(c.Service) && (k.category == pricebook.Support || word(c.RecordType) == "refund")
}

// partnerLed bills the reseller's own support, in the months in which AWS shows the one behind it, and takes off what was agreed on. There
// is nothing to take off without it.
func (b *book) partnerLed() error {
	if !b.ledBy {
		return nil
	}
	rule, known := b.in.Book.Rule(pricebook.PartnerLedSupport, b.in.Month)
	if !known {
		b.out.Holds = append(b.out.Holds, Hold{CodePricebookMissing, text.New("hold.support_price_missing")})
		return nil
	}
	if rule.Withheld {
		return nil
	}
	words := "Partner-led support, " + rule.Percent.String() + " % of the usage"
	if err := b.ofUsage(kind{category: pricebook.PartnerLedSupport}, words, rule.Percent); err != nil {
		return err
	}
	off, known := b.in.Book.Rule(pricebook.PartnerLedSupportDiscount, b.in.Month)
	if !known || off.Withheld {
		return nil
	}
	words = "Discount on partner-led support, " + strings.TrimPrefix(off.Percent.String(), "-") + " % of the usage"
	return b.ofUsage(kind{category: pricebook.PartnerLedSupportDiscount}, words, off.Percent)
}

// compareSupport holds where the order and AWS do not say the same of who supports. The figures are right for what AWS shows.
func (b *book) compareSupport() {
	agreed := b.in.Terms.PartnerLedSupport
	if agreed == b.in.enterprise() {
		return
	}
	why := "hold.support_not_at_aws"
	if !agreed {
		why = "hold.support_not_agreed"
	}
	b.out.Holds = append(b.out.Holds, Hold{CodeSupportMismatch, text.New(why)})
}
