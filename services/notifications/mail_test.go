package notifications_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const (
	queued     = notificationsv1.NotificationState_NOTIFICATION_STATE_QUEUED
	sent       = notificationsv1.NotificationState_NOTIFICATION_STATE_SENT
	failed     = notificationsv1.NotificationState_NOTIFICATION_STATE_FAILED
	uncertain  = notificationsv1.NotificationState_NOTIFICATION_STATE_UNCERTAIN
	suppressed = notificationsv1.NotificationState_NOTIFICATION_STATE_SUPPRESSED
)

func TestMail(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	t.Run("it arrives whole, and says so", a.arrives)
	t.Run("the same id and request answers as the first time", a.repeated)
	t.Run("validate_only sends nothing", a.validated)
	t.Run("a wrong request is refused", a.wrong)
	t.Run("a customer sees its own", a.ownOnly)
	t.Run("a list is filtered and paged", a.listed)
}

func (a *alone) arrives(t *testing.T) {
	n := a.becomes(t, a.request(t, wish()).GetNotificationId(), sent)
	if n.GetTemplateVersion() != 1 || n.GetAttemptCount() != 1 || n.GetRecipientCount() != 1 ||
		n.GetSendTime() == nil || n.GetFailure() != nil {
		t.Errorf("the notification is %v", n)
	}
	m := a.received(t, n, 1)
	if m.FromName != "Handover" || m.From != "no-reply@handover.example" || !slices.Equal(m.To, []string{"operations@handover.example"}) ||
		m.Subject != "Your order for Essentials is complete" {
		t.Errorf("the mail is %q from %s %s to %s", m.Subject, m.FromName, m.From, m.To)
	}
	if !strings.Contains(m.Text, "complete") || !strings.Contains(m.HTML, "<!DOCTYPE html>") || !strings.Contains(m.Text, n.GetCorrelation()) {
		t.Errorf("the mail reads:\n%s", m.Text)
	}
	if got := a.told(t, n.GetNotificationId(), typev1.Audience_AUDIENCE_UNSPECIFIED); !slices.Equal(got, []string{"requested", "sent"}) {
		t.Errorf("told is %v", got)
	}
}

func (a *alone) repeated(t *testing.T) {
	req := wish(link)
	first := a.becomes(t, a.request(t, req).GetNotificationId(), sent)
	if again := a.request(t, req); !proto.Equal(first, again) {
		t.Errorf("the second answer is %v", again)
	}
	keyed := rpc.WithKey(a.operator(t), "key-1")
	for range 2 {
		if _, err := a.mails.RequestNotification(keyed, req); err != nil {
			t.Errorf("with a key: %v", err)
		}
	}
	for name, change := range map[string]func(*notificationsv1.RequestNotificationRequest){
		"another secret": func(r *notificationsv1.RequestNotificationRequest) {
			r.SecretParams = map[string]string{"link": secret + "2"}
		},
		"another param": func(r *notificationsv1.RequestNotificationRequest) { r.Params = map[string]string{"product": "Other"} },
	} {
		t.Log(name)
		other := proto.CloneOf(req)
		change(other)
		_, err := a.mails.RequestNotification(a.operator(t), other)
		refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
	}
	a.received(t, first, 1)
}

func (a *alone) validated(t *testing.T) {
	req := wish()
	req.ValidateOnly = true
	resp, err := a.mails.RequestNotification(a.operator(t), req)
	if err != nil || resp.GetNotification().GetState() != queued || len(resp.GetEvents()) != 1 {
		t.Errorf("it would be %v, %v", resp, err)
	}
	_, err = a.mails.GetNotification(a.operator(t), &notificationsv1.GetNotificationRequest{NotificationId: req.GetNotificationId()})
	refused(t, err, codes.NotFound, "NOT_FOUND")
}

