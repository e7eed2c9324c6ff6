package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

const (
	connectionEffective = accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE
	connectionEnding    = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
	connectionEnded     = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED
	byTheReseller       = accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_WITHDRAWN_BY_RESELLER
)

// TestMembershipIsEnded: the reseller ends a membership in a payer that others share. Operations has the accounts leave, is told when that
// takes long, and the connection ends when AWS shows none of them any more.
func TestMembershipIsEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.newLegacy(t, "spam-unused", false)
	m.isDone(t, spamUnused())
	m.isComplete(t)
	w.Advance(t, at(t, "2026-03-05T12:00:00Z"))
	c := m.connection(t)
	if err := w.op(t).WithdrawConnection(t.Context(), c.GetConnectionId(), "The customer has terminated."); err != nil {
		t.Fatal(err)
	}
	refused(t, w.op(t).RecordReturn(t.Context(), c.GetConnectionId(), "A recording."), codes.FailedPrecondition, "ACCOUNTS_MUST_LEAVE")
	t.Run("it waits for Operations, which has a case when that takes long", func(t *testing.T) {
		if wait := m.connection(t).GetWaiting(); wait.GetOwner() != byReseller || !mentions(wait.GetWhat(), m.account, m.linked) {
			t.Errorf("it waits for %v", wait)
		}
		w.Advance(t, w.Now(t).Add(73*time.Hour))
		if !m.connection(t).GetWaiting().GetEscalated() || len(m.problems(t)) != 1 {
			t.Errorf("it waits for %v, the cases are %v", m.connection(t).GetWaiting(), m.problems(t))
		}
	})
	t.Run("it ends when the last account has left", func(t *testing.T) {
		elsewhere := w.newOrganization(t)
		m.comesTo(t, m.linked, elsewhere)
		w.Advance(t, w.Now(t).Add(7*time.Hour))
		if c := m.connection(t); c.GetState() != connectionEffective || c.GetMembers()[1].GetLeaveTime() == nil ||
			mentions(c.GetWaiting().GetWhat(), m.linked) {
			t.Fatalf("with one account gone the connection is %v", c)
		}
		m.comesTo(t, m.account, elsewhere)
		w.Advance(t, w.Now(t).Add(7*time.Hour)) // before the next sweep
		if c := m.connection(t); c.GetState() != connectionEnding || c.GetEndReason() != byTheReseller || c.GetWaiting() != nil {
			t.Fatalf("the connection is %v", c)
		}
		w.Advance(t, at(t, "2026-04-02T00:00:00Z"))
		if c, open := m.connection(t), m.problems(t); c.GetState() != connectionEnded || len(open) != 0 {
			t.Errorf("the connection is %v, the cases are %v", c, open)
		}
		if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
			t.Errorf("the agreement is %v", a)
		}
	})
}

// problems are the open cases about the customer's connection.
func (m *legacy) problems(t *testing.T) []*supportv1.Case {
	t.Helper()
	return m.w.openCases(t, m.customer, supportv1.CaseKind_CASE_KIND_TRANSFER_PROBLEM)
}

