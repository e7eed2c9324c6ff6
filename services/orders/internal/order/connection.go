package order

import (
	"time"

	"example.com/handover/pkg/fact"
)

// ConnectionView is what AccountTransfer tells of a connection that names the order.
type ConnectionView struct {
	TransferID string    // that began it
	Start      time.Time // first instant that is billed, as AWS said; zero: nothing binds yet
	End        time.Time // first instant that is not billed any more; zero: open
	Proposed   Preview   // of the newest invitation; zero: there is none
	Ended      bool      // it binds no more
}

// ObserveConnection notes the dates that AWS said or asks for. They belong to the connection, which outlives the order: its
// start counts whether the order has ended or not, so that it does not matter which is heard of first. Nobody waits for an
// invitation of an ended order. The connection of another transfer is none of the order's.
func (o *Order) ObserveConnection(v ConnectionView, now time.Time) ([]fact.Fact, error) {
	if !o.Submitted() || v.TransferID != o.TransferID {
		return nil, nil
	}
	start, until, preview, unbound := o.EffectiveAt, o.EffectiveUntil, o.Preview, o.Unbound
	o.EffectiveAt, o.EffectiveUntil, o.Unbound = v.Start, v.End, v.Ended
	if o.State.underWay() && !v.Proposed.Start.IsZero() {
		o.Preview = v.Proposed
	}
	if start.Equal(o.EffectiveAt) && until.Equal(o.EffectiveUntil) && preview.same(o.Preview) && unbound == o.Unbound {
		return nil, nil
	}
	dated := fact.Internally(saying("order.dated", tell(FactProgressed, "transfer_state", o.TransferState)))
	return append([]fact.Fact{dated}, decideLate(o, now)...), nil
}
