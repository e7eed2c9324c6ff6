package scenarios_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestAccountHeld is about two journeys that want the same management account: only one gets it.
func TestAccountHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("of two drafts the one that is submitted first has the account", w.firstSubmissionWins)
	t.Run("an account that somebody has named for a new one is refused to the next at once", w.heldByTransfer)
	t.Run("an account entered later may not be held either", w.enteredLater)
	t.Run("of two customers that name one new account in the same instant one has it", w.namedAtOnce)
}

func (w *world) firstSubmissionWins(t *testing.T) {
	c := w.newCustomer(t)
	first, second := c.draft(t), c.draft(t)
	if _, err := c.submit(t, first.GetOrderId()); err != nil {
		t.Fatal(err)
	}
	w.unchanged(t, second.GetOrderId(), func() {
		_, err := c.submit(t, second.GetOrderId())
		if e := refusal(t, err, codes.FailedPrecondition, "ACCOUNT_ALREADY_ORDERED"); e.Meta["order_id"] != first.GetOrderId() ||
			e.Remedy == nil {
			t.Errorf("refused with %+v", e)
		}
	})
	stranger := w.newCustomer(t)
	draft := stranger.draft(t, func(o *ordersv1.Order) { o.ManagementAccountId = c.account })
	_, err := stranger.submit(t, draft.GetOrderId())
	if e := refusal(t, err, codes.FailedPrecondition, "ACCOUNT_ALREADY_ORDERED"); len(e.Meta) > 0 {
		t.Errorf("a stranger is told %v", e.Meta)
	}
	w.Settle(t)
	w.oneInvitation(t, c.account, "REQUESTED")
}

// TestWhoIsACustomerIsNotAnswered: a person of one customer that tries the accounts of others is stopped, by trial or in
// earnest, and nobody else is.
func TestWhoIsACustomerIsNotAnswered(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(d config.Listeners) string {
		few := "account_questions: 3"
		return strings.Replace(d.Sections("100ms"), "  accounttransfer:\n", "  orders: {"+few+"}\n  accounttransfer:\n    "+few+"\n", 1)
	})
	known := w.newCustomer(t)
	known.submitted(t)
	curious := w.newCustomer(t)
	draft := curious.draft(t, func(o *ordersv1.Order) { o.ManagementAccountId = known.account })
	ask := func(c customer, orderID string, try bool) error {
		_, err := w.Orders.SubmitOrder(c.person(t), &ordersv1.SubmitOrderRequest{
			OrderId: orderID, Terms: actors.BothTerms(), ValidateOnly: try,
		})
		return err
	}
	for _, try := range []bool{true, false, true} {
		refused(t, ask(curious, draft.GetOrderId(), try), codes.FailedPrecondition, "ACCOUNT_ALREADY_ORDERED")
	}
	own := curious.draft(t)
	for _, orderID := range []string{draft.GetOrderId(), own.GetOrderId()} { // also for what it could have known
		refused(t, ask(curious, orderID, true), codes.ResourceExhausted, "RATE_LIMITED")
		refused(t, ask(curious, orderID, false), codes.ResourceExhausted, "RATE_LIMITED")
	}
	honest := w.newCustomer(t)
	for range 5 {
		honest.submitted(t, func(o *ordersv1.Order) { o.ManagementAccountId = w.newOrganization(t) })
	}
}

