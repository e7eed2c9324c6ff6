package orders_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// linkBase is what links begin with.
const linkBase = "services: {orders: {link_base: 'https://portal.example/'}}"

// TestLink is the life of a link: sent by mail, opened by anybody who holds it, replaced, revoked, expired; and the reminders
// that go with it.
func TestLink(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	t.Run("ORD-021 Operations has a link to the draft mailed to the customer", func(t *testing.T) { a.mailed(t, n) })
	t.Run("GW-002 the link leads the customer to the draft, which it then completes", func(t *testing.T) { a.opened(t, n) })
	t.Run("ORD-022 who holds a link cannot submit", func(t *testing.T) { a.bearerCannotSubmit(t) })
	t.Run("the customer is reminded until the draft is submitted or deleted", func(t *testing.T) { a.reminded(t, n) })
	t.Run("a link that was replaced, revoked, forged or has expired opens nothing", func(t *testing.T) { a.closed(t, n) })
	t.Run("a link works on after a restart", func(t *testing.T) { a.survives(t, n) })
}

// sendLink has a link sent and returns it as it stands in the mail.
func (a *alone) sendLink(t *testing.T, n *neighbours, orderID string) string {
	t.Helper()
	if _, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: orderID}); err != nil {
		t.Fatalf("send: %v", err)
	}
	return tokenIn(t, next[*notificationsv1.RequestNotificationRequest](t, n))
}

func tokenIn(t *testing.T, mail *notificationsv1.RequestNotificationRequest) string {
	t.Helper()
	token, found := strings.CutPrefix(mail.GetSecretParams()["link"], "https://portal.example/v1/orderLinks/")
	if !found {
		t.Fatalf("the link is %q", mail.GetSecretParams()["link"])
	}
	return token
}

// open opens a link as somebody who shows nothing else.
func (a *alone) open(t *testing.T, token string) (*ordersv1.OpenLinkResponse, error) {
	t.Helper()
	return a.orders.OpenLink(t.Context(), &ordersv1.OpenLinkRequest{Token: token})
}

func (a *alone) mailed(t *testing.T, n *neighbours) {
	orderID := a.draft(t, "")
	sent, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	l := sent.GetOrder().GetLink()
	if l.GetNumber() != 1 || l.GetPersonId() != a.pat || l.GetExpireTime().AsTime().Sub(l.GetSendTime().AsTime()) != 14*24*time.Hour {
		t.Errorf("the link is %v", l)
	}
	mail := next[*notificationsv1.RequestNotificationRequest](t, n)
	if mail.GetTemplateKey() != "order-link" || mail.GetRecipient().GetPersonId() != a.pat ||
		mail.GetCorrelation() != orderID || mail.GetCustomerId() != a.customer || mail.GetParams()["account_id"] != "123456789012" ||
		mail.GetParams()["product"] == "" {
		t.Errorf("asked for %v", mail)
	}
	for key, value := range mail.GetParams() {
		if strings.Contains(value, tokenIn(t, mail)) {
			t.Errorf("the secret is in the parameter %s", key)
		}
	}
	for _, e := range a.events(t, orderID) {
		if strings.Contains(e, tokenIn(t, mail)) {
			t.Errorf("the secret is in an event: %s", e)
		}
	}
	_, err = a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: orderID, PersonId: id.New("per")})
	isRefused(t, err, codes.InvalidArgument, "CONTACT_UNKNOWN")
	_, err = a.orders.ResendLink(a.operator(t), &ordersv1.ResendLinkRequest{OrderId: a.draft(t, "")})
	isRefused(t, err, codes.FailedPrecondition, "LINK_MISSING")
	_, err = a.orders.SendOrder(a.person(t), &ordersv1.SendOrderRequest{OrderId: orderID})
	isRefused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

func (a *alone) opened(t *testing.T, n *neighbours) {
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	orderID := a.draftFor(t, payer, "222233334444")
	token := a.sendLink(t, n, orderID)
	for range 2 {
		resp, err := a.open(t, token)
		if err != nil || resp.GetOrderId() != orderID || resp.GetState() != ordersv1.OrderState_ORDER_STATE_DRAFT ||
			!strings.Contains(resp.GetNextStep(), "Sign in") || resp.GetExpireTime() == nil {
			t.Fatalf("opened: %v, %v", resp, err)
		}
	}
	opened := slices.DeleteFunc(a.events(t, orderID), func(e string) bool { return !strings.HasPrefix(e, "order.link_opened") })
	if len(opened) != 1 || !strings.Contains(opened[0], "LINK_BEARER") {
		t.Errorf("recorded: %q", opened)
	}
	if _, err := a.orders.OpenLink(a.person(t), &ordersv1.OpenLinkRequest{Token: token}); err != nil {
		t.Errorf("somebody who has signed in: %v", err)
	}
	if _, err := a.submit(t, orderID); err != nil {
		t.Errorf("submit: %v", err)
	}
	resp, err := a.open(t, token)
	if err != nil || resp.GetState() != ordersv1.OrderState_ORDER_STATE_PROCESSING || !strings.Contains(resp.GetNextStep(), "was submitted") {
		t.Errorf("afterwards it says %v, %v", resp, err)
	}
}

func (a *alone) bearerCannotSubmit(t *testing.T) {
	orderID := a.draft(t, "")
	_, err := a.orders.SubmitOrder(t.Context(), &ordersv1.SubmitOrderRequest{OrderId: orderID})
	isRefused(t, err, codes.Unauthenticated, "UNAUTHENTICATED")
	_, err = a.orders.GetOrder(t.Context(), &ordersv1.GetOrderRequest{OrderId: orderID})
	isRefused(t, err, codes.Unauthenticated, "UNAUTHENTICATED")
}

