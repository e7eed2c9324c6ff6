package billing

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/billing/internal/relationship"
)

// observeConnection begins the relationship of a connection that binds, and tells it of a moved start and of the end.
func observeConnection(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.ConnectionEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		c := fromConnection(body.GetConnection())
		if c.StartAt.IsZero() && c.EndAt.IsZero() {
			return nil // nothing binds yet
		}
		return t.follow(tx, c, c.Bills())
	}
}

// follow brings the relationship of a connection to what the connection shows; if there is none, it may begin.
func (t *tables) follow(tx *store.Tx, c relationship.Connection, begins bool) error {
	agreement, err := t.agreementOf(tx, c.OrderID, c.RelationshipID())
	if err != nil {
		return err
	}
	_, err = t.relationships.Update(tx, anyCustomer(), c.RelationshipID(), "", func(r *relationship.Relationship) ([]fact.Fact, error) {
		return r.Observe(c)
	})
	switch {
	case errs.KindOf(err) != errs.NotFound:
		return err
	case !begins:
		return nil
	}
	r, facts := relationship.Record(c)
	if agreement != nil {
		agreed, err := r.Agree(*agreement)
		if err != nil {
			return err
		}
		facts = append(facts, agreed...)
	}
	_, err = t.relationships.Create(tx, r.ID, r, facts...)
	return err
}

func fromConnection(c *accounttransferv1.Connection) relationship.Connection {
	var accounts []relationship.Account
	for _, m := range c.GetMembers() {
		if m.GetStartTime() != nil { // others were never members
			accounts = append(accounts, relationship.Account{
				ID: m.GetAccountId(), JoinedAt: wire.FromTime(m.GetJoinTime()), StartAt: wire.FromTime(m.GetStartTime()),
				LeftAt: wire.FromTime(m.GetLeaveTime()),
				Closed: m.GetLeaveReason() == accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_ACCOUNT_CLOSED,
			})
		}
	}
	return relationship.Connection{
		Accounts: accounts, ID: c.GetConnectionId(), TransferID: c.GetTransferId(), OrderID: c.GetOrderId(), CustomerID: c.GetCustomerId(),
		PayerID: c.GetPayerId(), AccountID: c.GetAccountId(), Basis: relationship.Basis(wire.Name(c.GetBasis())),
		ChargesPaidBy: wire.Name(c.GetChargesPaidBy()), StartAt: wire.FromTime(c.GetStartTime()), EndAt: wire.FromTime(c.GetEndTime()),
	}
}
