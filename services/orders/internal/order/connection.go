package order

import (
	"time"

	"example.com/handover/pkg/fact"
)

// ConnectionView is what AccountTransfer tells of the connection that the order brings.
type ConnectionView struct {
	Start    time.Time // first instant that is billed, as AWS said; zero: nothing binds yet
	Proposed Preview   // of the newest invitation; zero: there is none
}

// ObserveConnection notes the dates that AWS said or asks for. They belong to the connection, which outlives the order; an
// ended order changes no more.
func (o *Order) ObserveConnection(v ConnectionView) ([]fact.Fact, error) {
	if !o.State.underWay() {
		return nil, nil
	}
	start, preview := o.EffectiveAt, o.Preview
	o.EffectiveAt = v.Start
	if !v.Proposed.Start.IsZero() {
		o.Preview = v.Proposed
	}
	if start.Equal(o.EffectiveAt) && preview.same(o.Preview) {
		return nil, nil
	}
	return []fact.Fact{inside(saying("order.dated", tell(FactProgressed, "transfer_state", o.TransferState)))}, nil
}
