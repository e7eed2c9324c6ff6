package catalogue

// Reasons of refusals, as the contract names them.
const (
	ReasonProductUnknown    = "PRODUCT_UNKNOWN"
	ReasonNotEligible       = "NOT_ELIGIBLE"
	ReasonCountryNotServed  = "COUNTRY_NOT_SERVED"
	ReasonCurrencyNotServed = "CURRENCY_NOT_SERVED"
	ReasonFieldRequired     = "FIELD_REQUIRED"
	ReasonRuleUnknown       = "RULE_UNKNOWN"
	ReasonValidityEmpty     = "VALIDITY_EMPTY"
	ReasonValidityPast      = "VALIDITY_PAST"

	ReasonSaleNotBegun = "SALE_NOT_BEGUN"
	ReasonSaleEnded    = "SALE_ENDED"

	ReasonRuleFixed             = "RULE_FIXED"
	ReasonRuleWithoutExceptions = "RULE_WITHOUT_EXCEPTIONS"
)

// FactValiditySet is told of a rule, FactWindowSet of the sale of a product.
const (
	FactValiditySet = "validity_set"
	FactWindowSet   = "window_set"
)
