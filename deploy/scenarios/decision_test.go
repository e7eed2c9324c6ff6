package scenarios_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// opWithdraw ends an accepted transfer at AWS.
const opWithdraw = "TerminateResponsibilityTransfer"

// TestDecision is what becomes of an order that AWS was faster than: Operations withdraws the transfer, or keeps it.
func TestDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("ORD-041 XFR-BT-21 withdrawn before its start, the order ends as it was wished and nothing is left at AWS", w.withdraws)
	t.Run("a lost answer withdraws once", w.withdrawsDespiteLostAnswer)
	t.Run("AWS's refusal puts the question again", w.withdrawalRefused)
	t.Run("a service term that was accepted is ended with the customer's consent first", w.withdrawsBound)
	t.Run("kept before that consent, the customer is no longer asked for it", w.keepsBeforeConsent)
	t.Run("without that consent Operations decides again, and the order is kept", w.consentRefused)
	t.Run("kept, the order goes on to its end", w.keeps)
}

// questioned is an order that Operations wanted to fail after the customer had accepted at AWS.
func (c customer) questioned(t *testing.T, termAccepted bool) *ordersv1.Order {
	t.Helper()
	o := c.invited(t)
	c.accept(t)
	o = c.process(t, o.GetOrderId())
	if termAccepted {
		c.acceptTerm(t)
		o = c.process(t, o.GetOrderId())
	}
	c.w.fail(t, o.GetOrderId())
	c.w.Settle(t)
	c.w.asked(t, o)
	return c.w.order(t, o.GetOrderId())
}

func (c customer) acceptTerm(t *testing.T) {
	t.Helper()
	if err := c.w.aws(t).AcceptTerm(t.Context(), c.account); err != nil {
		t.Fatalf("accept in Partner Central: %v", err)
	}
}

// asked fails unless the order's transfer waits for Operations to decide.
func (w *world) asked(t *testing.T, o *ordersv1.Order) *accounttransferv1.Transfer {
	t.Helper()
	tr := w.transfer(t, o.GetTransferId())
	wait := tr.GetWaiting()
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION || wait.GetOwner() != typev1.Party_PARTY_RESELLER ||
		wait.GetWhere() != "TransferService.RecordDecision" || tr.GetDecision().GetQuestion() == "" || tr.GetDecision().GetOutcome() != 0 {
		t.Fatalf("the transfer is %s, waits for %v, asks %v", tr.GetState(), wait, tr.GetDecision())
	}
	return tr
}

// decide records a decision as Operations; nobody pays for what is kept.
func (w *world) decide(t *testing.T, o *ordersv1.Order, pays accounttransferv1.ChargesPayer) {
	t.Helper()
	const reason = "Agreed on the phone."
	var err error
	if pays == kept {
		err = w.op(t).Keep(t.Context(), o.GetTransferId(), reason)
	} else {
		err = w.op(t).Withdraw(t.Context(), o.GetTransferId(), pays, reason)
	}
	if err != nil {
		t.Fatalf("decide: %v", err)
	}
	w.Settle(t)
}

const (
	customerPays = accounttransferv1.ChargesPayer_CHARGES_PAYER_CUSTOMER
	resellerPays = accounttransferv1.ChargesPayer_CHARGES_PAYER_RESELLER
	kept         = accounttransferv1.ChargesPayer_CHARGES_PAYER_UNSPECIFIED
)

func (w *world) withdraws(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, false)
	err := w.op(t).Withdraw(t.Context(), o.GetTransferId(), kept, "Nobody pays?")
	if e := refusal(t, err, codes.InvalidArgument, "FIELD_REQUIRED"); !violated(e, "charges_paid_by") {
		t.Errorf("refused with %+v", e)
	}
	w.decide(t, o, resellerPays)
	w.rejected(t, w.order(t, o.GetOrderId()))

	held := w.oneInvitation(t, c.account, "WITHDRAWN")
	if end := held.GetEndTime().AsTime(); !end.Equal(at(t, "2026-02-28T23:59:59.999Z")) {
		t.Errorf("AWS ends it at %s", end)
	}
	terms := w.contract(t, c.account).GetServiceTerms()
	if len(terms) != 1 || terms[0].GetStatus() != "CANCELED" { // the customer cannot accept it any more
		t.Errorf("AWS holds the terms %v", terms)
	}
	d := w.transfer(t, o.GetTransferId()).GetDecision()
	if d.GetOutcome() != accounttransferv1.DecisionOutcome_DECISION_OUTCOME_WITHDRAW || d.GetReason() != "Agreed on the phone." ||
		d.GetDecidedBy().GetSubject() != "operator-1" {
		t.Errorf("the decision is %v", d)
	}
	seen, err := w.Transfers.GetTransfer(c.person(t), &accounttransferv1.GetTransferRequest{TransferId: o.GetTransferId()})
	if got := seen.GetTransfer(); err != nil || got.GetDecision() != nil || got.GetEnding().GetReason() != "" {
		t.Errorf("the customer reads %v, %v", got, err)
	}
	told := w.toldOf(t, o, "cancelled")
	if told["charges_paid_by"] != "" || told["start"] != told["end"] { // it ended before it began: nothing was charged
		t.Errorf("the end tells %v", told)
	}
	err = w.op(t).Keep(t.Context(), o.GetTransferId(), "After all.")
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
}

