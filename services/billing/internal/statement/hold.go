package statement

import "example.com/handover/pkg/text"

// Codes of what holds a statement, as the contract names them.
const (
	CodePricebookMissing    = "PRICEBOOK_MISSING"     // no rule for something that needs one
	CodeExchangeRateMissing = "EXCHANGE_RATE_MISSING" // no way from AWS's currency to the customer's
	CodeExchangeRateInvalid = "EXCHANGE_RATE_INVALID" // AWS names one that converts nothing
	CodeCurrencyMixed       = "CURRENCY_MIXED"        // AWS charges in several currencies
	CodeDiscountUnknown     = "DISCOUNT_UNKNOWN"      // nobody has said whose a discount is
	CodeMarginTooLow        = "MARGIN_TOO_LOW"        // the customer would pay less than AWS charges, or little more
	CodeSupportMismatch     = "SUPPORT_MISMATCH"      // who supports by the order is not who supports by AWS
)

// Hold is why a statement is not to be invoiced as it is.
type Hold struct {
	Code string    `json:"code"` // one of the Code… constants
	Why  text.Text `json:"why"`
}

// Acceptable reports whether Operations may let a hold be: the figures are right, and somebody has to want them. A missing
// rate, or a charge that nobody understands, is never right.
func Acceptable(code string) bool { return code == CodeMarginTooLow || code == CodeSupportMismatch }

// Names of warnings, as the contract has them.
const (
	WarnRecordTypeUnknown = "RECORD_TYPE_UNKNOWN"
	WarnEntityNotInvoiced = "ENTITY_NOT_INVOICED"
)

// Warning is something to look at, which stops nothing.
type Warning struct {
	Code    string `json:"code"`              // one of the Warn… constants
	Subject string `json:"subject,omitempty"` // a record type, an entity
}
