package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestMigrationFromSharedPayer: accounts in an organization of the reseller's come to one of the customer's own, which is billed by a
// billing transfer from a month that the customer has chosen.
func TestMigrationFromSharedPayer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := w.newLegacy(t, "spam-unused", false)
	m.isDone(t, spamUnused())
	m.isComplete(t)
	old := m.agreementOf(t, m.order)
	w.Advance(t, at(t, "2026-03-10T12:00:00Z"))
	next := m.customer
	next.account = w.newOrganization(t)
	t.Run("ORD-006 a billing transfer that ends before it begins replaces nothing", func(t *testing.T) {
		m.keepsItsAgreement(t, next, next.ordersInPlace(t, old, at(t, "2026-04-01T00:00:00Z")))
	})
	start := at(t, "2026-05-01T00:00:00Z")
	var o *ordersv1.Order
	t.Run("ORD-006 the customer chooses the month in which the new agreement begins", func(t *testing.T) {
		o = next.moves(t, old, start)
		if a := m.agreementOf(t, o); !a.GetMinimumTerm().GetStartTime().AsTime().Equal(start) {
			t.Errorf("the new agreement is %v", a)
		}
	})
	t.Run("ORD-006 it is told before which accounts have to leave, and reminded", func(t *testing.T) {
		w.Advance(t, w.Now(t).Add(7*24*time.Hour))
		if n := m.readsOf(t, "is to be moved", m.account, m.linked, "payment method"); n < 3 {
			t.Errorf("the customer was told %d times", n)
		}
	})
	w.Advance(t, start.Add(2*time.Hour))
	t.Run("ORD-006 accounts that stay are waited for, and billed until they have left", func(t *testing.T) {
		c := m.memberships(t)[0]
		wait := c.GetWaiting()
		if c.GetState() != connectionEffective || wait.GetOwner() != byReseller || !mentions(wait.GetWhat(), m.account, m.linked) {
			t.Errorf("the membership is %v", c)
		}
		w.Advance(t, at(t, "2026-05-10T12:00:00Z"))
		for _, account := range m.accounts() {
			m.comesTo(t, account, next.account)
		}
		w.Advance(t, w.Now(t).Add(26*time.Hour))
		if c := m.memberships(t)[0]; c.GetState() != connectionEnding || !c.GetEndTime().AsTime().Equal(at(t, "2026-06-01T00:00:00Z")) ||
			c.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_SUPERSEDED {
			t.Errorf("the membership is %v", c)
		}
	})
	w.Advance(t, at(t, "2026-06-01T02:00:00Z"))
	t.Run("ORD-006 afterwards both sides read what is true of accounts that have left", m.readsOfMove)
}

// ordersInPlace has the customer accept a billing transfer in the place of an agreement.
func (c customer) ordersInPlace(t *testing.T, old *ordersv1.Agreement, start time.Time) *ordersv1.Order {
	t.Helper()
	draft := c.order()
	draft.ReplacesAgreementId, draft.StartTime = old.GetAgreementId(), timestamppb.New(start)
	draft, err := c.w.op(t).CreateDraft(t.Context(), draft)
	if err != nil {
		t.Fatalf("prepare the migration: %v", err)
	}
	o, err := c.submit(t, draft.GetOrderId())
	if err != nil {
		t.Fatalf("submit the migration: %v", err)
	}
	c.w.Settle(t)
	inv := c.w.transfer(t, o.GetTransferId()).GetConnection().GetInvitations()
	if len(inv) != 1 || !inv[0].GetStartTime().AsTime().Equal(start) {
		t.Fatalf("AWS is asked for %v", inv)
	}
	c.accept(t)
	return c.process(t, o.GetOrderId())
}

