package catalogue

// Reasons of refusals, as the contract names them.
const (
	ReasonProductUnknown    = "PRODUCT_UNKNOWN"
	ReasonNotEligible       = "NOT_ELIGIBLE"
	ReasonCountryNotServed  = "COUNTRY_NOT_SERVED"
	ReasonCurrencyNotServed = "CURRENCY_NOT_SERVED"
)
