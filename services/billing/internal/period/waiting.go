package period

import (
	"time"

	"example.com/handover/pkg/text"
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
		owner, what := mend(p.Hold)
		return Waiting{Owner: owner, Text: what, Escalated: true}
	case p.State == WaitingForVendor:
		return Waiting{Owner: AWS, Text: text.New("wait.vendor_invoice", "month", p.Month.String()), Until: p.missingAt()}
	case p.differs():
		return Waiting{Owner: AWS, Text: text.New("wait.vendor_complete", "month", p.Month.String()), Until: earlier(p.GateAt(), p.missingAt())}
	default:
		return Waiting{}
	}
}

// mend says who can mend what a period is held for, and how.
func mend(h *Hold) (Party, text.Text) {
	switch h.Code {
	case CodeVendorMismatch:
		return Reseller, text.New("remedy.vendor_mismatch")
	case CodePricebookMissing:
		if h.Why.Key == WhyOwnPrices {
			return Reseller, text.New("remedy.own_pricebook_missing")
		}
		return Reseller, text.New("remedy.pricebook_missing")
	case CodeExchangeRateMissing:
		return Reseller, text.New("remedy.exchange_rate_missing")
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
