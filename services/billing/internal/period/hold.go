package period

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Codes of holds, as the contract names them.
const (
	CodeRequested            = "REQUESTED"
	CodeVendorMismatch       = "VENDOR_MISMATCH"
	CodePricebookMissing     = "PRICEBOOK_MISSING"
	CodeExchangeRateMissing  = "EXCHANGE_RATE_MISSING"
	CodeAgreementMissing     = "AGREEMENT_MISSING"
	CodeVendorInvoiceMissing = "VENDOR_INVOICE_MISSING"
	CodeNegativeTotal        = "NEGATIVE_TOTAL"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses  = "STATE_REFUSES"
	ReasonPeriodNotHeld = "PERIOD_NOT_HELD"
)

// Party is a side that can owe an action.
type Party string

// The parties.
const (
	Reseller Party = "RESELLER"
	AWS      Party = "AWS"
)

// Hold is why a period stands still.
type Hold struct {
	Code    string    `json:"code"` // one of the Code… constants
	Message string    `json:"message"`
	Owner   Party     `json:"owner"` // who can mend it
	Remedy  string    `json:"remedy"`
	Since   time.Time `json:"since"`
}

// AskHold makes the period stand still, for a reason in the words of who wants it. A
// period that stands still keeps its cause. Refused with STATE_REFUSES.
func (p *Period) AskHold(reason string, now time.Time) ([]fact.Fact, error) {
	if p.over() || p.State == Held {
		return nil, p.stateRefuses("held")
	}
	facts := p.hold(CodeRequested, "Operations wants it to stand still: "+reason, now)
	facts[0].Reason = reason
	return facts, nil
}

// Release lets the period go on: everything is looked at anew. Refused with PERIOD_NOT_HELD, and with STATE_REFUSES
// when it is over.
func (p *Period) Release(reason string, now time.Time) ([]fact.Fact, error) {
	switch p.State {
	case Held:
	case Invoiced, Voided:
		return nil, p.stateRefuses("released")
	default:
		return nil, errs.New(errs.Precondition, ReasonPeriodNotHeld, "the period does not stand still, it is %s", p.State).
			WithMeta("state", string(p.State))
	}
	p.Hold, p.State, p.LookAt = nil, WaitingForVendor, now
	if now.Before(p.monthEnd()) {
		p.State, p.LookAt = Open, time.Time{}
	}
	f := tell(FactReleased, "The period goes on.")
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// AskLook is "look now" instead of at the next planned time; the gate stays closed. Each request is counted, so that
// one which comes during a look is not lost. Refused with STATE_REFUSES.
func (p *Period) AskLook() ([]fact.Fact, error) {
	switch p.State {
	case WaitingForVendor, DataComplete, Rated, Reconciled:
		p.Asked++
		return []fact.Fact{tell(FactRunRequested, "It was asked to look now.")}, nil
	default:
		return nil, p.stateRefuses("looked at")
	}
}

// hold is the one way into HELD.
func (p *Period) hold(code, message string, now time.Time) []fact.Fact {
	owner, remedy := mend(code)
	p.State, p.LookAt = Held, time.Time{}
	p.Hold = &Hold{Code: code, Message: message, Owner: owner, Remedy: remedy, Since: now}
	return []fact.Fact{tell(FactHeld, "The period stands still: "+message, "code", code)}
}

// mend says who can mend what, and how.
func mend(code string) (Party, string) {
	const release = " Then release the period."
	switch code {
	case CodeVendorMismatch:
		return Reseller, "Compare the charges with AWS's invoices, and ask AWS where they differ." + release
	case CodePricebookMissing:
		return Reseller, "Give the relationship a pricebook with the price, or make one the seller's standard." + release
	case CodeExchangeRateMissing:
		return Reseller, "Add the rate of the month to the pricebook." + release
	case CodeAgreementMissing:
		return Reseller, "Settle the order and its agreement, and who pays." + release
	case CodeVendorInvoiceMissing:
		return AWS, "Ask AWS for the invoice of the month." + release
	case CodeNegativeTotal:
		return Reseller, "Give the customer its credit outside of Handover, or correct the prices." + release
	default:
		return Reseller, "Release the period."
	}
}

func (p *Period) stateRefuses(verb string) *errs.Error {
	return errs.New(errs.Precondition, ReasonStateRefuses, "a period in state %s cannot be %s", p.State, verb).
		WithMeta("state", string(p.State))
}
