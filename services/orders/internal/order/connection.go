package order

import (
	"time"

	"example.com/handover/pkg/fact"
)

// ConnectionView is what an order sees of what binds its account to the payer.
type ConnectionView struct {
	TransferID     string
	Start          time.Time // of the newest invitation; zero: none
	AcceptBy       time.Time
	EffectiveAt    time.Time // when the billing starts, as AWS said; zero: nothing binds yet
	ServiceTermEnd time.Time // of the service term that was accepted; zero: none
}

// ObserveConnection brings the order to what its connection shows, also after the order has ended: the agreement follows it.
func (o *Order) ObserveConnection(v ConnectionView) ([]fact.Fact, error) {
	if v.TransferID != o.TransferID {
		return nil, nil
	}
	before := o.Preview
	o.EffectiveAt, o.ServiceTermEnd = v.EffectiveAt, v.ServiceTermEnd
	if !v.Start.IsZero() {
		o.Preview = Preview{Start: v.Start, AcceptBy: v.AcceptBy}
	}
	if !o.State.underWay() || before.same(o.Preview) {
		return nil, nil
	}
	return []fact.Fact{inside(tell(FactProgressed, "The transfer made progress.", "transfer_state", o.TransferState))}, nil
}
