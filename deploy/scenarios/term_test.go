package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Operations of AWS that follow the acceptance.
const (
	opGroup        = "CreateBillingGroup"
	opRelationship = "CreateRelationship"
	opTerm         = "CreateChannelHandshake"
	opListTerms    = "ListChannelHandshakes"
)

// TestServiceTerm is what follows the acceptance of the billing transfer, until the customer has agreed to the term.
func TestServiceTerm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-BT-03 the service term follows the acceptance at once and carries the minimum of twelve months", w.termFollows)
	t.Run("XFR-BT-04 XFR-BT-05 AWS mails it to the same address, where it takes about 15 minutes", w.termIsMailed)
	t.Run("ORD-030 XFR-BT-07 the order waits for the customer to accept the service term and goes on after it", w.termIsAccepted)
	t.Run("XFR-BT-19 XFR-BT-20 an error at accepting: the right account and credentials, then Platform Support", w.termHelp)
	t.Run("a rejected service term is flagged and has a case, and the order goes on", w.termRefused)
	t.Run("Operations sends another", w.termSentAgain)
	t.Run("with a new account a rejected service term ends the order, unless Operations keeps it", w.termFails)
}

// accepted is an order whose customer has accepted the billing transfer and must now accept the service term.
func (c customer) accepted(t *testing.T) *ordersv1.Order {
	t.Helper()
	o := c.invited(t)
	c.accept(t)
	o = c.process(t, o.GetOrderId())
	goesOn(t, o)
	return o
}

// holds fails unless AWS holds what belongs to a transfer exactly once, with the service term in this status.
func (w *world) holds(t *testing.T, account, transferID, term string) *sandboxv1.AwsServiceTerm {
	t.Helper()
	c := w.contract(t, account)
	if len(c.GetBillingGroups()) != 1 || len(c.GetRelationships()) != 1 || len(c.GetServiceTerms()) != 1 {
		t.Fatalf("AWS holds %v", c)
	}
	if g := c.GetBillingGroups()[0]; g.GetName() != transferID {
		t.Errorf("the billing group is %v", g)
	}
	if r := c.GetRelationships()[0]; r.GetDisplayName() != transferID || r.GetAssociationType() != "END_CUSTOMER" {
		t.Errorf("the relationship is %v", r)
	}
	if s := c.GetServiceTerms()[0]; s.GetStatus() != term || s.GetRelationshipId() != c.GetRelationships()[0].GetRelationshipId() {
		t.Errorf("the service term is %v", s)
	}
	return c.GetServiceTerms()[0]
}

func (w *world) termFollows(t *testing.T) {
	c := w.newCustomer(t)
	at := w.Now(t)
	o := c.accepted(t)
	if now := w.Now(t); !now.Equal(at) {
		t.Errorf("business time went on from %s to %s", at, now)
	}
	held := w.holds(t, c.account, o.GetTransferId(), "PENDING")
	tr := w.transfer(t, o.GetTransferId())
	if terms := tr.GetConnection().GetServiceTerms(); len(terms) != 1 || terms[0].GetHandshakeId() != held.GetHandshakeId() ||
		!terms[0].GetRequestTime().AsTime().Equal(at) {
		t.Errorf("the transfer knows %v, AWS holds %v", terms, held)
	}
	commitment := tr.GetConnection().GetStartTime().AsTime().AddDate(0, 12, 0)
	year := at.AddDate(1, 0, 0)
	if end := held.GetEndTime().AsTime(); end.After(year) || year.Sub(end) > time.Second || !end.Before(commitment) {
		t.Errorf("AWS enforces it until %s; it takes no more than a year from now, and the twelve cycles end %s", end, commitment)
	}
	if g := tr.GetConnection().GetBillingGroup(); g.GetArn() == "" || tr.GetConnection().GetRelationship().GetRelationshipId() == "" {
		t.Errorf("the transfer knows of %v and %v", g, tr.GetConnection().GetRelationship())
	}
}

