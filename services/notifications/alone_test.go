package notifications_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/sim/mail"
	"example.com/handover/pkg/store"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/notifications"
)

// settings let nobody answer but the mail server: mails to Operations need neither orders nor billing.
const settings = `
platform: {peers: {orders: '127.0.0.1:1', billing: '127.0.0.1:1'}}
services:
  notifications:
    smtp: {address: '%s', timeout: 2s}
    settle: 100ms
`

var start = time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)

// alone is the service in a process of its own, and the mail server that it uses.
type alone struct {
	*kittest.Suite
	env       *kit.Env
	db        *store.DB
	committed chan struct{}
	inbox     *mail.Inbox
	mails     notificationsv1.NotificationServiceClient
	reminders notificationsv1.ReminderServiceClient
	ops       opsv1.OperationsServiceClient
}

// startAlone starts the mail server and the service; before sees the database when nothing works on it yet.
func startAlone(t *testing.T, before ...func(*store.DB) error) *alone {
	t.Helper()
	inbox, address := openInbox(t, kittest.FreeAddress(t))
	a := &alone{committed: make(chan struct{}, 1), inbox: inbox}
	a.host(t, address, before...)
	return a
}

func (a *alone) host(t *testing.T, address string, before ...func(*store.DB) error) {
	t.Helper()
	service := notifications.Service()
	service = service.Around(func(_ context.Context, e *kit.Env, setUp func() error) error {
		a.env, a.db = e, e.DB
		e.DB.OnCommit(func(bool, bool) {
			select {
			case a.committed <- struct{}{}:
			default:
			}
		})
		if err := setUp(); err != nil {
			return err
		}
		for _, do := range before {
			if err := do(e.DB); err != nil {
				return err
			}
		}
		return nil
	})
	a.Suite = kittest.Start(t, kittest.Options{Start: start, Config: fmt.Sprintf(settings, address)}, service)
	a.mails, a.reminders = notificationsv1.NewNotificationServiceClient(a.Conn()), notificationsv1.NewReminderServiceClient(a.Conn())
	a.ops = opsv1.NewOperationsServiceClient(a.Conn())
}

// openInbox serves a mail server at an address until the test ends.
func openInbox(t *testing.T, address string, change ...func(*mail.Options)) (*mail.Inbox, string) {
	t.Helper()
	o := mail.Options{Now: func() time.Time { return start }}
	for _, f := range change {
		f(&o)
	}
	inbox, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- inbox.Serve(l) }()
	t.Cleanup(func() {
		if err := inbox.Close(); err != nil {
			t.Errorf("close the inbox: %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("serve the inbox: %v", err)
		}
	})
	return inbox, l.Addr().String()
}

func (a *alone) operator(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Operator("operator-1"))
}

// wish is a mail to Operations that is not repeated.
func wish(change ...func(*notificationsv1.RequestNotificationRequest)) *notificationsv1.RequestNotificationRequest {
	order := id.New("ord")
	req := &notificationsv1.RequestNotificationRequest{
		NotificationId: id.New("ntf"), TemplateKey: "order-completed", CustomerId: id.New("cus"),
		Recipient: &notificationsv1.Recipient{Role: notificationsv1.RecipientRole_RECIPIENT_ROLE_OPERATIONS},
		Params:    map[string]string{"product": "Essentials"}, Correlation: order, SubjectId: order,
	}
	for _, f := range change {
		f(req)
	}
	return req
}

// toBilling makes it a mail to people of the customer, whom nobody is there to ask for.
func toBilling(r *notificationsv1.RequestNotificationRequest) {
	r.Recipient.Role = notificationsv1.RecipientRole_RECIPIENT_ROLE_BILLING
}

const secret = "https://handover.example/orders/link-that-nobody-else-may-see"

// link makes it a mail with a secret, which is repeated.
func link(r *notificationsv1.RequestNotificationRequest) {
	r.TemplateKey, r.SecretParams = "order-link", map[string]string{"link": secret}
}

func (a *alone) request(t *testing.T, req *notificationsv1.RequestNotificationRequest) *notificationsv1.Notification {
	t.Helper()
	resp, err := a.mails.RequestNotification(a.operator(t), req)
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	return resp.GetNotification()
}

func (a *alone) get(t *testing.T, notificationID string) *notificationsv1.Notification {
	t.Helper()
	resp, err := a.mails.GetNotification(a.operator(t), &notificationsv1.GetNotificationRequest{NotificationId: notificationID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetNotification()
}

// becomes waits for a mail to come into a state.
func (a *alone) becomes(t *testing.T, notificationID string, state notificationsv1.NotificationState) *notificationsv1.Notification {
	t.Helper()
	var n *notificationsv1.Notification
	a.until(t, func() bool { n = a.get(t, notificationID); return n.GetState() == state })
	return n
}

// until looks after each commit that leaves work or tells something, and now and then besides, whether something has
// come about.
func (a *alone) until(t *testing.T, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-a.committed:
		case <-again.C:
		case <-ctx.Done():
			t.Fatal("it does not come about")
		}
	}
}

// received fails unless so many mails with the notification's Message-ID have arrived, and returns the newest.
func (a *alone) received(t *testing.T, n *notificationsv1.Notification, count int) mail.Message {
	t.Helper()
	all := a.inbox.List(mail.Query{MessageID: n.GetMessageId()})
	if len(all) != count {
		t.Fatalf("%d mails with %s have arrived, want %d", len(all), n.GetMessageId(), count)
	}
	if count == 0 {
		return mail.Message{}
	}
	return all[0]
}

// told are the names of an aggregate's facts that a circle may read, in order.
func (a *alone) told(t *testing.T, aggregate string, circle typev1.Audience) []string {
	t.Helper()
	resp, err := a.ops.ListEvents(a.operator(t), &opsv1.ListEventsRequest{Service: "notifications", AggregateId: aggregate, Audience: circle})
	if err != nil {
		t.Fatal(err)
	}
	events := resp.GetEvents()
	slices.SortFunc(events, func(x, y *typev1.Event) int {
		return cmp.Or(cmp.Compare(x.GetRevision(), y.GetRevision()), cmp.Compare(x.GetOrdinal(), y.GetOrdinal()))
	})
	var names []string
	for _, e := range events {
		names = append(names, e.GetName())
	}
	return names
}

// refused fails unless err is a refusal with this code and reason.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || errs.ReasonOf(rpc.FromStatus(err)) != reason {
		t.Errorf("refused with %v, want %s %s", err, code, reason)
	}
}

// actions is what people must see to in the service.
func (a *alone) actions(t *testing.T, req *opsv1.ListActionsRequest) (all []*typev1.Action) {
	t.Helper()
	req.Service = "notifications"
	resp, err := opsv1.NewOperationsServiceClient(a.Conn()).ListActions(a.operator(t), req)
	if err != nil {
		t.Fatalf("list the actions: %v", err)
	}
	for _, listed := range resp.GetActions() {
		all = append(all, listed.GetAction())
	}
	return all
}
