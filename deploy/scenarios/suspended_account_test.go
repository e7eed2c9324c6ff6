package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestSuspendedMembers: AWS suspends accounts of a legacy transfer. They stay members and are billed, the wait that is really there stays
// visible, Operations and customer are told, and each way in which a suspension ends is followed.
func TestSuspendedMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := w.invitedMembers(t)
	m.answer(t, accepts, m.account)
	m.looks(t)
	w.suspends(t, m.account)
	m.looks(t)
	t.Run("while the other account is to join, that is what is waited for", m.isSuspendedUnderWay)
	w.reactivates(t, m.account)
	m.answer(t, accepts, m.linked)
	m.looks(t)
	m.goesThrough(t)

	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	w.suspends(t, m.linked)
	w.Advance(t, at(t, "2026-03-22T12:00:00Z"))
	t.Run("after the transfer Operations and the customer are told, and the account is billed", m.isSuspended)
	w.uses(t, m.linked, time.March, 23, "30")
	w.reactivates(t, m.linked)
	w.Advance(t, at(t, "2026-03-24T12:00:00Z"))
	t.Run("one that AWS reactivates is as before", func(t *testing.T) {
		m.isBound(t, joined, joined)
		if c := m.connection(t); c.GetSuspension() != nil || c.GetMembers()[1].GetSuspendTime() != nil || len(m.suspensions(t)) != 0 {
			t.Errorf("the connection is %v, with %v", c, m.suspensions(t))
		}
	})

	w.suspends(t, m.linked)
	w.LetPass(t, at(t, "2026-04-20T12:00:00Z"))
	t.Run("the month of the suspension is billed", func(t *testing.T) { m.owes(t, time.March, "30.00", false) })
	w.uses(t, m.linked, time.June, 24, "8")
	w.LetPass(t, at(t, "2026-06-20T12:00:00Z"))
	t.Run("in its 90 days Operations is reminded of it again and again", func(t *testing.T) {
		if op, theirs := m.remindedOf(t, operationsAddress), m.remindedOf(t, "pat@example.com"); op < 10 || theirs < 10 {
			t.Errorf("Operations has %d mails, the customer %d", op, theirs)
		}
	})
	w.Advance(t, at(t, "2026-06-26T12:00:00Z"))
	t.Run("then AWS has closed it for good, and the connection goes on without", m.isShut)

	w.suspends(t, m.account)
	w.Advance(t, at(t, "2026-06-28T12:00:00Z"))
	if err := w.aws(t).LeaveOrganization(t.Context(), m.account); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, at(t, "2026-06-30T12:00:00Z"))
	t.Run("one that is taken out of the organization meanwhile has left, and the last one ends the connection", m.isTakenOut)
	w.LetPass(t, at(t, "2026-07-08T12:00:00Z"))
	t.Run("its last month is invoiced and final, and the agreement has ended", func(t *testing.T) {
		m.owes(t, time.June, "8.00", true)
		if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
			t.Errorf("the agreement is %v", a)
		}
	})
}

func (w *world) suspends(t *testing.T, account string) {
	t.Helper()
	if err := w.aws(t).SuspendAccount(t.Context(), account); err != nil {
		t.Fatalf("suspend the account at AWS: %v", err)
	}
	refused(t, w.aws(t).SuspendAccount(t.Context(), account), codes.FailedPrecondition, "AWS_REFUSES")
}

func (w *world) reactivates(t *testing.T, account string) {
	t.Helper()
	if err := w.aws(t).ReactivateAccount(t.Context(), account); err != nil {
		t.Fatalf("reactivate the account: %v", err)
	}
	refused(t, w.aws(t).ReactivateAccount(t.Context(), account), codes.FailedPrecondition, "AWS_REFUSES")
}

// suspensions are the open cases of accounts that AWS has suspended.
func (m *legacy) suspensions(t *testing.T) (cases []*supportv1.Case) {
	t.Helper()
	for _, k := range m.w.problems(t, m.customer, true) {
		if mentions(k.GetTitle(), "AWS has suspended account") {
			cases = append(cases, k)
		}
	}
	return cases
}

// remindedOf counts the mails to an address of the suspension of the linked account.
func (m *legacy) remindedOf(t *testing.T, to string) int {
	t.Helper()
	return len(m.w.mailed(t, &sandboxv1.ListMailRequest{To: to, Subject: "AWS has suspended account " + m.linked}))
}

