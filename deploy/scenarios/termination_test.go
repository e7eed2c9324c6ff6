package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/calendar"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

const (
	approveNow     = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_APPROVE_NOW
	schedule       = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_SCHEDULE
	grantException = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_GRANT_EXCEPTION
	refuse         = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_REFUSE
)

// leaver is a customer that terminates.
type leaver struct {
	customer
	order *ordersv1.Order // the purchase
}

// TestTerminationOrder: a customer without a service term at AWS terminates inside its minimum term. Operations refuses, the customer takes
// the next one back, and leaves by an exception, to the final invoice.
func TestTerminationOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	l := leaver{customer: w.newCustomer(t)}
	l.order = l.rejectsTerm(t, l.accepted(t))
	l.finish(t, l.order)
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	l.usesIn(t, calendar.Month{Year: 2026, Month: time.March})
	t.Run("ORD-055 a preview says what the minimum term says, and orders nothing", l.previews)
	t.Run("ORD-055 Operations refuses inside the minimum term, with a reason that the customer reads", l.isRefused)
	t.Run("ORD-054 the customer takes its termination back before it is carried out", l.takesBack)
	w.Advance(t, at(t, "2026-04-10T12:00:00Z"))
	l.usesIn(t, calendar.Month{Year: 2026, Month: time.April})
	t.Run("ORD-055 a review that nobody does escalates", l.isForgotten)
	t.Run("ORD-055 an exception ends it at once, with the month", l.isExcepted)
	w.Advance(t, at(t, "2026-05-06T12:00:00Z"))
	t.Run("ORD-054 BIL-014 the agreement is terminated, and the last invoice is the final one", l.hasLeft)
}

// agreementID is the customer's one.
func (l leaver) agreementID() string { return l.order.GetAgreementId() }

// terminates orders the end.
func (l leaver) terminates(t *testing.T) string {
	t.Helper()
	o, err := l.hands(t).RequestTermination(t.Context(), l.agreementID(), "We move to another provider.")
	if err != nil {
		t.Fatalf("order the end: %v", err)
	}
	l.w.Settle(t)
	return o.GetOrderId()
}

// reviewCases are the open cases of terminations.
func (l leaver) reviewCases(t *testing.T) []*supportv1.Case {
	t.Helper()
	return l.w.openCases(t, l.customer, supportv1.CaseKind_CASE_KIND_TERMINATION)
}

// mailsSaying counts the mails to the customer that hold every part.
func (l leaver) mailsSaying(t *testing.T, parts ...string) (n int) {
	t.Helper()
	for _, m := range l.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true, PageSize: 200}) {
		if mentions(m.GetSubject()+m.GetText(), parts...) {
			n++
		}
	}
	return n
}

func (l leaver) previews(t *testing.T) {
	o, err := l.hands(t).PreviewTermination(t.Context(), l.agreementID())
	if err != nil {
		t.Fatal(err)
	}
	check := o.GetTermination().GetCheck()
	if check.GetOver() || !check.GetTermEndTime().AsTime().Equal(at(t, "2027-03-01T00:00:00Z")) ||
		!check.GetEarliestEndTime().AsTime().Equal(at(t, "2026-04-01T00:00:00Z")) ||
		!check.GetScheduledEndTime().AsTime().Equal(at(t, "2027-03-01T00:00:00Z")) || check.GetTermsDiffer() {
		t.Errorf("the check is %v", check)
	}
	l.w.Settle(t)
	if a := l.agreementOf(t, l.order); a.GetTerminationOrderId() != "" || len(l.reviewCases(t)) != 0 {
		t.Errorf("the agreement is %v, the cases are %v", a, l.reviewCases(t))
	}
}

