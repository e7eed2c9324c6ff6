package order

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
)

// LatePolicy is what an order that was completed after the start of its billing is decided by.
type LatePolicy string

// BilledFromStart bills the customer from the start that AWS said (billing-dates, example 10): the billing transfer decides what is billed,
// and not the completion of the order.
const BilledFromStart LatePolicy = "BILLED_FROM_START"

// Late is the decision about an order that was completed after AWS had begun to bill.
type Late struct {
	Policy      LatePolicy `json:"policy"`
	Start       time.Time  `json:"start"` // as AWS had said
	CompletedAt time.Time  `json:"completed_at"`
	BilledFrom  time.Time  `json:"billed_from"`
	DecidedAt   time.Time  `json:"decided_at"`
}

// Text is why, for people.
func (l Late) Text() text.Text {
	return text.New("late.billed_from_start", "start", stamp(l.Start), "completed", stamp(l.CompletedAt))
}

// decideLate records the decision once, as soon as both instants are known, whichever is heard of last. Accounts of a legacy product are
// billed from the day on which each joins: their order is complete when the last one has, and nothing is late.
func decideLate(o *Order, now time.Time) []fact.Fact {
	if o.Late != nil || o.State != Completed || amends(o) || catalogue.IsLegacy(o.ProductID) ||
		o.EffectiveAt.IsZero() || !o.EndedAt.After(o.EffectiveAt) {
		return nil
	}
	o.Late = &Late{Policy: BilledFromStart, Start: o.EffectiveAt, CompletedAt: o.EndedAt, BilledFrom: o.EffectiveAt, DecidedAt: now}
	return []fact.Fact{saying("order.completed_late", tell(FactLateDecided,
		"policy", string(BilledFromStart), "start", stamp(o.EffectiveAt), "completed", stamp(o.EndedAt)))}
}
