package orders

import (
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// observeTransfer brings an order, and its agreement, to where its transfer is.
func observeTransfer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.TransferEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		err := t.followTransfer(tx, body.GetTransfer().GetOrderId(), viewOf(body.GetTransfer(), m.Revision))
		if errs.KindOf(err) == errs.NotFound {
			return nil // an order is there before its transfer: this one is nobody's
		}
		return err
	}
}

// observePayer keeps which payers there are, so that an order that nobody could carry out is refused at once.
func observePayer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.PayerEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		seen := party.Payer{
			ID: body.GetPayer().GetPayerId(), SellerID: body.GetPayer().GetSellerId(),
			Active:    body.GetPayer().GetState() == accounttransferv1.PayerState_PAYER_STATE_ACTIVE,
			AccountID: body.GetPayer().GetAccountId(), CustomerID: body.GetPayer().GetCustomerId(),
		}
		_, err := t.payers.Update(tx, anyPayer(), seen.ID, "", func(p *party.Payer) ([]fact.Fact, error) {
			*p = seen
			return nil, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			_, err = t.payers.Create(tx, seen.ID, &seen)
		}
		return err
	}
}

func viewOf(t *accounttransferv1.Transfer, revision int64) order.TransferView {
	v := order.TransferView{
		TransferID: t.GetTransferId(), Revision: revision, State: wire.Name(t.GetState()), Waiting: fromWaiting(t.GetWaiting()),
		SourceAccountID: t.GetSourceAccountId(), Ending: t.GetEnding() != nil,
	}
	if d := t.GetDecision(); d.GetOutcome() == accounttransferv1.DecisionOutcome_DECISION_OUTCOME_KEEP {
		v.KeptAt = wire.FromTime(d.GetDecideTime())
	}
	if f := t.GetFailure(); f != nil {
		v.Failure = &order.Failure{Code: wire.Name(f.GetCode())}
	}
	return v
}

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
	others, err := t.lockFollowers(tx, c.GetOrderId())
	if errs.KindOf(err) == errs.NotFound {
		return nil // an order is there before its transfer: this one is nobody's
	}
	if err != nil {
		return err
	}
	row, err := t.changeLocked(tx, followedOrder(), c.GetOrderId(), "", func(o *order.Order) ([]fact.Fact, error) {
		return o.ObserveConnection(datesOf(c), tx.Now())
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
	return t.tellAmending(tx, others, after.Doc, c)
}

// amendments are the orders that are open to end, to replace and to change an agreement; "": none is.
type amendments struct{ ending, replacing, changing string }

func amendmentsOf(a *agreement.Agreement) amendments {
	return amendments{ending: a.TerminationOrderID, replacing: a.ReplacementOrderID, changing: a.ChangeOrderID}
}

// tellAmending tells the orders that are open for an agreement what has become of what binds its account.
func (t *tables) tellAmending(tx *store.Tx, others amendments, a *agreement.Agreement, c *accounttransferv1.Connection) error {
	tell := func(orderID string, decide func(*order.Order) ([]fact.Fact, error)) error {
		if orderID == "" {
			return nil
		}
		_, err := t.changeLocked(tx, followedOrder(), orderID, "", decide)
		return err
	}
	err := tell(others.changing, func(o *order.Order) ([]fact.Fact, error) {
		return order.ObserveAgreementEnd(o, a.Connection.End, a.State.Ended(), tx.Now())
	})
	if err == nil {
		err = tell(others.replacing, func(o *order.Order) ([]fact.Fact, error) {
			facts := order.ObserveReplacedEnd(o, a.Connection.End)
			if !a.State.Ended() {
				return facts, nil
			}
			over, err := order.RecordReplacedOver(o, tx.Now())
			return append(facts, over...), err
		})
	}
	if err != nil {
		return err
	}
	return tell(others.ending, func(o *order.Order) ([]fact.Fact, error) { return order.ObserveEnd(o, endOf(c), tx.Now()) })
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

// involved tells the members that an end is about: those that are there, and those that have left since it was decided at AccountTransfer,
// or, when nobody has decided it, in its month. One that left before has long been told of.
func involved(c *accounttransferv1.Connection) func(*accounttransferv1.Member) bool {
	since, end := wire.FromTime(c.GetWithdrawal().GetDecideTime()), wire.FromTime(c.GetEndTime())
	if since.IsZero() && !end.IsZero() {
		since = calendar.MonthOf(end.Add(-1)).Start()
	}
	return func(m *accounttransferv1.Member) bool {
		left := wire.FromTime(m.GetLeaveTime())
		return left.IsZero() || !left.Before(since)
	}
}

// living and closed are the accounts that an end is told of: those that live on, and those that were closed at AWS. One that was taken out
// of the order is neither.
func living(m *accounttransferv1.Member) bool {
	return m.GetCloseTime() == nil && m.GetState() != accounttransferv1.MemberState_MEMBER_STATE_CANCELLED
}

func closed(m *accounttransferv1.Member) bool {
	return m.GetCloseTime() != nil && m.GetState() != accounttransferv1.MemberState_MEMBER_STATE_CANCELLED
}

// lockFollowers locks all that follows the connection of an order: the order, its agreement, and the orders that are open for that, which
// are returned. One that was opened meanwhile has the event brought again.
func (t *tables) lockFollowers(tx *store.Tx, orderID string) (others amendments, err error) {
	brought, err := t.orders.GetTx(tx, followedOrder(), orderID)
	if err != nil {
		return others, err
	}
	ends, err := t.agreements.GetTx(tx, agreementOfOrder(), brought.Doc.AgreementID)
	if err != nil {
		return others, err
	}
	others = amendmentsOf(ends.Doc)
	rows := t.rowsOf(brought.Doc)
	for _, amending := range []string{others.ending, others.changing} {
		if amending != "" {
			rows = append(rows, t.orders.Row(amending))
		}
	}
	if others.replacing != "" {
		row, err := t.orders.GetTx(tx, followedOrder(), others.replacing)
		if err != nil {
			return others, err
		}
		rows = append(rows, t.rowsOf(row.Doc)...)
	}
	if err := tx.Lock(rows...); err != nil {
		return others, err
	}
	newest, err := t.agreements.GetForUpdate(tx, agreementOfOrder(), ends.ID)
	if err == nil && amendmentsOf(newest.Doc) != others {
		err = errs.New(errs.Unavailable, "UNAVAILABLE", "an order for agreement %s has begun or ended meanwhile", ends.ID)
	}
	return others, err
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
		OwnOrganization: c.GetOwnOrganization(), PayerAccountID: c.GetPayerAccountId(),
	}
	if !out.OwnOrganization {
		there := involved(c)
		out.Accounts = accountsOf(c, func(m *accounttransferv1.Member) bool { return there(m) && living(m) })
		out.ClosedAccounts = accountsOf(c, func(m *accounttransferv1.Member) bool { return there(m) && closed(m) })
	}
	out.Staying = accountsOf(c, func(m *accounttransferv1.Member) bool {
		return m.GetState() == accounttransferv1.MemberState_MEMBER_STATE_JOINED // a closed one cannot leave
	})
	out.Members = membersOf(c)
	for _, term := range c.GetServiceTerms() {
		if term.GetState() == accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_ACCEPTED {
			out.ServiceTermEnd, out.ServiceTermAt = wire.FromTime(term.GetEndTime()), wire.FromTime(term.GetRequestTime())
		}
	}
	return out
}

// membersOf are the accounts that have ever joined. One that has left is billed to the end of that day, and one that was closed to the
// end of the month.
func membersOf(c *accounttransferv1.Connection) (members []agreement.Member) {
	for _, m := range c.GetMembers() {
		if m.GetJoinTime() == nil {
			continue
		}
		member := agreement.Member{
			AccountID: m.GetAccountId(), SubscriptionID: id.New(prefixSubscription), Start: wire.FromTime(m.GetStartTime()),
			Closed: m.GetState() == accounttransferv1.MemberState_MEMBER_STATE_CLOSED,
		}
		if left := wire.FromTime(m.GetLeaveTime()); !left.IsZero() {
			member.Left, member.End = true, left.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
			if m.GetCloseTime() != nil {
				member.End = calendar.MonthOf(left).Next().Start()
			}
		}
		members = append(members, member)
	}
	return members
}