func (l leaver) isRefused(t *testing.T) {
	id, op := l.terminates(t), l.w.op(t)
	if o := l.w.order(t, id); o.GetState() != ordersv1.OrderState_ORDER_STATE_QUERYING || o.GetWaiting().GetOwner() != byReseller ||
		o.GetType() != ordersv1.OrderType_ORDER_TYPE_TERMINATION || o.GetWaiting().GetEscalateTime() == nil {
		t.Fatalf("the termination is %v", o)
	}
	if a := l.agreementOf(t, l.order); a.GetTerminationOrderId() != id || len(l.reviewCases(t)) != 1 {
		t.Errorf("the agreement is %v, the cases are %v", a, l.reviewCases(t))
	}
	_, err := l.hands(t).RequestTermination(t.Context(), l.agreementID(), "Once more.")
	refused(t, err, codes.FailedPrecondition, "TERMINATION_OPEN")
	_, err = op.ReviewTermination(t.Context(), id, approveNow, "")
	refused(t, err, codes.FailedPrecondition, "COMMITMENT_NOT_OVER")
	_, err = op.ReviewTermination(t.Context(), id, refuse, "")
	refused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	refused(t, op.FailOrder(t.Context(), id, "No."), codes.FailedPrecondition, "TYPE_REFUSES")
	if _, err := op.ReviewTermination(t.Context(), id, refuse, "The term runs until February 2027."); err != nil {
		t.Fatal(err)
	}
	l.w.Settle(t)
	o := l.w.order(t, id)
	if o.GetState() != ordersv1.OrderState_ORDER_STATE_FAILED || o.GetWaiting() != nil ||
		o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TERMINATION_REFUSED {
		t.Errorf("the termination is %v", o)
	}
	if l.mailsSaying(t, "is refused", "The term runs until February 2027.") != 1 || len(l.reviewCases(t)) != 0 {
		t.Errorf("the customer reads of no refusal, or the cases are %v", l.reviewCases(t))
	}
	l.stays(t)
}

// stays fails unless the agreement is in force and nothing is open that would end it.
func (l leaver) stays(t *testing.T) {
	t.Helper()
	a, c := l.agreementOf(t, l.order), l.connection(t)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || a.GetTerminationOrderId() != "" ||
		c.GetState() != connectionEffective || c.GetWithdrawal() != nil {
		t.Errorf("the agreement is %v, the connection %v", a, c)
	}
}

func (l leaver) takesBack(t *testing.T) {
	id := l.terminates(t)
	o, err := l.w.op(t).ReviewTermination(t.Context(), id, schedule, "")
	if err != nil {
		t.Fatal(err)
	}
	l.w.Settle(t)
	if got := o.GetTermination(); !got.GetEndTime().AsTime().Equal(at(t, "2027-03-01T00:00:00Z")) ||
		!got.GetActTime().AsTime().Equal(at(t, "2027-02-01T00:00:00Z")) || l.mailsSaying(t, "is approved", "28 February 2027") != 1 {
		t.Errorf("the termination is %v", o)
	}
	if err := l.hands(t).TakeBackTermination(t.Context(), id, "We stay."); err != nil {
		t.Fatal(err)
	}
	l.w.Settle(t)
	if o := l.w.order(t, id); o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TERMINATION_TAKEN_BACK ||
		l.mailsSaying(t, "was taken back") != 1 {
		t.Errorf("the termination is %v", o)
	}
	refused(t, l.hands(t).TakeBackTermination(t.Context(), id, ""), codes.FailedPrecondition, "STATE_REFUSES")
	l.stays(t)
}

func (l leaver) isForgotten(t *testing.T) {
	id := l.terminates(t)
	l.w.Advance(t, l.w.Now(t).Add(73*time.Hour))
	if o := l.w.order(t, id); !o.GetWaiting().GetEscalated() || o.GetWaiting().GetOwner() != byReseller {
		t.Errorf("the termination waits for %v", o.GetWaiting())
	}
	found := 0
	for _, m := range l.w.mailed(t, &sandboxv1.ListMailRequest{WithText: true}) {
		if mentions(m.GetText(), l.agreementID(), "Review it") {
			found++
		}
	}
	if found == 0 {
		t.Error("Operations is not reminded")
	}
}