// listed is what Operations has in its list about the connection; nil: nothing.
func (m *legacy) listed(t *testing.T) *typev1.Action {
	t.Helper()
	resp, err := m.w.Actions.ListActions(m.w.operator(t), &ordersv1.ListActionsRequest{CustomerId: m.id})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range resp.GetActions() {
		if a.GetKind() == typev1.ActionKind_ACTION_KIND_CONNECTION {
			return a
		}
	}
	return nil
}

func (m *legacy) isSuspendedUnderWay(t *testing.T) {
	c, waits := m.connection(t), m.w.transfer(t, m.transferID).GetWaiting()
	if waits.GetOwner() != byCustomer || waits.GetUntilTime() == nil || c.GetWaiting().GetOwner() != byCustomer {
		t.Errorf("the transfer waits for %v, the connection for %v", waits, c.GetWaiting())
	}
	if w := m.w.order(t, m.order.GetOrderId()).GetWaiting(); w.GetOwner() != byCustomer {
		t.Errorf("the order waits for %v", w)
	}
	s := c.GetSuspension()
	if s.GetOwner() != byCustomer || !s.GetEscalated() || !mentions(s.GetWhat(), m.account, "are yours") || s.GetUntilTime() == nil {
		t.Errorf("beside that it has %v", s)
	}
	if a := m.listed(t); !mentions(a.GetWaiting().GetWhat(), "AWS has suspended", m.account) || len(m.suspensions(t)) != 1 {
		t.Errorf("Operations has %v, and %v", a, m.suspensions(t))
	}
}

func (m *legacy) isSuspended(t *testing.T) {
	m.isBound(t, joined, joined)
	c := m.connection(t)
	s, end := c.GetSuspension(), c.GetMembers()[1].GetSuspensionEndTime().AsTime()
	first := c.GetMembers()[1].GetSuspensionEarliestEndTime().AsTime() // AWS says no date: it is between two looks
	if c.GetWaiting() != nil || s.GetOwner() != byCustomer || !s.GetUntilTime().AsTime().Equal(first) || !first.Before(end) ||
		end.Sub(first) > 25*time.Hour ||
		!end.Equal(c.GetMembers()[1].GetSuspendTime().AsTime().AddDate(0, 0, 90)) {
		t.Errorf("the connection is %v", c)
	}
	if a := m.listed(t); !mentions(a.GetWaiting().GetWhat(), m.linked) {
		t.Errorf("Operations has %v", a)
	}
	if cases := m.suspensions(t); len(cases) != 1 || !mentions(cases[0].GetDescription(), "closes the account for good", "is paid") {
		t.Errorf("the cases are %v", cases)
	}
	for _, to := range []string{"pat@example.com", operationsAddress} {
		if n := m.remindedOf(t, to); n == 0 {
			t.Errorf("%s has no mail of it", to)
		}
	}
	resp, err := m.w.Timeline.GetTimeline(m.person(t), &ordersv1.GetTimelineRequest{OrderId: m.order.GetOrderId(), PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, e := range resp.GetEntries() {
		told = told || mentions(e.GetNote(), "AWS has suspended account "+m.linked, "closes it for good")
	}
	if !told {
		t.Errorf("the customer's timeline does not tell of it: %v", resp.GetEntries())
	}
}

func (m *legacy) isShut(t *testing.T) {
	c := m.connection(t)
	member := c.GetMembers()[1]
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE || c.GetSuspension() != nil ||
		member.GetCloseTime() == nil ||
		member.GetState() != accounttransferv1.MemberState_MEMBER_STATE_LEFT ||
		member.GetLeaveReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_ACCOUNT_CLOSED {
		t.Errorf("the connection is %v", c)
	}
	shut := 0
	for _, k := range m.w.problems(t, m.customer, true) {
		if mentions(k.GetTitle(), m.linked, "was closed after AWS had suspended it") {
			shut++
		}
	}
	if shut != 1 || len(m.suspensions(t)) != 0 {
		t.Errorf("the cases are %v", m.w.problems(t, m.customer, true))
	}
	if err := m.w.op(t).AcknowledgeDeparture(t.Context(), c.GetConnectionId(), m.linked, "Its commitment stands."); err != nil {
		t.Fatal(err)
	}
	m.w.Settle(t)
	if a := m.listed(t); a != nil {
		t.Errorf("Operations still has %v", a)
	}
}

func (m *legacy) isTakenOut(t *testing.T) {
	c := m.connection(t)
	if c.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_LEFT_ORGANIZATION || c.GetSuspension() != nil ||
		!c.GetEndTime().AsTime().Equal(at(t, "2026-07-01T00:00:00Z")) || len(m.suspensions(t)) != 0 {
		t.Errorf("the connection is %v, with %v", c, m.suspensions(t))
	}
}
