package period

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/statement"
)

// Codes of holds, as the contract names them.
const (
	CodeRequested            = "REQUESTED"
	CodeVendorMismatch       = "VENDOR_MISMATCH"
	CodePricebookMissing     = statement.CodePricebookMissing
	CodeAgreementMissing     = "AGREEMENT_MISSING"
	CodeVendorInvoiceMissing = "VENDOR_INVOICE_MISSING"
	CodeNegativeTotal        = "NEGATIVE_TOTAL"
	CodeVendorRefused        = "VENDOR_REFUSED"
)

// WhyOwnPrices is why a month is held whose customer has prices of its own, and none in the currency. Its remedy is another than that of a
// pricebook that nobody has.
const WhyOwnPrices = "hold.own_pricebook_missing"

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses  = "STATE_REFUSES"
	ReasonPeriodNotHeld = "PERIOD_NOT_HELD"

	ReasonHoldNotAcceptable = "HOLD_NOT_ACCEPTABLE"
)

// Hold is why a period stands still.
type Hold struct {
	Code  string    `json:"code"` // one of the Code… constants
	Why   text.Text `json:"why"`
	Since time.Time `json:"since"`
}

// HoldCode says on what hold the period is; empty: on none.
func (p *Period) HoldCode() string {
	if p.Hold == nil {
		return ""
	}
	return p.Hold.Code
}

// AskHold makes the period stand still, for a reason in the words of who wants it. A
// period that stands still keeps its cause. Refused with STATE_REFUSES.
func (p *Period) AskHold(reason string, now time.Time) ([]fact.Fact, error) {
	if p.over() || p.State == Held {
		return nil, p.stateRefuses("held")
	}
	facts := p.hold(CodeRequested, text.New("hold.requested", "reason", reason), now)
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
	f := p.resume(now)
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// resume is the one way out of HELD.
func (p *Period) resume(now time.Time) fact.Fact {
	p.Hold, p.State, p.LookAt = nil, WaitingForVendor, now
	if now.Before(p.monthEnd()) {
		p.State, p.LookAt = Open, time.Time{}
	}
	return tell(FactReleased)
}

// AskLook is "look now" instead of at the next planned time; the gate stays closed. Each request is counted, so that
// one which comes during a look is not lost. Refused with STATE_REFUSES.
func (p *Period) AskLook() ([]fact.Fact, error) {
	switch p.State {
	case WaitingForVendor, DataComplete, Rated, Reconciled:
		p.Asked++
		return []fact.Fact{tell(FactRunRequested)}, nil
	default:
		return nil, p.stateRefuses("looked at")
	}
}

// hold is the one way into HELD.
func (p *Period) hold(code string, why text.Text, now time.Time) []fact.Fact {
	p.State, p.LookAt = Held, time.Time{}
	p.Hold = &Hold{Code: code, Why: why, Since: now}
	return []fact.Fact{tell(FactHeld, "code", code)}
}

func (p *Period) stateRefuses(verb string) *errs.Error {
	return errs.New(errs.Precondition, ReasonStateRefuses, "a period in state %s cannot be %s", p.State, verb).
		WithMeta("state", string(p.State))
}