// TestOrganizationIsHandedBack: an organization that the reseller took over cannot leave itself. Operations hands it back, which ends the
// billing with the month, and the customer can then come by a billing transfer.
func TestOrganizationIsHandedBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := w.newLegacy(t, "ecam-used", false)
	m.isDone(t, ecamUsed())
	m.isComplete(t)
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	w.uses(t, m.account, time.March, 5, "100")
	w.uses(t, m.linked, time.March, 6, "100")
	id := m.connection(t).GetConnectionId()
	refused(t, w.op(t).RecordReturn(t.Context(), id, "A recording."), codes.FailedPrecondition, "STATE_REFUSES")
	if err := w.op(t).WithdrawConnection(t.Context(), id, "The customer has terminated."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(26*time.Hour))
	if c := m.connection(t); c.GetState() != connectionEffective || c.GetWaiting().GetOwner() != byReseller ||
		!mentions(c.GetWaiting().GetWhat(), m.account) {
		t.Fatalf("the connection is %v", c)
	}
	refused(t, w.op(t).RecordReturn(t.Context(), id, ""), codes.InvalidArgument, "EVIDENCE_REQUIRED")
	if err := w.op(t).RecordReturn(t.Context(), id, "A recording, ticket 4711."); err != nil {
		t.Fatal(err)
	}
	t.Run("it ends with the month, as any withdrawal", func(t *testing.T) {
		if c := m.connection(t); c.GetState() != connectionEnding || c.GetEndReason() != byTheReseller ||
			!c.GetEndTime().AsTime().Equal(at(t, "2026-04-01T00:00:00Z")) {
			t.Errorf("the connection is %v", c)
		}
		w.Advance(t, at(t, "2026-04-06T12:00:00Z"))
		if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
			t.Errorf("the agreement is %v", a)
		}
	})
	t.Run("ORD-054 the customer reads what is its own to see to, and its timeline tells of the return", m.readsOfReturn)
	t.Run("BIL-014 the last month is invoiced, over the whole organization, as the final invoice", func(t *testing.T) {
		all := m.invoices(t)
		if len(all) != 1 || !all[0].GetIsFinal() || all[0].GetTotal().GetAmount() != "98.00" { // twice 100 less 2 %, by the pricebook's 0.5
			periods, err := w.Billing.ListPeriods(w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: m.id})
			t.Errorf("the invoices are %v, the periods %v, %v", all, periods.GetPeriods(), err)
		}
	})
	t.Run("the customer comes by a billing transfer afterwards", m.comesAgain)
}

// readsOfReturn holds that the customer has one mail with its checklist, which no other mail contradicts, and sees no evidence.
func (m *legacy) readsOfReturn(t *testing.T) {
	var returned int
	for _, mail := range m.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		switch {
		case mentions(mail.GetSubject(), "organization is yours again"):
			returned++
			if !mentions(mail.GetText(), m.account, "payment method", "cost and usage reports", "budgets") {
				t.Errorf("the customer reads %s", mail.GetText())
			}
		case mentions(mail.GetText(), "payment method of the management account"):
			t.Errorf("the customer reads of a billing transfer: %s", mail.GetText())
		}
	}
	resp, err := m.w.Timeline.GetTimeline(m.person(t), &ordersv1.GetTimelineRequest{OrderId: m.order.GetOrderId(), PageSize: 500})
	told := 0
	for _, e := range resp.GetEntries() {
		if e.GetName() == "returned" {
			told++
		}
		if mentions(e.String(), "4711") {
			t.Errorf("the customer reads %v", e)
		}
	}
	if err != nil || returned != 1 || told != 1 {
		t.Errorf("%d mails, the timeline tells of it %d times, %v", returned, told, err)
	}
}

