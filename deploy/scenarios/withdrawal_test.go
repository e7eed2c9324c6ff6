package scenarios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// left is a customer that has withdrawn at AWS a year after its order was complete.
type left struct {
	customer
	order *ordersv1.Order
}

// operationsAddress is where the reseller's Operations gets its mails, by default.
const operationsAddress = "operations@handover.example"

// The year of the customer that leaves: billed from the first month, withdrawn in the last.
var (
	firstBilled = calendar.Month{Year: 2026, Month: time.March}
	lastBilled  = calendar.Month{Year: 2027, Month: time.March}
)

// TestWithdrawnInAWS is the end that nobody ordered: the customer withdraws in its console a year after COMPLETED. The
// connection is looked at as long as it lives, and agreement and billing follow it.
func TestWithdrawnInAWS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	l := left{customer: w.newCustomer(t)}
	l.order = l.completed(t, at(t, "2026-02-19T10:00:00Z"))
	t.Run("ORD-051 ORD-052 ORD-053 the purchase brings a minimum term of twelve calendar months", l.isHeldForAYear)
	for m := firstBilled; m.Compare(lastBilled.AddMonths(2)) <= 0; m = m.Next() {
		l.usesIn(t, m)
	}
	w.LetPass(t, at(t, "2027-03-10T09:00:00Z"))
	t.Run("after its minimum term the agreement goes on as before", l.goesOn)
	l.withdraws(t)
	t.Run("XFR-BT-21 the connection ends with the month, and Operations has a case", l.connectionEnds)
	w.Advance(t, at(t, "2027-04-05T12:00:00Z"))
	t.Run("Operations and the customer get a mail", l.bothAreTold)
	t.Run("neither the customer nor its partner finds what is for Operations", l.operationsOnly)
	t.Run("the last month is invoiced and marked final", l.lastMonthIsFinal)
	t.Run("ORD-050 the agreement went on after its term until a party ended it: connection and billing have ended too", l.allHaveEnded)
	w.LetPass(t, at(t, "2027-07-10T12:00:00Z"))
	t.Run("no month opens afterwards, and nothing is left to do", l.nothingFollows)
}

func (l left) isHeldForAYear(t *testing.T) {
	term := l.agreementOf(t, l.order).GetMinimumTerm()
	if term.GetCycles() != 12 || !term.GetStartTime().AsTime().Equal(firstBilled.Start()) ||
		!term.GetEndTime().AsTime().Equal(firstBilled.AddMonths(12).Start()) {
		t.Errorf("the term is %v", term)
	}
	young := l.w.newCustomer(t)
	if a := young.agreementOf(t, young.submitted(t)); a.GetMinimumTerm() != nil {
		t.Errorf("what is not accepted yet has the term %v", a.GetMinimumTerm())
	}
	o, err := l.hands(t).PreviewTermination(t.Context(), l.agreementOf(t, l.order).GetAgreementId())
	if check := o.GetTermination().GetCheck(); err != nil || check.GetOver() ||
		!check.GetTermEndTime().AsTime().Equal(term.GetEndTime().AsTime()) {
		t.Errorf("a termination is held against %v, %v", check, err)
	}
}

// goesOn: the term ended on 1 March 2027, and nobody has done anything.
func (l left) goesOn(t *testing.T) {
	a, c := l.agreementOf(t, l.order), l.connection(t)
	if !a.GetMinimumTerm().GetEndTime().AsTime().Before(l.w.Now(t)) || a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE ||
		a.GetEndTime() != nil || c.GetState() != connectionEffective || c.GetEndTime() != nil {
		t.Errorf("the agreement is %v, the connection %v", a, c)
	}
	o, err := l.hands(t).PreviewTermination(t.Context(), a.GetAgreementId())
	if err != nil || !o.GetTermination().GetCheck().GetOver() {
		t.Errorf("a termination is held against %v, %v", o.GetTermination().GetCheck(), err)
	}
}

// withdraws ends the transfer as the customer in its console; nobody presses anything in the suite.
func (l left) withdraws(t *testing.T) {
	t.Helper()
	held, err := l.w.aws(t).WithdrawTransfer(t.Context(), l.account, false)
	if err != nil {
		t.Fatalf("withdraw at AWS: %v", err)
	}
	if end := lastBilled.Next().Start(); !held.GetEndTime().AsTime().Equal(end.Add(-time.Millisecond)) {
		t.Errorf("AWS ends it at %s", held.GetEndTime().AsTime())
	}
	l.w.Advance(t, l.w.Now(t).Add(25*time.Hour))
}