// moves has the customer accept a billing transfer in the place of an agreement, which is complete then.
func (c customer) moves(t *testing.T, old *ordersv1.Agreement, start time.Time) *ordersv1.Order {
	t.Helper()
	o := c.ordersInPlace(t, old, start)
	c.acceptTerm(t)
	c.process(t, o.GetOrderId())
	c.finish(t, o)
	inState(t, c.w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	return o
}

// keepsItsAgreement has the customer end the billing transfer before it begins.
func (m *legacy) keepsItsAgreement(t *testing.T, next customer, o *ordersv1.Order) {
	if a := m.agreementOf(t, m.order); a.GetReplacementOrderId() != o.GetOrderId() {
		t.Errorf("the legacy agreement is %v", a)
	}
	if _, err := m.w.aws(t).WithdrawTransfer(t.Context(), next.account, false); err != nil {
		t.Fatalf("withdraw at AWS: %v", err)
	}
	m.w.Advance(t, at(t, "2026-04-02T00:00:00Z"))
	inState(t, m.w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	a := m.agreementOf(t, m.order)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || a.GetReplacementOrderId() != "" || a.GetEndTime() != nil {
		t.Errorf("the legacy agreement is %v", a)
	}
	if c := m.memberships(t)[0]; c.GetState() != connectionEffective || c.GetWaiting() != nil {
		t.Errorf("the membership is %v", c)
	}
	if got := m.w.order(t, o.GetOrderId()); got.GetSupersedeTime() != nil || got.GetWaiting() != nil {
		t.Errorf("the order is %v", got)
	}
}

// readsOf counts the mails to the customer whose subjects say one thing, and holds what they say besides.
func (m *legacy) readsOf(t *testing.T, subject string, says ...string) (n int) {
	t.Helper()
	for _, mail := range m.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if !mentions(mail.GetSubject(), subject) {
			continue
		}
		if n++; !mentions(mail.GetText(), says...) {
			t.Errorf("the customer reads %s", mail.GetText())
		}
	}
	return n
}

func (m *legacy) readsOfMove(t *testing.T) {
	if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
		t.Errorf("the legacy agreement is %v", a)
	}
	for _, mail := range m.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if mentions(mail.GetSubject(), "was moved") && (mentions(mail.GetText(), "billed twice") || mentions(mail.GetText(), "need not do")) {
			t.Errorf("the customer reads %s", mail.GetText())
		}
	}
	if n := m.readsOf(t, "was moved to the new product", m.account, m.linked, "from 1 May 2026", "until: 31 May 2026"); n != 1 {
		t.Errorf("the customer was told %d times", n)
	}
	n := 0
	for _, mail := range m.w.mailed(t, &sandboxv1.ListMailRequest{To: operationsAddress, WithText: true}) {
		if mentions(mail.GetSubject(), "was moved to billing transfer") {
			n++
		}
		if mentions(mail.GetSubject(), "has ended") && mentions(mail.GetText(), m.order.GetAgreementId()) {
			t.Errorf("Operations reads %s", mail.GetText())
		}
	}
	if n != 1 {
		t.Errorf("Operations was told %d times", n)
	}
}

// TestMigrationOfWhatEnds: an agreement that ends already can be replaced until it is over, and nothing else is ordered beside.
func TestMigrationOfWhatEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.newLegacy(t, "ecam-used", false)
	m.isDone(t, ecamUsed())
	m.isComplete(t)
	old := m.agreementOf(t, m.order)
	w.Advance(t, at(t, "2026-04-02T12:00:00Z"))
	id := m.memberships(t)[0].GetConnectionId()
	if err := w.op(t).WithdrawConnection(t.Context(), id, "The customer has terminated."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if err := w.op(t).RecordReturn(t.Context(), id, "A recording."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	t.Run("ORD-006 an order beside it is refused with its end and a remedy that helps", func(t *testing.T) {
		_, err := m.submit(t, m.draft(t).GetOrderId())
		e := refusal(t, err, codes.FailedPrecondition, "AGREEMENT_ENDING")
		if e.Remedy == nil || e.Remedy.Who != "OPERATOR" || e.Meta["end_time"] != "2026-05-01T00:00:00Z" {
			t.Errorf("refused with %+v", e)
		}
	})
	t.Run("one in its place that would begin after its end is refused with the month to choose", func(t *testing.T) {
		late := m.customer.order()
		late.ReplacesAgreementId, late.StartTime = old.GetAgreementId(), timestamppb.New(at(t, "2026-06-01T00:00:00Z"))
		draft, err := w.op(t).CreateDraft(t.Context(), late)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.submit(t, draft.GetOrderId())
		if e := refusal(t, err, codes.InvalidArgument, "START_AFTER_END"); !violated(e, "start_time") || e.Remedy == nil {
			t.Errorf("refused with %+v", e)
		}
		if _, err := w.Orders.DeleteOrder(w.operator(t), &ordersv1.DeleteOrderRequest{OrderId: draft.GetOrderId()}); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("ORD-006 one in its place is let through, and begins where it ends", func(t *testing.T) {
		o := m.moves(t, old, at(t, "2026-05-01T00:00:00Z"))
		w.Advance(t, at(t, "2026-05-01T03:00:00Z"))
		a, b := m.agreementOf(t, m.order), m.agreementOf(t, o)
		if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED || b.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE ||
			!a.GetEndTime().AsTime().Equal(b.GetMinimumTerm().GetStartTime().AsTime()) {
			t.Errorf("the agreements are %v and %v", a, b)
		}
		if wait := w.order(t, o.GetOrderId()).GetWaiting(); wait != nil {
			t.Errorf("the order waits for %v", wait)
		}
		if c := m.memberships(t)[0]; c.GetState() != connectionEnded || c.GetWaiting() != nil {
			t.Errorf("the membership is %v", c)
		}
	})
	t.Run("ORD-006 the customer reads of the new agreement, and not that AWS bills it itself", func(t *testing.T) {
		if n := m.readsOf(t, "is to be moved", "from: 1 May 2026", "You need not do anything before"); n != 1 {
			t.Errorf("the customer was told %d times before", n)
		}
		if n := m.readsOf(t, "was moved to the new product", "billed from the day after", "until: 30 April 2026"); n != 1 {
			t.Errorf("the customer was told %d times after", n)
		}
		if n := m.readsOf(t, "has ended"); n != 0 {
			t.Errorf("the customer was told %d times that it is billed by AWS", n)
		}
		for _, mail := range w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
			if mentions(mail.GetSubject(), "was moved") && mentions(mail.GetText(), "hand the root users") {
				t.Errorf("what was handed back is announced again: %s", mail.GetText())
			}
		}
	})
}