func (l leaver) isExcepted(t *testing.T) {
	id := l.agreementOf(t, l.order).GetTerminationOrderId()
	if _, err := l.w.op(t).ReviewTermination(t.Context(), id, grantException, "The reseller closes the country."); err != nil {
		t.Fatal(err)
	}
	l.w.Settle(t)
	l.waitsForAWS(t, id)
	l.w.Advance(t, l.w.Now(t).Add(26*time.Hour))
	o, c := l.w.order(t, id), l.connection(t)
	end := at(t, "2026-05-01T00:00:00Z")
	if got := o.GetTermination(); got.GetPhase() != ordersv1.TerminationPhase_TERMINATION_PHASE_ENDING ||
		!got.GetEndTime().AsTime().Equal(end) ||
		c.GetState() != connectionEnding || c.GetEndReason() != byTheReseller || !c.GetEndTime().AsTime().Equal(end) {
		t.Errorf("the termination is %v, the connection %v", o, c)
	}
	refused(t, l.hands(t).TakeBackTermination(t.Context(), id, ""), codes.FailedPrecondition, "STATE_REFUSES")
	resp, err := l.w.Orders.GetOrder(l.person(t), &ordersv1.GetOrderRequest{OrderId: id})
	if d := resp.GetOrder().GetTermination().GetDecision(); err != nil || d.GetOutcome() != grantException || d.GetReason() != "" {
		t.Errorf("the customer reads %v, %v", d, err)
	}
	if l.mailsSaying(t, "Before that day", "30 April 2026") != 1 || len(l.reviewCases(t)) != 0 {
		t.Errorf("the customer gets no checklist, or the cases are %v", l.reviewCases(t))
	}
}

// waitsForAWS fails when the service term that the customer rejected long ago is said to keep the end from AWS, or has another case than
// that of the rejection: nobody can send another one after the journey.
func (l leaver) waitsForAWS(t *testing.T, id string) {
	t.Helper()
	if w := l.w.order(t, id).GetWaiting(); w.GetOwner() == byReseller || w.GetOwner() == byCustomer {
		t.Errorf("the termination waits for %v", w)
	}
	for _, e := range l.w.entries(t, l.person(t), id) {
		if e.GetKind() == "order" && e.GetName() == "queried" {
			t.Errorf("the customer reads %v", e)
		}
	}
	if open := l.w.openCases(t, l.customer, supportv1.CaseKind_CASE_KIND_TRANSFER_PROBLEM); len(open) != 1 {
		t.Errorf("the open cases are %v", open)
	}
}

func (l leaver) hasLeft(t *testing.T) {
	a := l.agreementOf(t, l.order)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED || a.GetTerminationOrderId() != "" ||
		!a.GetEndTime().AsTime().Equal(at(t, "2026-05-01T00:00:00Z")) {
		t.Errorf("the agreement is %v", a)
	}
	resp, err := l.w.Orders.ListOrders(l.person(t), &ordersv1.ListOrdersRequest{States: []ordersv1.OrderState{
		ordersv1.OrderState_ORDER_STATE_COMPLETED,
	}})
	if err != nil || len(resp.GetOrders()) != 2 || resp.GetOrders()[0].GetTermination().GetPhase() !=
		ordersv1.TerminationPhase_TERMINATION_PHASE_OVER {
		t.Errorf("complete are %v, %v", resp.GetOrders(), err)
	}
	all := l.invoices(t)
	if len(all) != 2 || all[0].GetIsFinal() || !all[1].GetIsFinal() || all[1].GetMonth().GetMonth() != 4 {
		t.Errorf("the invoices are %v", all)
	}
	if l.mailsSaying(t, "has ended", "30 April 2026") != 1 {
		t.Error("the customer does not read that the agreement has ended")
	}
	for _, o := range resp.GetOrders() {
		if o.GetTermination() != nil {
			inThisOrder(t, l.w.entries(t, l.person(t), o.GetOrderId()), []string{
				"order.termination_requested", "connection.withdrawal_requested", "connection.ending", "connection.ended",
			})
		}
	}
	_, err = l.hands(t).RequestTermination(t.Context(), l.agreementID(), "Again.")
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
}

