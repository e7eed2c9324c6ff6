package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestClosedManagementAccount: a customer closes the account whose billing is transferred. AWS ends the transfer with the month, and
// agreement and billing follow; Operations learns that nobody gets into the account any more.
func TestClosedManagementAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	l := leaving{customer: w.newCustomer(t)}
	l.order = l.rejectsTerm(t, l.accepted(t))
	l.deploy(t, l.order.GetTransferId())
	l.process(t, l.order.GetOrderId())
	if err := w.op(t).SkipStep(t.Context(), l.order.GetTransferId(), "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	inState(t, w.order(t, l.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	for _, m := range []time.Month{time.March, time.April} {
		w.Advance(t, time.Date(2026, m, 20, 0, 0, 0, 0, time.UTC))
		l.uses(t, m)
	}
	w.closes(t, l.account)
	w.Advance(t, time.Date(2026, time.April, 22, 0, 0, 0, 0, time.UTC))
	t.Run("the connection ends with the month, and the case says that the account may be closed", l.shutOut)
	w.Advance(t, time.Date(2026, time.June, 6, 0, 0, 0, 0, time.UTC))
	t.Run("the billing ends with the month in which the account was closed", l.ends)
	t.Run("its last month is invoiced, and final", l.final)
	t.Run("the agreement has ended", func(t *testing.T) {
		if a := l.agreementOf(t, l.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
			t.Errorf("the agreement is %v", a)
		}
	})
}

// closes closes an account at AWS, which cannot be done twice.
func (w *world) closes(t *testing.T, account string) {
	t.Helper()
	if err := w.aws(t).CloseAccount(t.Context(), account); err != nil {
		t.Fatalf("close the account at AWS: %v", err)
	}
	refused(t, w.aws(t).CloseAccount(t.Context(), account), codes.FailedPrecondition, "AWS_REFUSES")
}

func (l leaving) shutOut(t *testing.T) {
	c := l.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING ||
		!c.GetEndTime().AsTime().Equal(at(t, "2026-05-01T00:00:00Z")) ||
		c.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_WITHDRAWN_IN_AWS {
		t.Errorf("the connection is %v", c)
	}
	found := 0
	for _, k := range l.w.problems(t, l.customer, false) {
		if mentions(k.GetDescription(), "the account may be closed", l.account) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d cases say that the account may be closed: %v", found, l.w.problems(t, l.customer, false))
	}
}

// TestClosedMembers: the accounts of a legacy transfer are closed one after the other. AWS lists a closed account for 90 days and goes on
// to charge the payer for it: the connection lives, and is billed, as long as AWS lists one of them.
func TestClosedMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := w.newLegacy(t, "ecam-unused", false)
	for _, r := range ecamUnused() {
		m.performs(t, r)
	}
	m.isComplete(t)
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	w.uses(t, m.linked, time.March, 9, "100")
	w.closes(t, m.linked)
	w.uses(t, m.linked, time.March, 25, "40")
	w.Advance(t, at(t, "2026-03-22T12:00:00Z"))
	t.Run("with one account closed the connection goes on, and the account is a part of it", func(t *testing.T) {
		m.isBound(t, accounttransferv1.MemberState_MEMBER_STATE_JOINED, accounttransferv1.MemberState_MEMBER_STATE_CLOSED)
	})
	t.Run("Operations has a case of it and an action, until somebody says what was done", m.acknowledges)
	if err := w.aws(t).ReopenAccount(t.Context(), m.linked); err != nil {
		t.Fatalf("reopen the account: %v", err)
	}
	refused(t, w.aws(t).ReopenAccount(t.Context(), m.linked), codes.FailedPrecondition, "AWS_REFUSES")
	w.Advance(t, at(t, "2026-03-24T12:00:00Z"))
	t.Run("one that AWS reopens is as before", func(t *testing.T) {
		m.isBound(t, accounttransferv1.MemberState_MEMBER_STATE_JOINED, accounttransferv1.MemberState_MEMBER_STATE_JOINED)
	})
	w.closes(t, m.linked)
	w.closes(t, m.account)
	w.Advance(t, at(t, "2026-03-26T12:00:00Z"))
	t.Run("with the last one closed it goes on, too, while AWS lists them", func(t *testing.T) {
		m.isBound(t, accounttransferv1.MemberState_MEMBER_STATE_CLOSED, accounttransferv1.MemberState_MEMBER_STATE_CLOSED)
	})
	w.Advance(t, at(t, "2026-04-20T12:00:00Z"))
	t.Run("the month is billed with what AWS dates after the closing", func(t *testing.T) { m.owes(t, time.March, "140.00", false) })
	w.uses(t, m.linked, time.April, 25, "7")
	w.Advance(t, at(t, "2026-05-20T12:00:00Z"))
	w.uses(t, actors.PayerAccount, time.May, 2, "500")
	w.LetPass(t, at(t, "2026-06-20T12:00:00Z"))
	t.Run("and so is the next one, while AWS lists the account", func(t *testing.T) { m.owes(t, time.April, "7.00", false) })
	w.uses(t, m.linked, time.June, 21, "3")
	w.Advance(t, at(t, "2026-06-25T12:00:00Z"))
	t.Run("when AWS lists none any more it ends with the month, and Operations has a case", m.closed)
	w.Advance(t, at(t, "2026-07-08T12:00:00Z"))
	t.Run("the last month is invoiced and final, the agreement has ended, and both sides have a mail", m.saysGoodbye)
}