func (w *world) termIsMailed(t *testing.T) {
	c, root := w.newCustomer(t), id.New("root")+"@example.com"
	var err error
	if c.account, err = w.aws(t).CreateOrganization(t.Context(), root, nil); err != nil {
		t.Fatal(err)
	}
	mails := func() int { return len(w.mailed(t, &sandboxv1.ListMailRequest{To: root})) }
	o := c.invited(t)
	invitation := mails()
	c.accept(t)
	o = c.process(t, o.GetOrderId())
	if wait := o.GetWaiting().GetWhat(); !mentions(wait, "root address", "about 15 minutes", "normal") {
		t.Errorf("the customer reads %q", wait)
	}
	sent := w.Now(t)
	w.Advance(t, sent.Add(14*time.Minute))
	early := mails()
	w.Advance(t, sent.Add(16*time.Minute))
	if late := mails(); invitation != 1 || early != 1 || late != 2 {
		t.Errorf("that address had %d mails before the acceptance, %d after 14 minutes and %d after 16", invitation, early, late)
	}
	for _, r := range w.remindersOf(t, o.GetOrderId(), "accept-service-term") {
		if start := r.GetStartTime().AsTime(); !start.Equal(sent.Add(15 * time.Minute)) {
			t.Errorf("reminders count from %s, the term was sent at %s", start, sent)
		}
	}
}

