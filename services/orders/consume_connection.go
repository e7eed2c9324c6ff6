package orders

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
)

// observeConnection brings an agreement to where its connection is, for as long as that binds; an order that is under way
// learns the dates.
func observeConnection(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.ConnectionEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		return t.followConnection(tx, body.GetConnection())
	}
}

func (t *tables) followConnection(tx *store.Tx, c *accounttransferv1.Connection) error {
	row, err := t.changeOrder(tx, followedOrder(), c.GetOrderId(), "", func(o *order.Order) ([]fact.Fact, error) {
		return o.ObserveConnection(datesOf(c))
	})
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return nil // an order is there before its transfer: this one is nobody's
	case err != nil:
		return err
	}
	_, err = t.agreements.Update(tx, agreementOfOrder(), row.Doc.AgreementID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
		return a.ObserveConnection(connectionOf(c), tx.Now()), nil
	})
	return err
}

func datesOf(c *accounttransferv1.Connection) order.ConnectionView {
	v := order.ConnectionView{
		TransferID: c.GetTransferId(), Start: wire.FromTime(c.GetStartTime()),
		Ended: c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED,
	}
	if n := len(c.GetInvitations()); n > 0 {
		latest := c.GetInvitations()[n-1]
		v.Proposed = order.Preview{Start: wire.FromTime(latest.GetStartTime()), AcceptBy: wire.FromTime(latest.GetAcceptByTime())}
	}
	return v
}

func connectionOf(c *accounttransferv1.Connection) agreement.Connection {
	out := agreement.Connection{
		ID: c.GetConnectionId(), TransferID: c.GetTransferId(), CustomerID: c.GetCustomerId(),
		Start: wire.FromTime(c.GetStartTime()), End: wire.FromTime(c.GetEndTime()), EndReason: wire.Name(c.GetEndReason()),
		Ended: c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED,
	}
	for _, term := range c.GetServiceTerms() {
		if term.GetState() == accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_ACCEPTED {
			out.ServiceTermEnd = wire.FromTime(term.GetEndTime())
		}
	}
	return out
}