func (m *legacy) isBound(t *testing.T, first, linked accounttransferv1.MemberState) {
	t.Helper()
	c := m.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE || c.GetMembers()[0].GetState() != first ||
		c.GetMembers()[1].GetState() != linked {
		t.Errorf("the connection is %v", c)
	}
}

// departures are how many cases and actions of Operations are about the account that was closed.
func (m *legacy) departures(t *testing.T) (cases, actions int) {
	t.Helper()
	for _, k := range m.w.problems(t, m.customer, true) {
		if mentions(k.GetTitle(), m.linked, "was closed at AWS") {
			cases++
		}
	}
	resp, err := m.w.Actions.ListActions(m.w.operator(t), &ordersv1.ListActionsRequest{CustomerId: m.id})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range resp.GetActions() {
		if a.GetKind() == typev1.ActionKind_ACTION_KIND_CONNECTION {
			actions++
		}
	}
	return cases, actions
}

func (m *legacy) acknowledges(t *testing.T) {
	if cases, actions := m.departures(t); cases != 1 || actions != 1 {
		t.Errorf("there are %d cases and %d actions: %v", cases, actions, m.connection(t).GetWaiting())
	}
	con, op := m.connection(t).GetConnectionId(), m.w.op(t)
	refused(t, op.AcknowledgeDeparture(t.Context(), con, m.linked, ""), codes.InvalidArgument, "FIELD_REQUIRED")
	refused(t, op.AcknowledgeDeparture(t.Context(), con, m.account, "It is there."), codes.FailedPrecondition, "STATE_REFUSES")
	if err := op.AcknowledgeDeparture(t.Context(), con, m.linked, "The customer meant to; its commitment stands."); err != nil {
		t.Fatal(err)
	}
	m.w.Settle(t)
	if cases, actions := m.departures(t); cases != 0 || actions != 0 {
		t.Errorf("then there are %d cases and %d actions", cases, actions)
	}
}

// owes asserts what AWS charges for a month that is invoiced, before discounts and in its currency.
func (m *legacy) owes(t *testing.T, month time.Month, cost string, final bool) {
	t.Helper()
	periods, err := m.w.Billing.ListPeriods(m.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: m.id, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range periods.GetPeriods() {
		if p.GetState() == billingv1.PeriodState_PERIOD_STATE_HELD {
			t.Errorf("%v is held", p)
		}
		if p.GetMonth().GetMonth() != int32(month) {
			continue
		}
		if p.GetState() != billingv1.PeriodState_PERIOD_STATE_INVOICED || p.GetCostTotal().GetAmount() != cost || p.GetIsFinal() != final {
			t.Errorf("%s is %v, want %s", month, p, cost)
		}
		return
	}
	t.Errorf("there is no period of %s: %v", month, periods.GetPeriods())
}

func (m *legacy) closed(t *testing.T) {
	c := m.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING ||
		!c.GetEndTime().AsTime().Equal(at(t, "2026-07-01T00:00:00Z")) ||
		c.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_ACCOUNT_CLOSED {
		t.Errorf("the connection is %v", c)
	}
	for _, member := range c.GetMembers() {
		if member.GetLeaveReason() != c.GetEndReason() || member.GetCloseTime() == nil || member.GetLeaveTime() == nil {
			t.Errorf("a member is %v", member)
		}
	}
	found := 0
	for _, k := range m.w.problems(t, m.customer, true) {
		if mentions(k.GetTitle(), "was closed at AWS", m.account) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d cases say that the account was closed: %v", found, m.w.problems(t, m.customer, true))
	}
}

func (m *legacy) saysGoodbye(t *testing.T) {
	m.owes(t, time.June, "3.00", true)
	final := 0
	for _, invoice := range m.invoices(t) {
		if invoice.GetIsFinal() {
			final++
		}
	}
	if final != 1 {
		t.Errorf("the invoices are %v", m.invoices(t))
	}
	if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED ||
		!a.GetEndTime().AsTime().Equal(at(t, "2026-07-01T00:00:00Z")) {
		t.Errorf("the agreement is %v", a)
	}
	for _, to := range []string{"pat@example.com", operationsAddress} {
		found := 0
		for _, mail := range m.w.mailed(t, &sandboxv1.ListMailRequest{To: to, WithText: true}) {
			if mentions(mail.GetText(), m.account) && mail.GetArriveTime().AsTime().After(at(t, "2026-06-30T00:00:00Z")) {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%s has no mail about the end", to)
		}
	}
}
