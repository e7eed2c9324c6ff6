package orders

import (
	"strings"

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
	ending, replacing, err := t.lockFollowers(tx, c.GetOrderId())
	if errs.KindOf(err) == errs.NotFound {
		return nil // an order is there before its transfer: this one is nobody's
	}
	if err != nil {
		return err
	}
	row, err := t.changeLocked(tx, followedOrder(), c.GetOrderId(), "", func(o *order.Order) ([]fact.Fact, error) {
		return o.ObserveConnection(datesOf(c))
	})
	if err != nil {
		return err
	}
	after, err := t.agreements.Update(tx, agreementOfOrder(), row.Doc.AgreementID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
		return a.ObserveConnection(connectionOf(c), tx.Now()), nil
	})
	if err != nil || after.Doc.Connection.ID != c.GetConnectionId() {
		return err
	}
	if replacing != "" && after.Doc.State.Ended() {
		_, err := t.changeLocked(tx, followedOrder(), replacing, "", func(o *order.Order) ([]fact.Fact, error) {
			return order.RecordReplacedOver(o, tx.Now())
		})
		if err != nil {
			return err
		}
	}
	if ending == "" {
		return nil
	}
	_, err = t.changeLocked(tx, followedOrder(), ending, "", func(o *order.Order) ([]fact.Fact, error) {
		return order.ObserveEnd(o, endOf(c), tx.Now())
	})
	return err
}

// accountsOf are the accounts that are, or were, members of the payer's organization, of those that are wanted; empty: what binds is no
// membership.
func accountsOf(c *accounttransferv1.Connection, wanted func(*accounttransferv1.Member) bool) string {
	var all []string
	for _, m := range c.GetMembers() {
		if m.GetJoinTime() != nil && wanted(m) {
			all = append(all, m.GetAccountId())
		}
	}
	return strings.Join(all, ", ")
}

// lockFollowers locks all that follows the connection of an order: the order, its agreement, and the orders that are open to end and to
// replace that, whose ids are returned; "": none is. One that was opened meanwhile has the event brought again.
func (t *tables) lockFollowers(tx *store.Tx, orderID string) (ending, replacing string, err error) {
	brought, err := t.orders.GetTx(tx, followedOrder(), orderID)
	if err != nil {
		return "", "", err
	}
	ends, err := t.agreements.GetTx(tx, agreementOfOrder(), brought.Doc.AgreementID)
	if err != nil {
		return "", "", err
	}
	ending, replacing = ends.Doc.TerminationOrderID, ends.Doc.ReplacementOrderID
	rows := t.rowsOf(brought.Doc)
	if ending != "" {
		rows = append(rows, t.orders.Row(ending))
	}
	if replacing != "" {
		row, err := t.orders.GetTx(tx, followedOrder(), replacing)
		if err != nil {
			return "", "", err
		}
		rows = append(rows, t.rowsOf(row.Doc)...)
	}
	if err := tx.Lock(rows...); err != nil {
		return "", "", err
	}
	newest, err := t.agreements.GetForUpdate(tx, agreementOfOrder(), ends.ID)
	if err == nil && (newest.Doc.TerminationOrderID != ending || newest.Doc.ReplacementOrderID != replacing) {
		err = errs.New(errs.Unavailable, "TRANSFER_UNAVAILABLE", "an order to end or replace agreement %s has begun or ended meanwhile", ends.ID)
	}
	return ending, replacing, err
}

func datesOf(c *accounttransferv1.Connection) order.ConnectionView {
	v := order.ConnectionView{
		TransferID: c.GetTransferId(), Start: wire.FromTime(c.GetStartTime()), End: wire.FromTime(c.GetEndTime()),
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
		Ended: c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED, Withdrawal: endOf(c),
		OwnOrganization: c.GetOwnOrganization(),
	}
	if !out.OwnOrganization {
		out.Accounts = accountsOf(c, func(*accounttransferv1.Member) bool { return true })
	}
	out.Staying = accountsOf(c, func(m *accounttransferv1.Member) bool { return m.GetLeaveTime() == nil })
	for _, term := range c.GetServiceTerms() {
		if term.GetState() == accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_ACCEPTED {
			out.ServiceTermEnd = wire.FromTime(term.GetEndTime())
		}
	}
	return out
}
