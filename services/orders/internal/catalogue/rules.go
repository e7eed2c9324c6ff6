package catalogue

import (
	"time"

	"example.com/handover/pkg/text"
)

// The rules that can be held against an order. A rule's key says which question is asked; everything else about it is
// data.
const (
	RuleSaleBegun         = "SALE_BEGUN"
	RuleSaleOpen          = "SALE_OPEN"
	RuleNewAgreement      = "NEW_AGREEMENT"
	RuleCountry           = "COUNTRY"
	RuleCurrency          = "CURRENCY"
	RulePartition         = "PARTITION"
	RulePrivatePricing    = "PRIVATE_PRICING"
	RuleTierTwoResale     = "TIER_TWO_RESALE"
	RuleManagementAccount = "MANAGEMENT_ACCOUNT"
)

// Rule is one eligibility rule. Its validity makes it a switch: Operations ends a rule, not a release (ORD-013).
type Rule struct {
	Key        string     `json:"key"`                  // which question is asked
	Generation Generation `json:"generation,omitempty"` // only for products of this generation; empty: for all
	From       time.Time  `json:"from,omitzero"`        // in force from this instant on; zero: always was
	Until      time.Time  `json:"until,omitzero"`       // no longer in force from this instant on; zero: no end
	Field      string     `json:"field"`                // the field of an order it is about
	Refusal    string     `json:"refusal"`              // reason of the refusal when it failed
	Who        string     `json:"who"`                  // who can mend it
	Exceptions bool       `json:"exceptions,omitempty"` // Operations may let a customer order nevertheless
	Fixed      bool       `json:"fixed,omitempty"`      // it is always in force
}

// Requirement is what must be so.
func (r Rule) Requirement() text.Text { return text.Text{Key: "rule." + r.Key} }

// Instruct is what to do when it is not so.
func (r Rule) Instruct() text.Text { return text.Text{Key: "rule_remedy." + r.Key} }

// InForce reports whether the rule counts at this instant for products of this generation.
func (r Rule) InForce(g Generation, now time.Time) bool {
	return (r.Generation == "" || r.Generation == g) &&
		!now.Before(r.From) && (r.Until.IsZero() || now.Before(r.Until))
}

// StandardRules returns the rules of the first release. Whatever they do not exclude is covered (ORD-007).
func StandardRules() []Rule {
	return append(salesRules(), transferRules()...)
}

// salesRules say whom the seller may sell to at all.
func salesRules() []Rule {
	return []Rule{
		// ORD-005, ORD-011: when a product is sold is in its window, and not in the time of a rule
		{Key: RuleSaleBegun, Field: "product_id", Refusal: ReasonSaleNotBegun, Who: "CUSTOMER", Fixed: true},
		{Key: RuleSaleOpen, Field: "product_id", Refusal: ReasonSaleEnded, Who: "CUSTOMER", Fixed: true},
		{ // ORD-004, ORD-005
			Key: RuleNewAgreement, Generation: Legacy, From: time.Date(2026, time.February, 19, 0, 0, 0, 0, time.UTC),
			Field: "product_id", Refusal: ReasonNotEligible, Who: "CUSTOMER", Exceptions: true,
		},
		{ // ORD-003: invoices must be issued where the customer is
			Key: RuleCountry, Field: "customer_id", Refusal: ReasonCountryNotServed, Who: "OPERATOR", Fixed: true,
		},
		{ // ORD-034
			Key: RuleCurrency, Field: "currency_code", Refusal: ReasonCurrencyNotServed, Who: "CUSTOMER", Fixed: true,
		},
	}
}

// transferRules say which AWS accounts can be taken over by billing transfer.
func transferRules() []Rule {
	return []Rule{
		{ // ORD-002, ORD-009
			Key: RulePartition, Generation: BillingTransfer, Field: "declared.partition", Refusal: ReasonNotEligible, Who: "CUSTOMER",
		},
		{ // ORD-008, ORD-013
			Key: RulePrivatePricing, Generation: BillingTransfer, Field: "declared.private_pricing", Refusal: ReasonNotEligible, Who: "CUSTOMER",
			Exceptions: true,
		},
		{ // ORD-010
			Key: RuleTierTwoResale, Generation: BillingTransfer, Field: "declared.tier_two_resale", Refusal: ReasonNotEligible, Who: "CUSTOMER",
			Exceptions: true,
		},
		{ // ORD-012, ORD-028
			Key: RuleManagementAccount, Generation: BillingTransfer, Field: "management_account_id", Refusal: ReasonNotEligible, Who: "CUSTOMER",
		},
	}
}
