package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// manual is an account that becomes a member of the payer's organization by hand.
type manual struct {
	customer
	order      *ordersv1.Order // whose agreement it is billed by
	transferID string
}

// TestManualTransfer is a legacy model in which AWS invites nobody through the suite: people attest each step, and the
// account is billed from its first full month.
func TestManualTransfer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	m := manual{customer: w.newCustomer(t)}
	m.begins(t)
	t.Run("no customer chooses it", m.isOperations)
	t.Run("the steps are attested one after the other, each by its owner", m.isAttested)
	t.Run("the order is complete, and its agreement in force on the terms that the customer accepted", m.isAgreed)
	t.Run("the connection is a membership from the first full month on", m.isMember)
	m.usesIn(t, calendar.Month{Year: 2026, Month: time.February})
	m.usesIn(t, calendar.Month{Year: 2026, Month: time.March})
	w.Advance(t, at(t, "2026-04-05T12:00:00Z"))
	t.Run("the first full month is invoiced, and none before it", m.isBilled)
	m.leaves(t)
	t.Run("the agreement ends when the account has left", m.hasEnded)
}

// begins has the customer submit an order that Operations has carried out by hand.
func (m *manual) begins(t *testing.T) {
	t.Helper()
	var err error
	if m.account, err = m.w.aws(t).CreateAccount(t.Context(), id.New("root")+"@example.com"); err != nil {
		t.Fatalf("sign up at AWS: %v", err)
	}
	m.order = m.submitted(t, byHand)
	m.transferID = m.order.GetTransferId()
	m.w.Settle(t)
}

func byHand(o *ordersv1.Order) { o.TemplateKey = "spam-manual" }

func (m *manual) isAttested(t *testing.T) {
	m.attests(t)
	if sent := m.w.atAWS(t, m.account); len(sent) != 0 {
		t.Errorf("AWS holds the invitations %v", sent)
	}
}

// attests has people do all that is by hand.
func (m manual) attests(t *testing.T) {
	t.Helper()
	for _, key := range []string{"hand-over-root", "join-organization"} {
		if wait := m.w.transfer(t, m.transferID).GetWaiting(); wait.GetStepKey() != key || wait.GetWhat() == "" {
			t.Fatalf("the transfer waits for %v, want %s", wait, key)
		}
		if key == "join-organization" {
			if err := m.w.aws(t).JoinPayer(t.Context(), m.account); err != nil {
				t.Fatalf("join at AWS: %v", err)
			}
		}
		_, err := m.w.Transfers.CompleteStep(m.w.operator(t), &accounttransferv1.CompleteStepRequest{
			TransferId: m.transferID, StepKey: key, Evidence: "Seen in the console, ticket 4711.",
		})
		if err != nil {
			t.Fatalf("attest %s: %v", key, err)
		}
		m.w.Settle(t)
	}
	if got := m.w.transfer(t, m.transferID).GetState(); got != accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED {
		t.Errorf("the transfer is %s", got)
	}
}

func (m *manual) isOperations(t *testing.T) {
	o := m.customer.order()
	byHand(o)
	_, err := m.w.Orders.CreateOrder(m.person(t), &ordersv1.CreateOrderRequest{Order: o})
	if e := refusal(t, err, codes.PermissionDenied, "ROLE_DENIED"); !violated(e, "template_key") {
		t.Errorf("refused with %+v", e)
	}
}

func (m *manual) isAgreed(t *testing.T) {
	inState(t, m.w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	a := m.agreementOf(t, m.order)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || len(a.GetTerms()) != 2 || a.GetTransferId() != m.transferID {
		t.Errorf("the agreement is %v", a)
	}
}

func (m *manual) isMember(t *testing.T) {
	c := m.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE ||
		c.GetBasis() != accounttransferv1.ConnectionBasis_CONNECTION_BASIS_MEMBERSHIP ||
		!c.GetStartTime().AsTime().Equal(at(t, "2026-03-01T00:00:00Z")) || c.GetAccountId() != m.account {
		t.Errorf("the connection is %v", c)
	}
}

func (m *manual) isBilled(t *testing.T) {
	all := m.invoices(t)
	if len(all) != 1 || all[0].GetMonth().GetMonth() != 3 || !all[0].GetFirst() {
		periods, err := m.w.Billing.ListPeriods(m.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: m.id})
		t.Fatalf("the invoices are %v, the periods %v, %v", all, periods.GetPeriods(), err)
	}
	if total := all[0].GetTotal(); total.GetAmount() != "90.31" { // 100 less 2 %, by AWS's 0.9215
		t.Errorf("its total is %v", total)
	}
}

// leaves has the account leave the payer's organization, and the suite look.
func (m *manual) leaves(t *testing.T) {
	t.Helper()
	elsewhere := m.w.newOrganization(t)
	hands := m.w.aws(t)
	if _, err := hands.Sandbox.JoinOrganization(hands.Once(t.Context()), &sandboxv1.JoinOrganizationRequest{
		AccountId: m.account, PayerAccountId: elsewhere,
	}); err != nil {
		t.Fatalf("join another organization at AWS: %v", err)
	}
	m.w.Advance(t, at(t, "2026-05-02T12:00:00Z"))
}

func (m *manual) hasEnded(t *testing.T) {
	if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED ||
		!a.GetEndTime().AsTime().Equal(at(t, "2026-05-01T00:00:00Z")) {
		t.Errorf("the agreement is %v", a)
	}
}