// TestTerminationAtTermsEnd: AWS holds the customer to its service term. Without the customer's consent an exception comes back to
// Operations, which schedules the end to the term's. Fourteen months after its order nothing is left to do, and everybody has been told.
func TestTerminationAtTermsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	l := leaver{customer: w.newCustomer(t)}
	l.order = l.completed(t, at(t, "2026-02-22T10:00:00Z"))
	(&legacy{customer: l.customer, transferID: l.order.GetTransferId()}).opensChannel(t)
	for i := range 14 {
		l.usesIn(t, firstBilled.AddMonths(i))
	}
	w.LetPass(t, at(t, "2026-11-10T10:00:00Z"))
	id := l.terminates(t)
	t.Run("ORD-055 an exception that the customer does not agree to at AWS comes back to Operations", func(t *testing.T) {
		l.disagrees(t, id)
	})
	o, err := w.op(t).ReviewTermination(t.Context(), id, schedule, "")
	if err != nil {
		t.Fatal(err)
	}
	end := at(t, "2027-03-01T00:00:00Z")
	w.Advance(t, w.Now(t).Add(26*time.Hour))
	t.Run("ORD-055 it is scheduled to the end of the term, and nothing is left to decide at AWS", func(t *testing.T) {
		if c := l.connection(t); c.GetState() != connectionEffective || c.GetWaiting() != nil ||
			!o.GetTermination().GetEndTime().AsTime().Equal(end) {
			t.Errorf("the connection is %v, the termination %v", c, o)
		}
	})
	w.LetPass(t, at(t, "2027-02-03T00:00:00Z"))
	t.Run("ORD-053 ORD-054 AWS ends it with the twelfth month, and the agreement with it", func(t *testing.T) {
		if c := l.connection(t); c.GetState() != connectionEnding || !c.GetEndTime().AsTime().Equal(end) {
			t.Fatalf("the connection is %v, the termination %v", c, w.order(t, id))
		}
		w.Advance(t, at(t, "2027-03-02T12:00:00Z"))
		inState(t, w.order(t, id), ordersv1.OrderState_ORDER_STATE_COMPLETED)
		if a := l.agreementOf(t, l.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED ||
			!a.GetEndTime().AsTime().Equal(end) {
			t.Errorf("the agreement is %v", a)
		}
	})
	t.Run("an agent closes the support channel", func(t *testing.T) { l.channelCloses(t, l.order.GetOrderId()) })
	w.LetPass(t, at(t, "2027-04-20T12:00:00Z"))
	t.Run("BIL-014 twelve months are invoiced, the last one as the final one", func(t *testing.T) { l.isInvoiced(t, 12) })
	t.Run("everybody has been told of everything once", l.areTold)
	t.Run("everything is at rest", func(t *testing.T) { w.isAtRest(t, l.customer) })
}