// TestWhoIsACustomerIsNotAnsweredLater: the same for an account that is entered when the order is under way.
func TestWhoIsACustomerIsNotAnsweredLater(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(d config.Listeners) string {
		return strings.Replace(d.Sections("100ms"), "  accounttransfer:\n", "  accounttransfer:\n    account_questions: 3\n", 1)
	})
	known, curious := w.newCustomer(t), w.newCustomer(t)
	w.otherTransfer(t, known.account)
	o := curious.submitted(t, createNew)
	w.Settle(t)
	enter := func(ctx context.Context, try bool) error {
		_, err := w.Transfers.CompleteStep(ctx, &accounttransferv1.CompleteStepRequest{
			TransferId: o.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: known.account,
			Evidence: "Told by phone.", ValidateOnly: try,
		})
		return err
	}
	for _, try := range []bool{true, false, true} {
		refused(t, enter(curious.person(t), try), codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER")
	}
	refused(t, enter(curious.person(t), true), codes.ResourceExhausted, "RATE_LIMITED")
	refused(t, enter(curious.person(t), false), codes.ResourceExhausted, "RATE_LIMITED")
	refused(t, enter(w.operator(t), true), codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER") // Operations sees them all
}

// otherTransfer is another customer's, who has named the account as its new one.
func (w *world) otherTransfer(t *testing.T, account string) string {
	t.Helper()
	other := w.newCustomer(t)
	o := other.submitted(t, createNew)
	w.Settle(t)
	_, err := w.Transfers.CompleteStep(other.person(t), &accounttransferv1.CompleteStepRequest{
		TransferId: o.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: account,
	})
	if err != nil {
		t.Fatalf("name the account: %v", err)
	}
	w.Settle(t)
	return o.GetTransferId()
}

func (w *world) heldByTransfer(t *testing.T) {
	c := w.newCustomer(t)
	other := w.otherTransfer(t, c.account)
	draft := c.draft(t)
	_, err := c.submit(t, draft.GetOrderId())
	if e := refusal(t, err, codes.FailedPrecondition, "ACCOUNT_ALREADY_ORDERED"); e.Remedy == nil || len(e.Meta) > 0 {
		t.Errorf("refused with %+v", e)
	}
	if err := w.op(t).CancelTransfer(t.Context(), other, "Begun by mistake."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if _, err := c.submit(t, draft.GetOrderId()); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if o := w.order(t, draft.GetOrderId()); o.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Errorf("afterwards the order is %s and waits for %v", o.GetState(), o.GetWaiting())
	}
}

// namedAtOnce: who is refused is told what to do, names its own account, and goes on.
func (w *world) namedAtOnce(t *testing.T) {
	both := []customer{w.newCustomer(t), w.newCustomer(t)}
	orders := []*ordersv1.Order{both[0].submitted(t, createNew), both[1].submitted(t, createNew)}
	w.Settle(t)
	account, right := w.newOrganization(t), w.newOrganization(t)
	name := func(ctx context.Context, i int, account string) error {
		_, err := w.Transfers.CompleteStep(ctx, &accounttransferv1.CompleteStepRequest{
			TransferId: orders[i].GetTransferId(), StepKey: "enter-management-account", SourceAccountId: account,
		})
		return err
	}
	people := []context.Context{both[0].person(t), both[1].person(t)}
	answers := [2]chan error{make(chan error, 1), make(chan error, 1)}
	for i := range both {
		go func() { answers[i] <- name(people[i], i, account) }()
	}
	refusals := []error{<-answers[0], <-answers[1]}
	loser := 0
	if refusals[0] == nil {
		loser = 1
	}
	if refusals[1-loser] != nil {
		t.Fatalf("nobody has it: %v", refusals)
	}
	if e := refusal(t, refusals[loser], codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER"); e.Remedy == nil || e.Remedy.Who != "CUSTOMER" {
		t.Errorf("the other is told %+v", e)
	}
	if err := name(both[loser].person(t), loser, right); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	for i, want := range map[int]string{loser: right, 1 - loser: account} {
		o := w.order(t, orders[i].GetOrderId())
		if o.GetManagementAccountId() != want || o.GetWaiting().GetStepKey() != "accept-invitation" {
			t.Errorf("the order has %q and waits for %v, want it with %s", o.GetManagementAccountId(), o.GetWaiting(), want)
		}
		w.oneInvitation(t, want, "REQUESTED")
	}
}

func (w *world) enteredLater(t *testing.T) {
	c := w.newCustomer(t)
	other := w.otherTransfer(t, c.account)
	o := c.submitted(t, createNew)
	w.Settle(t)
	enter := &accounttransferv1.CompleteStepRequest{
		TransferId: o.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: c.account,
	}
	_, err := w.Transfers.CompleteStep(c.person(t), enter)
	if e := refusal(t, err, codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER"); len(e.Meta) != 1 || e.Meta["account_id"] != c.account {
		t.Errorf("the customer is told %v of a transfer that is not its own", e.Meta)
	}
	enter.Evidence = "Told by phone."
	_, err = w.Transfers.CompleteStep(w.operator(t), enter)
	if e := refusal(t, err, codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER"); e.Meta["transfer_id"] != other {
		t.Errorf("Operations is told %+v", e)
	}
	_, err = w.Transfers.CompleteStep(w.newCustomer(t).person(t), enter)
	refused(t, err, codes.NotFound, "NOT_FOUND")
}
