package orders_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders"
)

// later moves the business time.
func (a *alone) later(t *testing.T, by time.Duration) {
	t.Helper()
	if err := a.env.World.SetClock(t.Context(), a.env.Business.Now().Add(by)); err != nil {
		t.Fatal(err)
	}
}

// TestAbsentTransferHoldsNoReminder: who has submitted is not reminded of the draft, even while AccountTransfer is away.
func TestAbsentTransferHoldsNoReminder(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.halted.Store(true)
	a := start(t, linkBase, n.services()...)
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	orderID := a.draft(t, payer)
	a.sendLink(t, n, orderID)
	plan := next[*notificationsv1.PlanReminderRequest](t, n)
	if _, err := a.submit(t, orderID); err != nil {
		t.Fatal(err)
	}
	if stop := next[*notificationsv1.StopReminderRequest](t, n); stop.GetReminderId() != plan.GetReminderId() {
		t.Errorf("stopped %v", stop)
	}
	next[*accounttransferv1.CreateTransferRequest](t, n)
	n.halted.Store(false)
	a.follows(t, orderID, "order.transfer_created")
}

// TestRefusedMail: what Notifications refuses is asked again in a day, and stands in nobody's way meanwhile.
func TestRefusedMail(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.refuses.Store(new(errs.Precondition))
	a := start(t, linkBase, n.services()...)
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	orderID := a.draft(t, payer)
	first := a.sendLink(t, n, orderID)
	next[*notificationsv1.PlanReminderRequest](t, n)
	n.refuses.Store(nil)
	a.later(t, 25*time.Hour)
	if again := tokenIn(t, next[*notificationsv1.RequestNotificationRequest](t, n)); again != first {
		t.Errorf("another link is mailed: %s", again)
	}
	a.later(t, 25*time.Hour) // the second refusal may have been noted after the clock had moved
	next[*notificationsv1.PlanReminderRequest](t, n)
	if _, err := a.submit(t, orderID); err != nil {
		t.Fatal(err)
	}
	next[*accounttransferv1.CreateTransferRequest](t, n)
	parked, err := a.ops.ListParked(a.operator(t), &opsv1.ListParkedRequest{Service: "orders"})
	if err != nil || len(parked.GetParked()) > 0 {
		t.Errorf("parked: %v, %v", parked, err)
	}
}

// TestExpiredLink: nobody is mailed or reminded of a link that does not work, and Operations is told what to do.
func TestExpiredLink(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	orderID := a.draft(t, "")
	a.sendLink(t, n, orderID)
	plan := next[*notificationsv1.PlanReminderRequest](t, n)
	a.waits(t, orderID, typev1.Party_PARTY_CUSTOMER)
	a.later(t, 14*24*time.Hour)
	if stop := next[*notificationsv1.StopReminderRequest](t, n); stop.GetReminderId() != plan.GetReminderId() {
		t.Errorf("stopped %v", stop)
	}
	a.waits(t, orderID, typev1.Party_PARTY_RESELLER)
	urgent, err := a.orders.ListOrders(a.operator(t), &ordersv1.ListOrdersRequest{
		WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}, Escalated: true, OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY,
	})
	if err != nil || len(urgent.GetOrders()) != 1 || !urgent.GetOrders()[0].GetLink().GetExpired() {
		t.Errorf("what needs Operations: %v, %v", urgent, err)
	}
}

func (a *alone) waits(t *testing.T, orderID string, owner typev1.Party) {
	t.Helper()
	got, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: orderID})
	if w := got.GetOrder().GetWaiting(); err != nil || w.GetOwner() != owner || w.GetWhat() == "" || w.GetWhere() == "" {
		t.Errorf("the draft waits for %v, %v", w, err)
	}
}

