package order

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/termination"
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
	Owner     Party     `json:"owner"`
	Text      text.Text `json:"text"`           // what is to be done, and where
	Until     time.Time `json:"until,omitzero"` // after it it is too late; zero: there is no deadline
	StepKey   string    `json:"step_key,omitempty"`
	Escalated bool      `json:"escalated,omitempty"` // Operations was told

	EscalateAt time.Time `json:"escalate_at,omitzero"` // when Operations is told; zero: never, or it was
}

// Date is when the wait becomes urgent: its deadline, or else when Operations is told; zero for neither.
func (w *Waiting) Date() time.Time {
	if w.Until.IsZero() {
		return w.EscalateAt
	}
	return w.Until
}

func (w *Waiting) same(v *Waiting) bool {
	if w == nil || v == nil {
		return w == v
	}
	return w.Owner == v.Owner && w.Text.Equal(v.Text) && w.StepKey == v.StepKey && w.Until.Equal(v.Until) &&
		w.Escalated == v.Escalated && w.EscalateAt.Equal(v.EscalateAt)
}

// Waits says who must act, in whatever state: a draft waits for the customer while its link works or when the customer wrote it
// itself, and for Operations otherwise; an order under way for whom its transfer waits, and else for the suite. An order that cannot end
// what it replaces waits for Operations, also when it has ended. Nil: it has ended.
func (o *Order) Waits() *Waiting {
	stuck := supersedeWait(o)
	switch {
	case stuck != nil && (o.Waiting == nil || o.Waiting.Owner != Reseller):
		return stuck
	case o.State != Draft:
		return underWayWait(o)
	case o.linkOpen():
		return &Waiting{Owner: Customer, Text: text.New("wait.submit"), Until: o.Link.ExpiresAt}
	}
	w := &Waiting{
		Owner: Reseller, Text: text.New("wait.send"), Escalated: o.Rests || o.Link != nil && o.Link.Expired, EscalateAt: restsUntil(o),
	}
	if o.PreparedBy.Role == roleCustomer {
		w.Owner, w.Text = Customer, text.New("wait.submit")
	}
	return w
}

// underWayWait is what an order waits for that has been submitted: what it stands still for, who acts in its transfer, or the suite,
// which has the transfer begun or does the next step.
func underWayWait(o *Order) *Waiting {
	switch {
	case o.Waiting != nil || !o.State.underWay():
		return o.Waiting
	case o.Going != nil:
		return o.Going
	case o.Transferring:
		return &Waiting{Owner: Platform, Text: text.New("wait.at_work")}
	}
	return &Waiting{Owner: Platform, Text: text.New("wait.begin")}
}

// waitingFor turns a refusal of AccountTransfer into a wait. A refusal that names nobody is Operations' to sort out; what is the customer's
// to sort out, Operations is told of when it takes too long.
func waitingFor(o *Order, refusal *errs.Error, now time.Time) *Waiting {
	w := &Waiting{Owner: Reseller, Text: text.New("wait.transfer_refused", "message", refusal.Message), Escalated: true}
	if refusesAccount(o, refusal) && o.Replaces == nil { // the customer and Operations can mend it, and both are told
		w.Owner, w.Text = Customer, text.New("wait.correct_account", "account", o.ManagementAccountID)
		return w
	}
	if r := refusal.Remedy; r != nil {
		w.Until = r.Until
		if !r.Text.IsZero() {
			w.Text = r.Text
		}
		if r.Who == string(Customer) {
			w.Owner, w.EscalateAt = Customer, refusedUntil(o)
			if w.Escalated = !now.Before(w.EscalateAt); w.Escalated {
				w.EscalateAt = time.Time{}
			}
		}
	}
	return w
}

// Todo is what is to be done about the order itself; nil: nothing, or what its transfer, or what binds the account, is listed for.
func Todo(o *Order) *Waiting {
	if stuck := supersedeWait(o); stuck != nil {
		return stuck
	}
	w := o.Waits()
	switch {
	case w == nil, w.Owner == Platform && !w.Escalated: // nobody else acts, and the suite does in its time
		return nil
	case o.Termination != nil && o.Termination.Phase == termination.Withdrawing, !amends(o) && o.Transferring:
		return nil
	}
	return w
}

// CutOff is until when a transfer that AccountTransfer refuses to begin can be accepted for its start; zero: none is refused.
func CutOff(o *Order) time.Time {
	if !o.TransferRefused || !o.State.underWay() {
		return time.Time{}
	}
	return o.Preview.AcceptBy
}
