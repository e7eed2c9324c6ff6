package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestMigration: a customer of a legacy model is moved to the billing transfer, when Operations has prepared it.
func TestMigration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := w.newLegacy(t, "ecam-used", false)
	m.isDone(t, ecamUsed())
	m.isComplete(t)
	old := m.agreementOf(t, m.order)
	t.Run("ORD-006 Operations alone prepares it, for a legacy agreement in force, of the same customer", func(t *testing.T) {
		m.refusesMigration(t, old)
	})
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	t.Run("ORD-006 a migration that fails leaves the legacy agreement as it was", func(t *testing.T) { m.failsToMigrate(t, old) })
	var o *ordersv1.Order
	t.Run("ORD-006 the order for the same account is let through, and no other one", func(t *testing.T) { o = m.migrates(t, old) })
	w.uses(t, m.account, time.March, 21, "100")
	t.Run("ORD-006 the legacy agreement ends at the instant at which the new one is billed, and both sides know", func(t *testing.T) {
		m.hasMigrated(t, old, o)
	})
	t.Run("ORD-006 the reseller hands the root user back that it held of the organization", m.getsRootBack)
	w.uses(t, m.account, time.April, 10, "100")
	w.Advance(t, at(t, "2026-05-06T12:00:00Z"))
	t.Run("ORD-006 no day is billed twice, and none by nobody", func(t *testing.T) {
		m.isInvoiced(t, map[int32]string{3: "49.00", 4: "90.31"})
	})
}

// replacing is a draft of Operations that moves an agreement.
func (c customer) replacing(t *testing.T, a *ordersv1.Agreement) (*ordersv1.Order, error) {
	t.Helper()
	o := c.order()
	o.ReplacesAgreementId = a.GetAgreementId()
	return c.w.op(t).CreateDraft(t.Context(), o)
}

func (m *legacy) refusesMigration(t *testing.T, old *ordersv1.Agreement) {
	own := m.customer.order()
	own.ReplacesAgreementId = old.GetAgreementId()
	_, err := m.w.Orders.CreateOrder(m.person(t), &ordersv1.CreateOrderRequest{Order: own})
	if e := refusal(t, err, codes.PermissionDenied, "ROLE_DENIED"); !violated(e, "order.replaces_agreement_id") {
		t.Errorf("refused with %+v", e)
	}
	other := m.w.newCustomer(t)
	_, err = other.replacing(t, old)
	refused(t, err, codes.InvalidArgument, "AGREEMENT_UNKNOWN")
	young := other.submitted(t)
	m.w.Settle(t)
	_, err = other.replacing(t, other.agreementOf(t, young))
	if e := refusal(t, err, codes.FailedPrecondition, "AGREEMENT_NOT_LEGACY"); e.Remedy == nil || e.Remedy.Who != "OPERATOR" {
		t.Errorf("refused with %+v", e)
	}
	plain := m.draft(t)
	_, err = m.submit(t, plain.GetOrderId())
	refused(t, err, codes.FailedPrecondition, "ACCOUNT_ALREADY_ORDERED")
}