// TestTerminationApprovedNow: after its minimum term a customer leaves with the month, as soon as Operations has approved it.
func TestTerminationApprovedNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	l := leaver{customer: w.newCustomer(t)}
	l.order = l.rejectsTerm(t, l.accepted(t)) // nothing but our own minimum term binds it
	l.finish(t, l.order)
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{CustomerId: l.id})
	if err != nil || len(resp.GetCases()) == 0 {
		t.Fatalf("the refused term has no case: %v", err)
	}
	for _, k := range resp.GetCases() { // the term, and the channel that was set up in vain
		if k.GetResolution() == nil {
			l.isResolved(t, k.GetCaseId())
		}
	}
	for i := range 13 {
		l.usesIn(t, firstBilled.AddMonths(i))
	}
	w.LetPass(t, at(t, "2027-03-10T10:00:00Z"))
	id := l.terminates(t)
	end := at(t, "2027-04-01T00:00:00Z")
	t.Run("ORD-055 outside of the minimum term Operations approves the end now", func(t *testing.T) {
		o, err := w.op(t).ReviewTermination(t.Context(), id, approveNow, "")
		if err != nil {
			t.Fatal(err)
		}
		if d := o.GetTermination(); d.GetDecision().GetOutcome() != approveNow || !d.GetEndTime().AsTime().Equal(end) || !d.GetCheck().GetOver() {
			t.Errorf("the termination is %v", d)
		}
		w.Advance(t, w.Now(t).Add(26*time.Hour))
		if c := l.connection(t); c.GetState() != connectionEnding || !c.GetEndTime().AsTime().Equal(end) {
			t.Errorf("the connection is %v", c)
		}
	})
	t.Run("ORD-054 the agreement ends with the month", func(t *testing.T) {
		w.Advance(t, end.Add(36*time.Hour))
		inState(t, w.order(t, id), ordersv1.OrderState_ORDER_STATE_COMPLETED)
		a := l.agreementOf(t, l.order)
		if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED || !a.GetEndTime().AsTime().Equal(end) {
			t.Errorf("the agreement is %v", a)
		}
	})
	t.Run("an agent closes the support channel", func(t *testing.T) { l.channelCloses(t, l.order.GetOrderId()) })
	w.LetPass(t, at(t, "2027-05-20T12:00:00Z"))
	t.Run("BIL-014 thirteen months are invoiced, the last one as the final one", func(t *testing.T) { l.isInvoiced(t, 13) })
	t.Run("everything is at rest", func(t *testing.T) { w.isAtRest(t, l.customer) })
}

// isResolved has an agent resolve a case.
func (l leaver) isResolved(t *testing.T, caseID string) {
	t.Helper()
	if err := l.w.agent(t).ResolveCase(t.Context(), caseID, "Agreed on the phone."); err != nil {
		t.Fatal(err)
	}
	l.w.Advance(t, l.w.Now(t).Add(6*time.Hour))
}

// disagrees has Operations grant an exception, and the customer reject the end of its service term.
func (l leaver) disagrees(t *testing.T, id string) {
	if _, err := l.w.op(t).ReviewTermination(t.Context(), id, grantException, "As a courtesy."); err != nil {
		t.Fatal(err)
	}
	l.w.Advance(t, l.w.Now(t).Add(time.Hour))
	if wait := l.w.order(t, id).GetWaiting(); wait.GetOwner() != byCustomer || !mentions(wait.GetWhat(), "service term") ||
		l.mailsSaying(t, "Please agree to the end of your service term") != 1 {
		t.Fatalf("it waits for %v", wait)
	}
	refused(t, l.hands(t).TakeBackTermination(t.Context(), id, ""), codes.FailedPrecondition, "STATE_REFUSES")
	if err := l.w.aws(t).RejectTerm(t.Context(), l.account); err != nil {
		t.Fatal(err)
	}
	l.w.Advance(t, l.w.Now(t).Add(26*time.Hour))
	o := l.w.order(t, id)
	if o.GetTermination().GetPhase() != ordersv1.TerminationPhase_TERMINATION_PHASE_REVIEW || o.GetWaiting().GetOwner() != byReseller ||
		!mentions(o.GetTermination().GetProblem(), "did not agree") || l.mailsSaying(t, "takes longer") != 1 {
		t.Errorf("the termination is %v", o)
	}
	if cases := l.reviewCases(t); len(cases) != 1 || !mentions(cases[0].GetDescription(), "could not be carried out", "did not agree") {
		t.Errorf("the cases are %v", cases)
	}
	if l.connection(t).GetWithdrawal().GetPhase() != accounttransferv1.WithdrawalPhase_WITHDRAWAL_PHASE_PROBLEM {
		t.Errorf("the connection is %v", l.connection(t))
	}
}