func (l left) connectionEnds(t *testing.T) {
	c := l.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING ||
		!c.GetEndTime().AsTime().Equal(lastBilled.Next().Start()) ||
		c.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_WITHDRAWN_IN_AWS {
		t.Errorf("the connection is %v", c)
	}
	if s := l.endingCase(t).GetState(); s == supportv1.CaseState_CASE_STATE_RESOLVED || s == supportv1.CaseState_CASE_STATE_CLOSED {
		t.Errorf("the case about it is %s", s)
	}
}

// endingCase is the one case of Operations about what ends in AWS.
func (l left) endingCase(t *testing.T) *supportv1.Case {
	t.Helper()
	about := slices.DeleteFunc(l.w.problems(t, l.customer, false), func(k *supportv1.Case) bool {
		return !strings.Contains(k.GetTitle(), "the suite did not end it")
	})
	if len(about) != 1 {
		t.Fatalf("the cases are %v", about)
	}
	return about[0]
}

func (l left) bothAreTold(t *testing.T) {
	for _, to := range []string{"pat@example.com", operationsAddress} {
		mails := l.w.mailed(t, &sandboxv1.ListMailRequest{To: to, WithText: true})
		n := 0
		for _, m := range mails {
			if mentions(m.GetText(), l.account) && m.GetArriveTime().AsTime().After(at(t, "2027-03-10T09:00:00Z")) {
				n++
			}
		}
		if n == 0 {
			t.Errorf("%s has no mail about account %s among %d", to, l.account, len(mails))
		}
	}
}

func (l left) lastMonthIsFinal(t *testing.T) {
	all := l.invoices(t)
	if len(all) != 13 {
		t.Fatalf("%d invoices, want one for each month from %s to %s", len(all), firstBilled, lastBilled)
	}
	for i, invoice := range all {
		month, final := firstBilled.AddMonths(i), i == len(all)-1
		if m := invoice.GetMonth(); fmt.Sprint(m.GetYear(), m.GetMonth()) != fmt.Sprint(month.Year, int(month.Month)) ||
			invoice.GetIsFinal() != final {
			t.Errorf("invoice %d is for %v, final %t", i+1, m, invoice.GetIsFinal())
		}
	}
}

func (l left) allHaveEnded(t *testing.T) {
	if c := l.connection(t); c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED {
		t.Errorf("the connection is %s", c.GetState())
	}
	if k := l.endingCase(t); k.GetResolution() != nil {
		t.Errorf("nobody has seen to it, and the case is %s", k.GetState())
	}
	got, err := l.w.Agreements.GetAgreement(l.person(t), &ordersv1.GetAgreementRequest{AgreementId: l.order.GetAgreementId()})
	if err != nil || got.GetAgreement().GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
		t.Errorf("the agreement is %v, %v", got.GetAgreement(), err)
	}
	found, err := l.w.Billing.ListRelationships(l.person(t), &billingv1.ListRelationshipsRequest{OrderId: l.order.GetOrderId()})
	if err != nil || len(found.GetRelationships()) != 1 ||
		found.GetRelationships()[0].GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED {
		t.Errorf("the billing relationships are %v, %v", found.GetRelationships(), err)
	}
	if o := l.w.order(t, l.order.GetOrderId()); o.GetState() != ordersv1.OrderState_ORDER_STATE_COMPLETED {
		t.Errorf("the order is %s", o.GetState()) // it was carried out; what it brought has ended
	}
}

func (l left) nothingFollows(t *testing.T) {
	if n := len(l.invoices(t)); n != 13 {
		t.Errorf("there are %d invoices", n)
	}
	resp, err := l.w.Billing.ListPeriods(l.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: l.id, PageSize: 100})
	if err != nil || len(resp.GetPeriods()) != 13 {
		t.Errorf("%d periods, %v", len(resp.GetPeriods()), err)
	}
	for _, p := range resp.GetPeriods() {
		if p.GetState() != billingv1.PeriodState_PERIOD_STATE_INVOICED {
			t.Errorf("%v is %s", p.GetMonth(), p.GetState())
		}
	}
	if found := l.w.nextSweep(t).GetUnclaimed(); len(found) != 0 {
		t.Errorf("the payer has %v", found)
	}
	for _, service := range actors.Services() {
		if parked := l.w.parked(t, service); len(parked) > 0 {
			t.Errorf("%s has parked %v", service, parked)
		}
	}
}