// TestListOrdersByUrgency: what Operations must do comes first, then what is due earliest, and what waits for nobody last.
func TestListOrdersByUrgency(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	under := a.ordered(t, "300000000001")
	idle := a.draft(t, payer) // of Operations, and not sent yet
	sent := a.draftFor(t, payer, "300000000002")
	a.sendLink(t, n, sent)
	var got []string
	page, err := a.orders.ListOrders(a.operator(t), &ordersv1.ListOrdersRequest{OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range page.GetOrders() {
		got = append(got, o.GetOrderId())
	}
	if len(got) != 3 || got[0] != sent || got[1] != idle || got[2] != under.GetOrderId() {
		t.Errorf("in order of urgency: %v; want %s, %s, %s", got, sent, idle, under.GetOrderId())
	}
}

// TestMailsAtTheEnd: a customer that has submitted is told how its order ended, once.
func TestMailsAtTheEnd(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	state := func(s accounttransferv1.TransferState) func(*accounttransferv1.Transfer) {
		return func(tr *accounttransferv1.Transfer) { tr.State = s }
	}
	mail := func(t *testing.T, o *ordersv1.Order, template string) *notificationsv1.RequestNotificationRequest {
		t.Helper()
		m := next[*notificationsv1.RequestNotificationRequest](t, n)
		if m.GetTemplateKey() != template || m.GetSubjectId() != o.GetOrderId() || m.GetCorrelation() != o.GetOrderId() ||
			m.GetRecipient().GetRole() != notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY || m.GetParams()["product"] == "" {
			t.Errorf("asked for %v, want %s", m, template)
		}
		return m
	}
	t.Run("when it is complete", func(t *testing.T) {
		o := a.hears(t, a.ordered(t, "400000000001"), 1, accepted)
		o = a.hears(t, o, 2, completed)
		if m := mail(t, o, "order-completed"); m.GetParams()["start"] != "2026-03-01T00:00:00Z" || m.GetParams()["account_id"] != "400000000001" {
			t.Errorf("it says %v", m.GetParams())
		}
	})
	t.Run("ORD-042 when it has failed", func(t *testing.T) {
		o := a.hears(t, a.ordered(t, "400000000002"), 1, func(tr *accounttransferv1.Transfer) {
			tr.State = accounttransferv1.TransferState_TRANSFER_STATE_FAILED
			tr.Failure = &accounttransferv1.Failure{Code: accounttransferv1.FailureCode_FAILURE_CODE_INVITATION_EXPIRED}
		})
		if m := mail(t, o, "order-failed"); m.GetParams()["code"] != "TRANSFER_EXPIRED" {
			t.Errorf("it says %v", m.GetParams())
		}
	})
	t.Run("ORD-041 when Operations has rejected it", func(t *testing.T) {
		o := a.hears(t, a.ordered(t, "400000000003"), 1, state(accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS))
		if _, err := a.orders.FailOrder(a.operator(t), &ordersv1.FailOrderRequest{
			OrderId: o.GetOrderId(),
			Reason:  "The account is suspended.",
		}); err != nil {
			t.Fatal(err)
		}
		next[*accounttransferv1.CancelTransferRequest](t, n)
		o = a.hears(t, o, 2, state(accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED))
		if m := mail(t, o, "order-rejected"); m.GetParams()["reason"] != "The account is suspended." {
			t.Errorf("it says %v", m.GetParams())
		}
		if got := o.GetFailure().GetMessage(); got != "The account is suspended." {
			t.Errorf("the order says %q", got)
		}
	})
}

// TestRefusedBeginning: a transfer that does not begin, and that Operations must mend, is a case until it begins.
func TestRefusedBeginning(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.declines.Store(true)
	a := start(t, linkBase, n.services()...)
	o := a.ordered(t, "500000000001")
	opened := next[*supportv1.OpenCaseRequest](t, n)
	if opened.GetKind() != supportv1.CaseKind_CASE_KIND_TRANSFER_PROBLEM || opened.GetSubjectId() != o.GetOrderId() ||
		opened.GetTitle() == "" || opened.GetDescription() == "" {
		t.Errorf("opened %v", opened)
	}
	n.declines.Store(false)
	if _, err := a.orders.ProcessOrder(a.operator(t), &ordersv1.ProcessOrderRequest{OrderId: o.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	if resolved := next[*supportv1.ResolveCaseRequest](t, n); resolved.GetCaseId() != opened.GetCaseId() ||
		resolved.GetNotes() != "The order goes on." {
		t.Errorf("resolved %v", resolved)
	}
}

// TestEndOfTheConnection: a year after the order the customer leaves at AWS; the agreement ends with what bound it, and
// both sides are told.
func TestEndOfTheConnection(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	o := a.hears(t, a.ordered(t, "600000000001"), 1, func(tr *accounttransferv1.Transfer) { tr.ConnectionId = id.New("con") })
	con := &accounttransferv1.Connection{
		ConnectionId: id.New("con"), TransferId: o.GetTransferId(), CustomerId: o.GetCustomerId(), OrderId: o.GetOrderId(),
		AgreementId: o.GetAgreementId(),
		StartTime:   timestamppb.New(march()), State: accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE,
	}
	tell := func(revision int64) *ordersv1.Agreement {
		t.Helper()
		if err := orders.HearConnection(t.Context(), a.db, con, revision); err != nil {
			t.Fatal(err)
		}
		return a.agreement(t, a.person(t), o.GetAgreementId())
	}
	if got := tell(1); !got.GetMinimumTerm().GetStartTime().AsTime().Equal(march()) || got.GetConnectionId() != con.GetConnectionId() {
		t.Errorf("effective, the agreement is %v", got)
	}
	a.hears(t, o, 2, func(tr *accounttransferv1.Transfer) {
		tr.ConnectionId, tr.State = con.GetConnectionId(), accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED
	})
	if m := next[*notificationsv1.RequestNotificationRequest](t, n); m.GetTemplateKey() != "order-completed" || m.GetParams()["start"] == "" {
		t.Errorf("complete, it mails %v", m)
	}
	end := march().AddDate(1, 2, 0)
	con.State, con.EndTime = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING, timestamppb.New(end)
	con.EndReason = accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_WITHDRAWN_IN_AWS
	if got := tell(2); got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || got.GetEndTime() != nil {
		t.Errorf("while it ends, the agreement is %v", got)
	}
	if m := next[*notificationsv1.RequestNotificationRequest](t, n); m.GetTemplateKey() != "agreement-ending" ||
		m.GetParams()["end"] != end.Format(time.RFC3339) || m.GetRecipient().GetRole() != notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY {
		t.Errorf("while it ends, it mails %v", m)
	}
	con.State = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED
	if got := tell(3); got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED || !got.GetEndTime().AsTime().Equal(end) {
		t.Errorf("ended, the agreement is %v", got)
	}
	for _, want := range []struct {
		template string
		to       notificationsv1.RecipientRole
	}{
		{"agreement-ended", notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY},
		{"agreement-ended-operations", notificationsv1.RecipientRole_RECIPIENT_ROLE_OPERATIONS},
	} {
		m := next[*notificationsv1.RequestNotificationRequest](t, n)
		if m.GetTemplateKey() != want.template || m.GetRecipient().GetRole() != want.to ||
			m.GetParams()["end"] != end.Format(time.RFC3339) || m.GetSubjectId() != o.GetAgreementId() {
			t.Errorf("mailed is %v, want %s", m, want.template)
		}
	}
}
