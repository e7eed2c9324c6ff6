package order

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Party is a side that can owe an action.
type Party string

// The parties.
const (
	Reseller Party = "RESELLER"
	Customer Party = "CUSTOMER"
	AWS      Party = "AWS"
	Platform Party = "PLATFORM"
)

// Waiting says what the order stands still for, so that nobody has to ask.
type Waiting struct {
	Owner   Party     `json:"owner"`
	What    string    `json:"what"`
	Where   string    `json:"where,omitempty"`
	Until   time.Time `json:"until,omitzero"` // zero: no date
	StepKey string    `json:"step_key,omitempty"`
}

func (w *Waiting) same(v *Waiting) bool {
	if w == nil || v == nil {
		return w == v
	}
	return w.Owner == v.Owner && w.What == v.What && w.Where == v.Where && w.StepKey == v.StepKey && w.Until.Equal(v.Until)
}

// waitingFor turns a refusal of AccountTransfer into a wait. A refusal that names nobody is Operations' to sort out.
func waitingFor(refusal *errs.Error) *Waiting {
	w := &Waiting{Owner: Reseller, What: refusal.Message, Where: "OrderService.ProcessOrder"}
	if r := refusal.Remedy; r != nil {
		w.What, w.Where = text.Bare{}.Instruct(r.Text)
		w.Until = r.Until
		if r.Who == string(Customer) {
			w.Owner = Customer
		}
	}
	return w
}