// toldOf are the details of the fact of that name in the life of an order's transfer.
func (w *world) toldOf(t *testing.T, o *ordersv1.Order, name string) map[string]string {
	t.Helper()
	resp, err := w.ops().ListEvents(
		w.operator(t), &opsv1.ListEventsRequest{Service: "accounttransfer", AggregateId: o.GetTransferId(), PageSize: 500},
	)
	if err != nil {
		t.Fatalf("list events: %v", err)
	}
	i := slices.IndexFunc(resp.GetEvents(), func(e *typev1.Event) bool { return e.GetName() == name })
	if i < 0 {
		t.Fatalf("told was %v, not %s", names(resp.GetEvents()), name)
	}
	return resp.GetEvents()[i].GetDetails()
}

// contract is what AWS holds of an account besides its billing transfer.
func (w *world) contract(t *testing.T, account string) *sandboxv1.AwsContract {
	t.Helper()
	contract, err := w.aws(t).Contract(t.Context(), account)
	if err != nil {
		t.Fatalf("read the contract at AWS: %v", err)
	}
	return contract
}

func (w *world) withdrawsDespiteLostAnswer(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, false)
	w.setFault(t, &sandboxv1.Fault{Operation: opWithdraw, Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries})
	w.decide(t, o, customerPays)
	w.rejected(t, w.order(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "WITHDRAWN")
}

func (w *world) withdrawalRefused(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, false)
	w.enterBy(t, "wrong")
	w.decide(t, o, customerPays)
	if tr := w.asked(t, o); !mentions(tr.GetWaiting().GetWhat(), "ACCESS_DENIED", "decide again") {
		t.Errorf("the transfer waits for %v", tr.GetWaiting())
	}
	w.oneInvitation(t, c.account, "ACCEPTED")
	w.enterBy(t, "handover-sandbox")
	w.decide(t, o, customerPays)
	w.rejected(t, w.order(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "WITHDRAWN")
}

// enterBy changes the external id by which the payer's account is entered.
func (w *world) enterBy(t *testing.T, externalID string) {
	t.Helper()
	w.setExternalID(t, externalID)
	w.Settle(t)
}

func (w *world) withdrawsBound(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, true)
	w.decide(t, o, customerPays)
	wait := w.transfer(t, o.GetTransferId()).GetWaiting()
	if wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || !mentions(wait.GetWhat(), "end of the service term") {
		t.Errorf("the transfer waits for %v", wait)
	}
	w.oneInvitation(t, c.account, "ACCEPTED")
	c.acceptTerm(t) // the newest that waits: its end
	w.look(t, o)
	w.rejected(t, w.order(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "WITHDRAWN")
}

// look has the transfer of an order look at AWS now.
func (w *world) look(t *testing.T, o *ordersv1.Order) {
	t.Helper()
	if err := w.op(t).CheckTransfer(t.Context(), o.GetTransferId()); err != nil {
		t.Fatalf("look now: %v", err)
	}
	w.Settle(t)
}

func (w *world) consentRefused(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, true)
	w.decide(t, o, customerPays)
	if err := w.aws(t).RejectTerm(t.Context(), c.account); err != nil {
		t.Fatalf("reject in Partner Central: %v", err)
	}
	w.look(t, o)
	if tr := w.asked(t, o); !mentions(tr.GetWaiting().GetWhat(), "did not agree", "rejected") {
		t.Errorf("the transfer waits for %v", tr.GetWaiting())
	}
	w.decide(t, o, kept)
	if tr := w.transfer(t, o.GetTransferId()); tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS ||
		tr.GetEnding() != nil {
		t.Errorf("the transfer is %s, its ending %v", tr.GetState(), tr.GetEnding())
	}
	w.oneInvitation(t, c.account, "ACCEPTED")
}

func (w *world) keepsBeforeConsent(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, true)
	w.decide(t, o, customerPays)
	w.decide(t, o, kept)
	tr := w.transfer(t, o.GetTransferId())
	if wait := tr.GetWaiting(); tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS ||
		wait.GetStepKey() != "deploy-roles" {
		t.Errorf("the transfer is %s and waits for %v", tr.GetState(), wait)
	}
	if err := w.aws(t).AcceptTerm(t.Context(), c.account); err == nil {
		t.Error("the customer can still accept the end of its service term")
	}
	w.oneInvitation(t, c.account, "ACCEPTED")
}

func (w *world) keeps(t *testing.T) {
	c := w.newCustomer(t)
	o := c.questioned(t, true)
	w.decide(t, o, kept)
	tr := w.transfer(t, o.GetTransferId())
	if wait := tr.GetWaiting(); tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS ||
		wait.GetStepKey() != "deploy-roles" {
		t.Fatalf("the transfer is %s and waits for %v", tr.GetState(), wait)
	}
	c.finish(t, o)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	d := w.transfer(t, o.GetTransferId()).GetDecision()
	if d.GetOutcome() != accounttransferv1.DecisionOutcome_DECISION_OUTCOME_KEEP || d.GetReason() == "" {
		t.Errorf("the decision is %v", d)
	}
	w.oneInvitation(t, c.account, "ACCEPTED")
}

// finish does what is left after the service term: without the roles and the channel, which Operations says are not
// needed.
func (c customer) finish(t *testing.T, o *ordersv1.Order) {
	t.Helper()
	for _, key := range []string{"deploy-roles", "set-up-support-channel"} {
		if err := c.w.op(t).SkipStep(t.Context(), o.GetTransferId(), key, "Not needed here."); err != nil {
			t.Fatalf("skip %s: %v", key, err)
		}
	}
	c.w.Settle(t)
}