func (a *alone) wrong(t *testing.T) {
	for reason, change := range map[string]func(*notificationsv1.RequestNotificationRequest){
		"TEMPLATE_UNKNOWN":    func(r *notificationsv1.RequestNotificationRequest) { r.TemplateKey = "nothing" },
		"PARAM_MISSING":       func(r *notificationsv1.RequestNotificationRequest) { r.Params = nil },
		"PARAM_UNKNOWN":       func(r *notificationsv1.RequestNotificationRequest) { r.Params["colour"] = "red" },
		"ATTACHMENT_REQUIRED": func(r *notificationsv1.RequestNotificationRequest) { r.InvoiceId = id.New("inv") },
		"RECIPIENT_INVALID":   func(r *notificationsv1.RequestNotificationRequest) { r.Recipient.PersonId = id.New("per") },
	} {
		_, err := a.mails.RequestNotification(a.operator(t), wish(change))
		refused(t, err, codes.InvalidArgument, reason)
	}
	_, err := a.mails.RequestNotification(a.As(t, kittest.Operator("operator-2", "orders")), wish())
	refused(t, err, codes.PermissionDenied, "RIGHT_MISSING")
	_, err = a.mails.RequestNotification(a.As(t, kittest.Customer("customer-1", id.New("cus"))), wish())
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

func (a *alone) ownOnly(t *testing.T) {
	mine, other := a.request(t, wish(toBilling)), a.request(t, wish(toBilling))
	ctx := a.As(t, kittest.Customer("customer-1", mine.GetCustomerId()))
	if _, err := a.mails.GetNotification(ctx, &notificationsv1.GetNotificationRequest{NotificationId: mine.GetNotificationId()}); err != nil {
		t.Errorf("its own: %v", err)
	}
	_, err := a.mails.GetNotification(ctx, &notificationsv1.GetNotificationRequest{NotificationId: other.GetNotificationId()})
	refused(t, err, codes.NotFound, "NOT_FOUND")
	listed, err := a.mails.ListNotifications(ctx, &notificationsv1.ListNotificationsRequest{})
	if err != nil || len(listed.GetNotifications()) != 1 {
		t.Errorf("it sees %v, %v", listed.GetNotifications(), err)
	}
}

func (a *alone) listed(t *testing.T) {
	one := a.request(t, wish())
	two := a.request(t, wish(func(r *notificationsv1.RequestNotificationRequest) { r.Correlation = one.GetCorrelation() }))
	a.becomes(t, one.GetNotificationId(), sent)
	a.becomes(t, two.GetNotificationId(), sent)
	filter := &notificationsv1.ListNotificationsRequest{
		Correlation: one.GetCorrelation(), States: []notificationsv1.NotificationState{sent},
		OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME, PageSize: 1,
	}
	var got []string
	for {
		page, err := a.mails.ListNotifications(a.operator(t), filter)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range page.GetNotifications() {
			got = append(got, n.GetNotificationId())
		}
		if filter.PageToken = page.GetNextPageToken(); filter.GetPageToken() == "" {
			break
		}
	}
	if !slices.Equal(got, []string{one.GetNotificationId(), two.GetNotificationId()}) {
		t.Errorf("listed are %v", got)
	}
	filter.PageToken, filter.States = "", []notificationsv1.NotificationState{failed}
	if none, err := a.mails.ListNotifications(a.operator(t), filter); err != nil || len(none.GetNotifications()) != 0 {
		t.Errorf("failed are %v, %v", none, err)
	}
}

// TestSecret: a link is in the mail and, once that is sent, nowhere else.
func TestSecret(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	req := wish(link)
	resp, err := a.mails.RequestNotification(rpc.WithKey(a.operator(t), "key-1"), req)
	if err != nil || strings.Contains(resp.String(), secret) {
		t.Errorf("the answer is %v, %v", resp, err)
	}
	n := a.becomes(t, req.GetNotificationId(), sent)
	if m := a.received(t, n, 1); !strings.Contains(m.Text, secret) || !strings.Contains(m.HTML, secret) {
		t.Errorf("the mail is without its link:\n%s", m.Text)
	}
	for _, column := range []string{
		"SELECT doc FROM notifications", "SELECT last_error FROM notifications", "SELECT details FROM events",
	} {
		for _, kept := range a.kept(t, column) {
			if strings.Contains(kept, secret) {
				t.Errorf("%s: it is kept", column)
			}
		}
	}
	published := kittest.Published(t, a.env)
	if len(published) == 0 || bytes.Contains(bytes.Join(published, nil), []byte(secret)) {
		t.Errorf("%d messages, or the secret is in them", len(published))
	}
	stored, err := a.mails.RequestNotification(rpc.WithKey(a.operator(t), "key-1"), req)
	if err != nil || stored.GetNotification().GetNotificationId() == "" || strings.Contains(stored.String(), secret) {
		t.Errorf("the stored answer is %v, %v", stored, err)
	}
	_, err = a.mails.ResendNotification(a.operator(t),
		&notificationsv1.ResendNotificationRequest{NotificationId: n.GetNotificationId(), Reason: "they ask"})
	refused(t, err, codes.FailedPrecondition, "SECRET_FORGOTTEN")
}

// kept is what a column of the database holds.
func (a *alone) kept(t *testing.T, query string) (all []string) {
	t.Helper()
	rows, err := a.db.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%s: %d rows, %v", query, len(all), err)
	}
	return all
}