func (a *alone) reminded(t *testing.T, n *neighbours) {
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	for name, end := range map[string]func(orderID string) error{
		"submitted": func(orderID string) error { _, err := a.submit(t, orderID); return err },
		"deleted": func(orderID string) error {
			_, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: orderID})
			return err
		},
		"revoked": func(orderID string) error {
			_, err := a.orders.RevokeLink(a.operator(t), &ordersv1.RevokeLinkRequest{OrderId: orderID, Reason: "Wrong person."})
			return err
		},
	} {
		orderID := a.draft(t, payer)
		a.sendLink(t, n, orderID)
		plan := next[*notificationsv1.PlanReminderRequest](t, n)
		if plan.GetPlanKey() != "order-draft" || plan.GetTemplateKey() != "order-draft-reminder" ||
			plan.GetParams()["order_id"] != orderID || plan.GetRecipient().GetPersonId() != a.pat {
			t.Errorf("%s: planned %v", name, plan)
		}
		if err := end(orderID); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if stop := next[*notificationsv1.StopReminderRequest](t, n); stop.GetReminderId() != plan.GetReminderId() || stop.GetReason() == "" {
			t.Errorf("%s: stopped %v", name, stop)
		}
	}
}

func (a *alone) closed(t *testing.T, n *neighbours) {
	orderID := a.draft(t, "")
	first := a.sendLink(t, n, orderID)
	if _, err := a.orders.ResendLink(a.operator(t), &ordersv1.ResendLinkRequest{OrderId: orderID}); err != nil {
		t.Fatal(err)
	}
	second := tokenIn(t, next[*notificationsv1.RequestNotificationRequest](t, n))
	_, err := a.open(t, first)
	isRefused(t, err, codes.NotFound, "LINK_INVALID")
	if _, err := a.open(t, second); err != nil {
		t.Errorf("the newest: %v", err)
	}
	other := a.sendLink(t, n, a.draft(t, ""))
	forged := other[:52] + second[52:]
	_, err = a.open(t, forged)
	isRefused(t, err, codes.NotFound, "LINK_INVALID")
	if _, err := a.orders.RevokeLink(a.operator(t), &ordersv1.RevokeLinkRequest{OrderId: orderID, Reason: "Wrong person."}); err != nil {
		t.Fatal(err)
	}
	_, err = a.open(t, second)
	isRefused(t, err, codes.NotFound, "LINK_INVALID")
	_, err = a.orders.RevokeLink(a.operator(t), &ordersv1.RevokeLinkRequest{OrderId: orderID, Reason: "Wrong person."})
	isRefused(t, err, codes.FailedPrecondition, "LINK_MISSING")
	if err := a.env.World.SetClock(t.Context(), a.env.Business.Now().Add(14*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	_, err = a.open(t, other)
	isRefused(t, err, codes.NotFound, "LINK_INVALID")
}

func (a *alone) survives(t *testing.T, n *neighbours) {
	orderID := a.draft(t, "")
	token := a.sendLink(t, n, orderID)
	a.Restart()
	a.connect()
	if resp, err := a.open(t, token); err != nil || resp.GetOrderId() != orderID {
		t.Errorf("got %v, %v", resp, err)
	}
}

// TestMailNeverDelaysTheTransfer: while Notifications does not answer, orders go on, and nothing is parked.
func TestMailNeverDelaysTheTransfer(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.away.Store(true)
	a := start(t, linkBase, n.services()...)
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	orderID := a.draft(t, payer)
	if _, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: orderID}); err != nil {
		t.Fatal(err)
	}
	refusedMail := next[*notificationsv1.RequestNotificationRequest](t, n)
	if _, err := a.submit(t, orderID); err != nil {
		t.Fatal(err)
	}
	created := next[*accounttransferv1.CreateTransferRequest](t, n)
	o, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	if created.GetOrderId() != orderID || created.GetAgreementId() != o.GetOrder().GetAgreementId() ||
		created.GetSupportModel() != accounttransferv1.SupportModel_SUPPORT_MODEL_RESOLD {
		t.Errorf("asked for %v", created)
	}
	second := a.draft(t, payer) // another account: the first one holds its own
	if _, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: second}); err != nil {
		t.Fatal(err)
	}
	n.away.Store(false)
	for mail := refusedMail; mail.GetSubjectId() != second; { // asked again until it answers
		mail = next[*notificationsv1.RequestNotificationRequest](t, n)
	}
	parked, err := a.ops.ListParked(a.operator(t), &opsv1.ListParkedRequest{Service: "orders"})
	if err != nil || len(parked.GetParked()) > 0 {
		t.Errorf("parked: %v, %v", parked, err)
	}
}

// events are those of an order, spelled "kind.name by role".
func (a *alone) events(t *testing.T, orderID string) (out []string) {
	t.Helper()
	resp, err := a.ops.ListEvents(a.As(t, kittest.Operator("operator-1")), &opsv1.ListEventsRequest{
		Service:     "orders",
		Correlation: orderID, PageSize: 500,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range resp.GetEvents() {
		out = append(out, e.GetKind()+"."+e.GetName()+" by "+e.GetActor().GetRole().String()+" "+e.String())
	}
	return out
}

func isRefused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if e, _ := errs.As(rpc.FromStatus(err)); status.Code(err) != code || e == nil || e.Reason != reason {
		t.Errorf("got %v, want %s %s", err, code, reason)
	}
}