// comesAgain has the customer order a billing transfer of the organization that it has got back.
func (m *legacy) comesAgain(t *testing.T) {
	if err := m.w.op(t).UpdatePayer(t.Context(), m.payerID, &accounttransferv1.Payer{
		State: accounttransferv1.PayerState_PAYER_STATE_CLOSED,
	}, "state"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.w.Sandbox.RemoveRole(m.w.operator(t), &sandboxv1.RemoveRoleRequest{AccountId: m.account}); err != nil {
		t.Fatal(err)
	}
	m.w.Advance(t, m.w.Now(t).Add(50*time.Hour))
	if open := m.w.shutOutCases(t); open != 0 {
		t.Errorf("%d cases that the organization lets nobody in, which is its own again", open)
	}
	o := m.submitted(t)
	m.w.Settle(t)
	tr := m.w.transfer(t, o.GetTransferId())
	if tr.GetPayerId() != m.w.payerID || len(tr.GetConnection().GetInvitations()) != 1 || tr.GetSourceAccountId() != m.account {
		t.Errorf("the transfer is %v", tr)
	}
}

// TestMembershipIsWithdrawnByDecision: an order that fails after its accounts have joined ends when Operations has had them leave.
func TestMembershipIsWithdrawnByDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.newLegacy(t, "spam-unused", false)
	for _, r := range spamUnused() {
		if r.key == "hand-over-linked-accounts" {
			break
		}
		if r.key != "request-consent" {
			m.performs(t, r)
		}
	}
	if err := w.op(t).FailOrder(t.Context(), m.order.GetOrderId(), "It does not pay."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if q := w.transfer(t, m.transferID).GetDecision().GetQuestion(); q == "" || mentions(q, "billing transfer") {
		t.Errorf("Operations is asked %q", q)
	}
	pays := accounttransferv1.ChargesPayer_CHARGES_PAYER_RESELLER
	if err := w.op(t).Withdraw(t.Context(), m.transferID, pays, "It never began."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if wait := w.transfer(t, m.transferID).GetWaiting(); wait.GetOwner() != byReseller || !mentions(wait.GetWhat(), m.account, m.linked) {
		t.Fatalf("the transfer waits for %v", wait)
	}
	w.Advance(t, w.Now(t).Add(49*time.Hour))
	if !w.transfer(t, m.transferID).GetWaiting().GetEscalated() {
		t.Error("nobody is told that it takes long")
	}
	elsewhere := w.newOrganization(t)
	for _, account := range m.accounts() {
		m.comesTo(t, account, elsewhere)
	}
	w.Advance(t, w.Now(t).Add(26*time.Hour))
	inState(t, w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	c := m.connection(t)
	ends := slices.Contains([]accounttransferv1.ConnectionState{connectionEnding, connectionEnded}, c.GetState())
	if !ends || c.GetEndReason() != byTheReseller {
		t.Errorf("the connection is %v", c)
	}
	m.readsOfNoBillingTransfer(t)
}

// readsOfNoBillingTransfer holds that nobody reads of a billing transfer in the story of a membership.
func (m *legacy) readsOfNoBillingTransfer(t *testing.T) {
	t.Helper()
	resp, err := m.w.Timeline.GetTimeline(m.w.operator(t), &ordersv1.GetTimelineRequest{OrderId: m.order.GetOrderId(), PageSize: 500})
	if err != nil || len(resp.GetEntries()) == 0 {
		t.Fatalf("the timeline is %v, %v", resp, err)
	}
	for _, e := range resp.GetEntries() {
		if mentions(e.String(), "billing transfer") {
			t.Errorf("the timeline tells %v", e)
		}
	}
	for _, mail := range m.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if mentions(mail.GetText(), "billing transfer") {
			t.Errorf("the customer reads %s", mail.GetText())
		}
	}
}

// TestTermination: a billing transfer that is complete is ended by the reseller at AWS, once the customer has agreed to the end of its
// service term; until then it can be kept.
func TestTermination(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	c.completed(t, at(t, "2026-02-19T10:00:00Z"))
	id, op := c.connection(t).GetConnectionId(), w.op(t)
	w.Advance(t, at(t, "2026-05-10T10:00:00Z"))
	refused(t, op.WithdrawConnection(t.Context(), id, ""), codes.InvalidArgument, "FIELD_REQUIRED")
	refused(t, op.KeepConnection(t.Context(), id, "It stays."), codes.FailedPrecondition, "STATE_REFUSES")
	for _, kept := range []bool{true, false} {
		if err := op.WithdrawConnection(t.Context(), id, "The customer has terminated."); err != nil {
			t.Fatal(err)
		}
		w.Advance(t, w.Now(t).Add(time.Hour))
		if wait := c.connection(t).GetWaiting(); wait.GetOwner() != byCustomer || !mentions(wait.GetWhat(), "service term") {
			t.Fatalf("it waits for %v", wait)
		}
		if !kept {
			break
		}
		if err := op.KeepConnection(t.Context(), id, "It stays."); err != nil {
			t.Fatal(err)
		}
		w.Advance(t, w.Now(t).Add(time.Hour))
		if got := c.connection(t); got.GetState() != connectionEffective || got.GetWaiting() != nil {
			t.Fatalf("kept, the connection is %v", got)
		}
	}
	if err := w.aws(t).AcceptTerm(t.Context(), c.account); err != nil {
		t.Fatalf("accept the end of the service term: %v", err)
	}
	w.Advance(t, w.Now(t).Add(26*time.Hour))
	t.Run("XFR-BT-21 the reseller removes the billing transfer, and it ends with the month", func(t *testing.T) {
		if got := c.connection(t); got.GetState() != connectionEnding || got.GetEndReason() != byTheReseller ||
			!got.GetEndTime().AsTime().Equal(at(t, "2026-06-01T00:00:00Z")) {
			t.Fatalf("the connection is %v", got)
		}
		w.Advance(t, at(t, "2026-06-02T00:00:00Z"))
		if got := c.connection(t); got.GetState() != connectionEnded {
			t.Errorf("the connection is %v", got)
		}
	})
}
