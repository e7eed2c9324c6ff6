package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestLegacyIsBilled: the accounts of a legacy transfer are billed from their first full month, all of them on one invoice.
func TestLegacyIsBilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := w.newLegacy(t, "spam-unused", false)
	for _, r := range spamUnused() {
		if r.key != "request-consent" {
			m.performs(t, r)
		}
	}
	t.Run("the order is complete, and its agreement in force on the terms that the customer accepted", m.isAgreed)
	m.isComplete(t)
	second := m.customer
	second.account = m.linked
	m.usesIn(t, calendar.Month{Year: 2026, Month: time.February})
	for _, c := range []customer{m.customer, second} {
		c.usesIn(t, calendar.Month{Year: 2026, Month: time.March})
	}
	w.Advance(t, at(t, "2026-04-05T12:00:00Z"))
	t.Run("the first full month is invoiced, and none before it", m.isBilled)
	m.leaves(t)
	t.Run("the agreement ends when the accounts have left", m.hasEnded)
}

func (m *legacy) isAgreed(t *testing.T) {
	inState(t, m.w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	a := m.agreementOf(t, m.order)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || len(a.GetTerms()) != 2 || a.GetTransferId() != m.transferID {
		t.Errorf("the agreement is %v", a)
	}
}

func (m *legacy) isBilled(t *testing.T) {
	all := m.invoices(t)
	if len(all) != 1 || all[0].GetMonth().GetMonth() != 3 || !all[0].GetFirst() {
		periods, err := m.w.Billing.ListPeriods(m.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: m.id})
		t.Fatalf("the invoices are %v, the periods %v, %v", all, periods.GetPeriods(), err)
	}
	if total := all[0].GetTotal(); total.GetAmount() != "180.61" { // twice 100 less 2 %, by AWS's 0.9215
		t.Errorf("its total is %v", total)
	}
}

// leaves has the accounts leave the payer's organization one after the other, and the suite look.
func (m *legacy) leaves(t *testing.T) {
	t.Helper()
	elsewhere := m.w.newOrganization(t)
	hands := m.w.aws(t)
	for i, account := range []string{m.linked, m.account} {
		if _, err := hands.Sandbox.JoinOrganization(hands.Once(t.Context()), &sandboxv1.JoinOrganizationRequest{
			AccountId: account, PayerAccountId: elsewhere,
		}); err != nil {
			t.Fatalf("join another organization at AWS: %v", err)
		}
		m.w.Advance(t, m.w.Now(t).Add(26*time.Hour))
		c := m.connection(t)
		if i == 0 && (c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE ||
			c.GetMembers()[1].GetState() != accounttransferv1.MemberState_MEMBER_STATE_LEFT) {
			t.Errorf("with one account gone the connection is %v", c)
		}
	}
	m.w.Advance(t, at(t, "2026-05-02T12:00:00Z"))
}

func (m *legacy) hasEnded(t *testing.T) {
	if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED ||
		!a.GetEndTime().AsTime().Equal(at(t, "2026-05-01T00:00:00Z")) {
		t.Errorf("the agreement is %v", a)
	}
}
