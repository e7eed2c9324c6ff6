package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestHelp is what people are told when the invitation does not go as it should.
func TestHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-BT-13 XFR-BT-14 without a mail the customer looks into the mailbox, then asks whether the account is eligible", func(
		t *testing.T,
	) {
		w.told(t, "No mail", "root address", "mailbox", "spam folder", "Platform Support", "account manager", "may not be eligible")
	})
	t.Run("XFR-BT-15 XFR-BT-16 XFR-BT-18 on an error the customer checks its rights and other providers, then asks Platform Support", func(
		t *testing.T,
	) {
		w.told(t, "An error", "may accept invitations", "other AWS provider", "restricts the switch", "Platform Support")
	})
	t.Run("an acceptance that AWS refuses leaves the order waiting for the customer", w.acceptanceRefused)
	t.Run("XFR-BT-17 an earlier invitation of the same payer keeps a new one from being sent until Operations ends it", w.earlierInvitation)
	t.Run("XFR-BT-17 our own invitation that AWS still holds is cancelled before the next one", w.replacesOwn)
	t.Run("a withdrawal of the accepted transfer fails the order", w.withdrawn)
}

// told fails unless the customer, while it is to accept, reads all of these.
func (w *world) told(t *testing.T, parts ...string) {
	t.Helper()
	c := w.newCustomer(t)
	wait := c.invited(t).GetWaiting()
	if wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || !mentions(wait.GetWhat(), parts...) {
		t.Errorf("told is %v, want all of %q", wait, parts)
	}
}

func (w *world) acceptanceRefused(t *testing.T) {
	c := w.newCustomer(t, &sandboxv1.OrganizationTraits{LegacyPermissions: true})
	o := c.invited(t)
	_, err := w.aws(t).AcceptInvitation(t.Context(), c.account)
	if e := refusal(t, err, codes.FailedPrecondition, "AWS_REFUSES"); e.Meta["aws_reason"] != "LEGACY_PERMISSIONS_STILL_IN_USE" {
		t.Errorf("refused with %+v", e)
	}
	o = c.process(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	if o.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Errorf("the order waits for %v", o.GetWaiting())
	}
}

func (w *world) earlierInvitation(t *testing.T) {
	c := w.newCustomer(t)
	w.inviteElsewhere(t, "by-hand", c.account, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
	o, inv := c.refusedByAWS(t)
	if e := inv.GetError(); e.GetReason() != "DUPLICATE_INVITATION" || e.GetOwner() != typev1.Party_PARTY_RESELLER ||
		!mentions(e.GetRemedy(), "End the other invitation") {
		t.Errorf("AWS refused with %v", e)
	}
	tr := w.transfer(t, o.GetTransferId())
	if wait := tr.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER || wait.GetStepKey() != "send-invitation" ||
		wait.GetWhat() == "" || wait.GetWhere() == "" {
		t.Errorf("the transfer waits for %v", wait)
	}
	w.cancelElsewhere(t, c.account)
	err := w.op(t).RetryStep(t.Context(), o.GetTransferId(), "send-invitation")
	if err != nil {
		t.Fatalf("retry: %v", err)
	}
	w.Settle(t)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_QUERYING)
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
}

func (w *world) replacesOwn(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	april := time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
	_, err := w.Transfers.Reinvite(w.operator(t), &accounttransferv1.ReinviteRequest{TransferId: o.GetTransferId(), StartTime: stamp(april)})
	if err != nil {
		t.Fatalf("invite again: %v", err)
	}
	w.Settle(t)
	for _, held := range w.atAWS(t, c.account) {
		want := "CANCELED"
		if held.GetStartTime().AsTime().Equal(april) {
			want = "REQUESTED"
		}
		if held.GetStatus() != want {
			t.Errorf("AWS holds %v, want it %s", held, want)
		}
	}
	if n := len(w.atAWS(t, c.account)); n != 2 {
		t.Errorf("AWS holds %d invitations", n)
	}
	if got := w.order(t, o.GetOrderId()).GetPreview().GetStartTime().AsTime(); !got.Equal(april) {
		t.Errorf("the order shows %s", got)
	}
}

func (w *world) withdrawn(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	c.accept(t)
	c.process(t, o.GetOrderId())
	w.withdrawElsewhere(t, c.account)
	o = c.process(t, o.GetOrderId())
	w.failed(t, o, ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TRANSFER_WITHDRAWN)
	if code := w.transfer(t, o.GetTransferId()).GetFailure().GetCode(); code != accounttransferv1.FailureCode_FAILURE_CODE_TRANSFER_WITHDRAWN {
		t.Errorf("the transfer failed with %s", code)
	}
}