// failsToMigrate has the customer decline the billing transfer.
func (m *legacy) failsToMigrate(t *testing.T, old *ordersv1.Agreement) {
	o := m.migrates(t, old)
	_, err := m.hands(t).RequestTermination(t.Context(), old.GetAgreementId(), "We leave.")
	refused(t, err, codes.FailedPrecondition, "REPLACEMENT_OPEN")
	if err := m.w.aws(t).DeclineInvitation(t.Context(), m.account); err != nil {
		t.Fatal(err)
	}
	m.process(t, o.GetOrderId())
	inState(t, m.w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	a := m.agreementOf(t, m.order)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || a.GetReplacementOrderId() != "" || a.GetEndTime() != nil {
		t.Errorf("the legacy agreement is %v", a)
	}
	m.w.Advance(t, m.w.Now(t).Add(26*time.Hour))
	if c := m.memberships(t)[0]; c.GetState() != connectionEffective || c.GetWaiting() != nil {
		t.Errorf("the membership is %v", c)
	}
}

// memberships are the customer's connections by membership.
func (m *legacy) memberships(t *testing.T) []*accounttransferv1.Connection {
	t.Helper()
	resp, err := m.w.Connections.ListConnections(m.person(t), &accounttransferv1.ListConnectionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(resp.GetConnections(), func(c *accounttransferv1.Connection) bool {
		return c.GetBasis() != accounttransferv1.ConnectionBasis_CONNECTION_BASIS_MEMBERSHIP
	})
}

// migrates has Operations prepare the order and the customer submit it, until AWS has invited the account.
func (m *legacy) migrates(t *testing.T, old *ordersv1.Agreement) *ordersv1.Order {
	t.Helper()
	draft, err := m.replacing(t, old)
	if err != nil {
		t.Fatalf("prepare the migration: %v", err)
	}
	o, err := m.submit(t, draft.GetOrderId())
	if err != nil {
		t.Fatalf("submit the migration: %v", err)
	}
	m.w.Settle(t)
	if got := m.w.order(t, o.GetOrderId()); got.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Fatalf("the order is %s and waits for %v", got.GetState(), got.GetWaiting())
	}
	if a := m.agreementOf(t, m.order); a.GetReplacementOrderId() != o.GetOrderId() {
		t.Errorf("the legacy agreement is %v", a)
	}
	_, err = m.replacing(t, old)
	refused(t, err, codes.FailedPrecondition, "REPLACEMENT_OPEN")
	_, err = m.submit(t, m.draft(t).GetOrderId())
	refused(t, err, codes.FailedPrecondition, "ACCOUNT_ALREADY_ORDERED")
	return o
}

// hasMigrated has the customer accept, and looks before and after the billing begins.
func (m *legacy) hasMigrated(t *testing.T, old *ordersv1.Agreement, o *ordersv1.Order) {
	w, start := m.w, at(t, "2026-04-01T00:00:00Z")
	m.accept(t)
	m.process(t, o.GetOrderId())
	m.acceptTerm(t)
	m.process(t, o.GetOrderId())
	m.finish(t, o)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	w.Advance(t, start.Add(-time.Minute))
	if c := m.memberships(t)[0]; c.GetState() != connectionEffective {
		t.Errorf("before the new one is billed the membership is %v", c)
	}
	w.Advance(t, start.Add(time.Hour))
	c := m.memberships(t)[0]
	if c.GetState() != connectionEnded || !c.GetEndTime().AsTime().Equal(start) ||
		c.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_SUPERSEDED {
		t.Errorf("the membership is %v", c)
	}
	a, b := m.agreementOf(t, m.order), m.agreementOf(t, o)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED || !a.GetEndTime().AsTime().Equal(start) {
		t.Errorf("the legacy agreement is %v", a)
	}
	if b.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || !b.GetMinimumTerm().GetStartTime().AsTime().Equal(start) {
		t.Errorf("the new agreement is %v", b)
	}
	moved := func(mail *sandboxv1.Mail) bool { return mentions(mail.GetSubject(), "was moved to the new product") }
	mails := w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true})
	if n := len(slices.DeleteFunc(slices.Clone(mails), func(mail *sandboxv1.Mail) bool { return !moved(mail) })); n != 1 {
		t.Errorf("the customer was told %d times", n)
	}
	if _, err := m.replacing(t, old); err == nil {
		t.Error("an agreement that is over is replaced again")
	}
}

// getsRootBack holds that nobody forgets what the reseller holds of an organization that it bills by a billing transfer from now on.
func (m *legacy) getsRootBack(t *testing.T) {
	w, old := m.w, m.memberships(t)[0]
	wait := old.GetWaiting()
	if wait.GetOwner() != byReseller || !mentions(wait.GetWhat(), m.account, m.linked) || wait.GetEscalateTime() == nil {
		t.Fatalf("the membership waits for %v", wait)
	}
	w.Advance(t, w.Now(t).Add(73*time.Hour))
	late := m.problems(t)
	if c := m.memberships(t)[0]; !c.GetWaiting().GetEscalated() || len(late) != 1 || !mentions(late[0].String(), "root user") {
		t.Errorf("after three days it waits for %v, the cases are %v", c.GetWaiting(), late)
	}
	if err := w.op(t).RecordReturn(t.Context(), old.GetConnectionId(), "A recording, ticket 4711."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if c, open := m.memberships(t)[0], m.problems(t); c.GetState() != connectionEnded || c.GetWaiting() != nil || len(open) != 0 {
		t.Errorf("handed back, the membership is %v, the cases are %v", c, open)
	}
	n := 0
	for _, mail := range w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if mentions(mail.GetSubject(), "root user of your AWS organization is yours again") {
			n++
		}
		if mentions(mail.GetText(), "payment method") || mentions(mail.GetText(), "4711") {
			t.Errorf("the customer reads %s", mail.GetText())
		}
	}
	if n != 1 {
		t.Errorf("the customer was told %d times", n)
	}
}