// remindersOf are the order's reminders by a template; there must be one.
func (w *world) remindersOf(t *testing.T, orderID, template string) (found []*notificationsv1.Reminder) {
	t.Helper()
	all, err := w.Reminders.ListReminders(w.operator(t), &notificationsv1.ListRemindersRequest{Correlation: orderID})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.GetReminders() {
		if r.GetTemplateKey() == template {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		t.Errorf("no reminder %s among %v", template, all.GetReminders())
	}
	return found
}

func (w *world) termIsAccepted(t *testing.T) {
	c := w.newCustomer(t)
	o := c.accepted(t)
	if wait := o.GetWaiting(); !mentions(wait.GetWhat(), "twelve months") || wait.GetWhere() == "" ||
		wait.GetUntilTime() != nil || wait.GetEscalateTime() == nil { // nothing ends when it takes longer
		t.Errorf("the order waits for %v", wait)
	}
	c.acceptTerm(t)
	o = c.process(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	if wait := o.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || wait.GetStepKey() != "deploy-roles" {
		t.Errorf("the order waits for %v", wait)
	}
	w.holds(t, c.account, o.GetTransferId(), "ACCEPTED")
	term := w.transfer(t, o.GetTransferId()).GetConnection().GetServiceTerms()[0]
	if term.GetState() != accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_ACCEPTED || term.GetRespondTime() == nil {
		t.Errorf("the transfer knows %v", term)
	}
	for _, r := range w.remindersOf(t, o.GetOrderId(), "accept-service-term") {
		if r.GetState() != notificationsv1.ReminderState_REMINDER_STATE_STOPPED {
			t.Errorf("the customer is still reminded: %v", r)
		}
	}
}

func (w *world) termHelp(t *testing.T) {
	o := w.newCustomer(t).accepted(t)
	if what := o.GetWaiting().GetWhat(); !mentions(what, "An error", "right AWS account", "credentials", "Platform Support") {
		t.Errorf("the customer reads %q", what)
	}
}

// rejectsTerm is an order whose customer has rejected the service term.
func (c customer) rejectsTerm(t *testing.T, o *ordersv1.Order) *ordersv1.Order {
	t.Helper()
	if err := c.w.aws(t).RejectTerm(t.Context(), c.account); err != nil {
		t.Fatal(err)
	}
	return c.process(t, o.GetOrderId())
}

// flaggedTerm fails unless a transfer goes on without a service term, and people have a case of it.
func (c customer) flaggedTerm(t *testing.T, o *ordersv1.Order) {
	t.Helper()
	if key := o.GetWaiting().GetStepKey(); key != "deploy-roles" {
		t.Errorf("the order waits for %q", key)
	}
	tr := c.w.transfer(t, o.GetTransferId())
	if !slices.Contains(tr.GetFlags(), accounttransferv1.TransferFlag_TRANSFER_FLAG_TERM_REFUSED) {
		t.Errorf("the flags are %v", tr.GetFlags())
	}
	if open := c.w.problems(t, c, true); len(open) != 1 || !mentions(open[0].GetTitle(), "did not accept the service term") {
		t.Errorf("Operations has the cases %v", open)
	}
}

func (w *world) termRefused(t *testing.T) {
	c := w.newCustomer(t)
	c.flaggedTerm(t, c.rejectsTerm(t, c.accepted(t)))
}

// TestServiceTermsAreListed: from the second day on the payer's sweep tells which service terms were answered, so that AWS is not asked
// more often the more customers wait.
func TestServiceTermsAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var customers []customer
	var orders []*ordersv1.Order
	for range 4 {
		c := w.newCustomer(t)
		customers, orders = append(customers, c), append(orders, c.accepted(t))
	}
	w.Advance(t, w.Now(t).Add(50*time.Hour))
	asked := func(passes time.Duration) int {
		before := len(w.calls(t, opListTerms))
		w.Advance(t, w.Now(t).Add(passes))
		return len(w.calls(t, opListTerms)) - before
	}
	if n := asked(24 * time.Hour); n < 5 || n > 7 {
		t.Errorf("on a day AWS is asked %d times", n)
	}
	answered := func(i int, within time.Duration, lists int) {
		t.Helper()
		customers[i].acceptTerm(t)
		if n := asked(within); n > lists {
			t.Errorf("AWS is asked %d times", n)
		}
		if key := w.order(t, orders[i].GetOrderId()).GetWaiting().GetStepKey(); key != "deploy-roles" {
			t.Errorf("the order waits for %q", key)
		}
	}
	const beat = 4*time.Hour + 10*time.Minute
	answered(0, beat, 3) // two lists, and the one that was answered
	// What AWS does not list now, the next sweep lists, and nobody asks for itself meanwhile: the SDK's tries are used up by the list.
	w.setFault(t, &sandboxv1.Fault{Operation: opListTerms, Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries})
	answered(1, 2*beat, sdkTries+4)
}

// TestServiceTermExpires: one that nobody answers is flagged and has a case, too, and the order goes on.
func TestServiceTermExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.accepted(t)
	if err := w.op(t).SkipStep(t.Context(), o.GetTransferId(), "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(31*24*time.Hour)) // longer than AWS keeps it open
	c.flaggedTerm(t, w.order(t, o.GetOrderId()))
}

func (w *world) termSentAgain(t *testing.T) {
	c := w.newCustomer(t)
	o := c.rejectsTerm(t, c.accepted(t))
	if err := w.op(t).ReopenStep(t.Context(), o.GetTransferId(), "send-service-term", "It was a mistake."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	goesOn(t, w.order(t, o.GetOrderId()))
	c.acceptTerm(t)
	c.process(t, o.GetOrderId())
	tr := w.transfer(t, o.GetTransferId())
	terms := tr.GetConnection().GetServiceTerms()
	if len(terms) != 2 || terms[1].GetAttempt() != 2 || terms[1].GetState() != accounttransferv1.ServiceTermState_SERVICE_TERM_STATE_ACCEPTED {
		t.Errorf("the transfer knows %v", terms)
	}
	if held := w.contract(t, c.account).GetServiceTerms(); len(held) != 2 {
		t.Errorf("AWS holds %v", held)
	}
	if open := w.problems(t, c, true); len(tr.GetFlags()) != 0 || len(open) != 0 {
		t.Errorf("the flags are %v, open is %v", tr.GetFlags(), open)
	}
}

func (w *world) termFails(t *testing.T) {
	c := w.newCustomer(t)
	o := c.submitted(t, createNew)
	w.Settle(t)
	_, err := w.Transfers.CompleteStep(c.person(t), &accounttransferv1.CompleteStepRequest{
		TransferId: o.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: pasted(c.account),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	c.accept(t)
	o = c.rejectsTerm(t, c.process(t, o.GetOrderId()))
	if tr := w.asked(t, o); !mentions(tr.GetDecision().GetQuestion(), "did not accept the service term") {
		t.Errorf("the question is %v", tr.GetDecision())
	}
	w.decide(t, o, kept)
	c.flaggedTerm(t, w.order(t, o.GetOrderId()))
}

// TestRelationshipTakenOver: a customer comes back, and AWS has at most one relationship with an account.
func TestRelationshipTakenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	before := c.accepted(t)
	w.withdrawElsewhere(t, c.account)
	c.process(t, before.GetOrderId())
	old := w.contract(t, c.account).GetRelationships()
	w.Advance(t, w.Now(t).AddDate(0, 1, 0)) // AWS lets the old transfer run to the end of its month
	o := c.invited(t)
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	held := w.contract(t, c.account).GetRelationships()
	if got := w.transfer(t, o.GetTransferId()).GetConnection().GetRelationship(); len(held) != 1 || len(old) != 1 ||
		got.GetRelationshipId() != old[0].GetRelationshipId() {
		t.Errorf("AWS holds %v, the transfer knows %v", held, got)
	}
}

// TestContractFaults lets AWS misbehave at everything that follows the acceptance: each thing is there once.
func TestContractFaults(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*sandboxv1.Fault{
		"the answer of the billing group lost": {Operation: opGroup, Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries},
		"the answer of the relationship lost": {
			Operation: opRelationship, Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries,
		},
		"the answer of the service term lost": {Operation: opTerm, Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries},
		"the billing group throttled":         {Operation: opGroup, Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE, Times: sdkTries + 1},
		"errors instead of a service term": {
			Operation: opTerm, Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries + 1,
		},
		"the relationship asked for twice by a proxy": {Operation: opRelationship, Kind: sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHastyWorld(t)
			w.setFault(t, f)
			c := w.newCustomer(t)
			o := c.accepted(t)
			w.holds(t, c.account, o.GetTransferId(), "PENDING")
			c.acceptTerm(t)
			if key := c.process(t, o.GetOrderId()).GetWaiting().GetStepKey(); key != "deploy-roles" {
				t.Errorf("the order waits for %q", key)
			}
		})
	}
}

// TestPayerWithoutProgram: AWS does not know the payer as a partner; Operations mends it and retries.
func TestPayerWithoutProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setProgram(t, "")
	c := w.newCustomer(t)
	o := c.invited(t)
	c.accept(t)
	c.process(t, o.GetOrderId())
	s := w.step(t, o.GetTransferId(), "create-relationship")
	if s.GetState() != accounttransferv1.StepState_STEP_STATE_FAILED ||
		s.GetFailure().GetCode() != accounttransferv1.FailureCode_FAILURE_CODE_PAYER_REFUSED {
		t.Errorf("the step is %v", s)
	}
	if wait := w.transfer(t, o.GetTransferId()).GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER ||
		!mentions(wait.GetWhere(), "UpdatePayer") {
		t.Errorf("the transfer waits for %v", wait)
	}
	w.setProgram(t, actors.PayerProgram)
	if err := w.op(t).RetryStep(t.Context(), o.GetTransferId(), "create-relationship"); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	goesOn(t, w.order(t, o.GetOrderId()))
}

func (w *world) setProgram(t *testing.T, program string) {
	t.Helper()
	err := w.op(t).UpdatePayer(t.Context(), w.payerID, &accounttransferv1.Payer{ProgramManagementAccountId: program},
		"program_management_account_id")
	if err != nil {
		t.Fatalf("update the payer: %v", err)
	}
}
