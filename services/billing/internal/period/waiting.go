package period

import (
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/statement"
)

// Party is a side that can owe an action.
type Party string

// The parties.
const (
	Reseller Party = "RESELLER"
	AWS      Party = "AWS"
)

// Waiting is what a period stands still for, or waits for. The zero Waiting: for nobody.
type Waiting struct {
	Owner     Party
	Text      text.Text // an instruction: what, and where
	Until     time.Time // then it escalates; zero: no date
	Escalated bool
}

// Waiting says who must act before the period goes on.
func (p *Period) Waiting() Waiting {
	switch {
	case p.State == Held:
		w := Mend(p.Hold.Code, p.Hold.Why)
		w.Escalated = true
		return w
	case p.State == WaitingForVendor:
		return Waiting{Owner: AWS, Text: text.New("wait.vendor_invoice", "month", p.Month.String()), Until: p.missingAt()}
	case p.differs():
		return Waiting{Owner: AWS, Text: text.New("wait.vendor_complete", "month", p.Month.String()), Until: earlier(p.GateAt(), p.missingAt())}
	default:
		return Waiting{}
	}
}

// Mend says who can mend what a period is held for, and how.
func Mend(code string, why text.Text) Waiting {
	owner, what := mend(code, why)
	return Waiting{Owner: owner, Text: what}
}

func mend(code string, why text.Text) (Party, text.Text) {
	switch code {
	case CodeVendorMismatch:
		return Reseller, text.New("remedy.vendor_mismatch")
	case CodePricebookMissing:
		if why.Key == WhyOwnPrices {
			return Reseller, text.New("remedy.own_pricebook_missing")
		}
		return Reseller, text.New("remedy.pricebook_missing")
	case statement.CodeExchangeRateMissing:
		return Reseller, text.New("remedy.exchange_rate_missing")
	case statement.CodeExchangeRateInvalid:
		return Reseller, text.New("remedy.exchange_rate_invalid")
	case statement.CodeCurrencyMixed:
		return Reseller, text.New("remedy.currency_mixed")
	case statement.CodeDiscountUnknown:
		return Reseller, text.New("remedy.discount_unknown")
	case statement.CodeMarginTooLow:
		return Reseller, text.New("remedy.margin_too_low")
	case statement.CodeSupportMismatch:
		return Reseller, text.New("remedy.support_mismatch")
	case CodeAgreementMissing:
		return Reseller, text.New("remedy.agreement_missing")
	case CodeVendorInvoiceMissing:
		return AWS, text.New("remedy.vendor_invoice_missing")
	case CodeNegativeTotal:
		return Reseller, text.New("remedy.negative_total")
	case CodeVendorRefused:
		return Reseller, text.New("remedy.vendor_refused")
	default:
		return Reseller, text.New("remedy.requested")
	}
}