// TestLegacyTermination: a membership ends by the same order; Operations has the accounts leave.
func TestLegacyTermination(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.newLegacy(t, "spam-unused", false)
	m.isDone(t, spamUnused())
	m.isComplete(t)
	w.Advance(t, at(t, "2026-03-05T12:00:00Z"))
	l := leaver{customer: m.customer, order: m.order}
	id := l.terminates(t)
	if _, err := w.op(t).ReviewTermination(t.Context(), id, grantException, "It pays for itself no more."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	t.Run("ORD-054 the termination of a legacy agreement waits for Operations to have the accounts leave", func(t *testing.T) {
		if o := w.order(t, id); o.GetState() != ordersv1.OrderState_ORDER_STATE_QUERYING || o.GetWaiting().GetOwner() != byReseller ||
			!mentions(o.GetWaiting().GetWhat(), m.account, m.linked) || o.GetTermination().GetEndTime() != nil {
			t.Errorf("the termination is %v", o)
		}
		if l.mailsSaying(t, "is approved", "payment method") != 1 || l.mailsSaying(t, "is approved", "Billed by us until") != 0 {
			t.Error("the customer does not read what its accounts need, or is promised a day")
		}
	})
	elsewhere := w.newOrganization(t)
	m.comesTo(t, m.linked, elsewhere)
	m.comesTo(t, m.account, elsewhere)
	w.Advance(t, at(t, "2026-04-02T03:00:00Z"))
	t.Run("ORD-054 it is complete when the last account has left, and the agreement is terminated", func(t *testing.T) {
		inState(t, w.order(t, id), ordersv1.OrderState_ORDER_STATE_COMPLETED)
		if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED || len(m.problems(t)) != 0 {
			t.Errorf("the agreement is %v, the cases are %v", a, m.problems(t))
		}
	})
}

// isInvoiced fails unless so many months in a row are invoiced, the last one as the final one, and no other month was opened.
func (l leaver) isInvoiced(t *testing.T, months int) {
	all := l.invoices(t)
	if len(all) != months {
		t.Fatalf("there are %d invoices, not %d", len(all), months)
	}
	for i, invoice := range all {
		month := firstBilled.AddMonths(i)
		if m := invoice.GetMonth(); int(m.GetYear()) != month.Year || int(m.GetMonth()) != int(month.Month) ||
			invoice.GetIsFinal() != (i == months-1) || l.mailsSaying(t, invoice.GetNumber()) != 1 {
			t.Errorf("the invoice of %s is %v, with %d mails", month, invoice, l.mailsSaying(t, invoice.GetNumber()))
		}
	}
	periods, err := l.w.Billing.ListPeriods(l.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: l.id, PageSize: 100})
	if err != nil || len(periods.GetPeriods()) != months {
		t.Errorf("%d periods, %v", len(periods.GetPeriods()), err)
	}
}

// areTold fails unless the customer and Operations got each mail of fourteen months as often as there was a reason for it, and no other.
func (l leaver) areTold(t *testing.T) {
	const customer = "pat@example.com"
	want := map[string]int{ // by what a subject holds
		customer + ": Please accept the billing transfer": 1,
		customer + ": is complete":                        1,
		customer + ": We have received your termination":  1,
		customer + ": is approved":                        2, // by exception, and to the term's end
		customer + ": Please agree to the end":            1,
		customer + ": takes longer":                       1,
		customer + ": ends on 28 February 2027":           1,
		customer + ": has ended":                          1,
		customer + ": Invoice 202":                        12,
		operationsAddress + ": takes longer than planned": 1, // the acceptance, two days late
		operationsAddress + ": has ended":                 1,
	}
	got := map[string]int{}
	for _, m := range l.w.mailed(t, &sandboxv1.ListMailRequest{PageSize: 200}) {
		to, found := strings.Join(m.GetTo(), ","), false
		if !strings.Contains(to, customer) && !strings.Contains(to, operationsAddress) {
			continue // AWS's own, to the root user
		}
		for of := range want {
			if address, part, _ := strings.Cut(of, ": "); to == address && strings.Contains(m.GetSubject(), part) {
				got[of], found = got[of]+1, true
			}
		}
		if !found {
			t.Errorf("%s, %s: %s", m.GetArriveTime().AsTime(), to, m.GetSubject())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the mails are\n%s", diff)
	}
}
