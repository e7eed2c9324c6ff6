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

	ReasonRuleFixed             = "RULE_FIXED"
	ReasonRuleWithoutExceptions = "RULE_WITHOUT_EXCEPTIONS"
)

// FactValiditySet is told of a rule.
const FactValiditySet = "validity_set"
