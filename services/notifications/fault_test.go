package notifications_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
	"example.com/handover/pkg/store"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/notifications"
)

// TestFaults: what the mail server does to a try, and what becomes of the mail.
func TestFaults(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for _, c := range []struct {
		name     string
		fault    fault.Fault
		repeat   bool
		want     notificationsv1.NotificationState
		arrived  int
		attempts int32
	}{
		{"busy", fault.Fault{Operation: "DATA", Kind: fault.Throttle}, false, sent, 1, 2},
		{"busy for an address", fault.Fault{Operation: "RCPT", Kind: fault.ServerError}, false, sent, 1, 2},
		{"cut before the content", fault.Fault{Operation: "MAIL", Kind: fault.LostAnswer}, false, sent, 1, 2},
		{"answer lost", fault.Fault{Operation: "DATA", Kind: fault.LostAnswer}, false, uncertain, 1, 1},
		{"answer lost, and better twice than never", fault.Fault{Operation: "DATA", Kind: fault.LostAnswer}, true, sent, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.fault.Service, c.fault.Times = mail.Service, 1
			if err := a.inbox.SetFault(c.fault); err != nil {
				t.Fatal(err)
			}
			req := wish()
			if c.repeat {
				link(req)
			}
			n := a.becomes(t, a.request(t, req).GetNotificationId(), c.want)
			if a.received(t, n, c.arrived); n.GetAttemptCount() != c.attempts {
				t.Errorf("asked %d times, want %d", n.GetAttemptCount(), c.attempts)
			}
		})
	}
}

// TestUncertain: a mail that may have arrived is repeated by a person alone, with the same Message-ID.
func TestUncertain(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	if err := a.inbox.SetFault(fault.Fault{Service: mail.Service, Operation: "DATA", Kind: fault.LostAnswer, Times: 1}); err != nil {
		t.Fatal(err)
	}
	n := a.becomes(t, a.request(t, wish()).GetNotificationId(), uncertain)
	if n.GetFailure().GetCode() != notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_ANSWER_LOST {
		t.Errorf("it failed with %v", n.GetFailure())
	}
	const decide = "NotificationService.ResendNotification, NotificationService.SettleNotification"
	waiting, err := a.mails.ListNotifications(a.operator(t), &notificationsv1.ListNotificationsRequest{
		WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}, OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY,
	})
	if got := waiting.GetNotifications(); err != nil || len(got) != 1 ||
		got[0].GetWaiting().GetWhere() != decide {
		t.Errorf("the reseller has to see to %v, %v", got, err)
	}
	if all := a.actions(t, &opsv1.ListActionsRequest{}); len(all) != 1 || all[0].GetResourceId() != n.GetNotificationId() ||
		all[0].GetKind() != typev1.ActionKind_ACTION_KIND_NOTIFICATION ||
		all[0].GetWaiting().GetWhere() != decide {
		t.Errorf("what needs us is %v", all)
	}
	resend := &notificationsv1.ResendNotificationRequest{NotificationId: n.GetNotificationId(), Reason: "they do not have it", Etag: "77"}
	_, err = a.mails.ResendNotification(a.operator(t), resend)
	refused(t, err, codes.Aborted, "ETAG_MISMATCH")
	resend.Etag = n.GetEtag()
	if _, err := a.mails.ResendNotification(a.operator(t), resend); err != nil {
		t.Fatal(err)
	}
	n = a.becomes(t, n.GetNotificationId(), sent)
	if all := a.actions(t, &opsv1.ListActionsRequest{}); len(all) != 0 {
		t.Errorf("what needs us is %v", all)
	}
	if m := a.received(t, n, 2); m.Duplicates != 1 {
		t.Errorf("a reader cannot tell that they are one mail: %+v", m)
	}
	if got := a.told(
		t, n.GetNotificationId(), typev1.Audience_AUDIENCE_UNSPECIFIED,
	); !slices.Equal(got, []string{"requested", "uncertain", "resent", "sent"}) {
		t.Errorf("told is %v", got)
	}
}

// TestNotLetIn: a server that does not let us in ends no mail. It stays in the queue, and in the list of what needs us.
func TestNotLetIn(t *testing.T) {
	t.Parallel()
	inbox, address := openInbox(t, kittest.FreeAddress(t), func(o *mail.Options) { o.User, o.Password = "handover", "secret" })
	a := &alone{committed: make(chan struct{}, 1), inbox: inbox}
	a.host(t, address)
	n := a.request(t, wish(link))
	a.until(t, func() bool { n = a.get(t, n.GetNotificationId()); return n.GetFailure() != nil })
	if n.GetState() != queued || n.GetWaiting().GetOwner() != typev1.Party_PARTY_RESELLER || n.GetWaiting().GetWhat() == "" ||
		n.GetFailure().GetCode() != notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_SENDER_DENIED {
		t.Errorf("it is %v", n)
	}
	listed, err := a.mails.ListNotifications(a.operator(t), &notificationsv1.ListNotificationsRequest{
		WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}, OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY,
	})
	if err != nil || len(listed.GetNotifications()) != 1 {
		t.Errorf("what needs us is %v, %v", listed, err)
	}
	told := a.told(t, n.GetNotificationId(), typev1.Audience_AUDIENCE_OPERATOR)
	if !slices.Equal(told, []string{"requested", "held"}) {
		t.Errorf("told is %v", told)
	}
	again := &notificationsv1.ResendNotificationRequest{NotificationId: n.GetNotificationId(), Reason: "the password is mended"}
	if _, err := a.mails.ResendNotification(a.operator(t), again); err != nil {
		t.Errorf("it cannot be tried at once: %v", err)
	}
	a.until(t, func() bool { return a.get(t, n.GetNotificationId()).GetAttemptCount() == 2 })
}

func TestRefusedAddress(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	if err := a.inbox.SetRule("handover.example", mail.Bounce); err != nil {
		t.Fatal(err)
	}
	n := a.becomes(t, a.request(t, wish()).GetNotificationId(), failed)
	f := n.GetFailure()
	if f.GetCode() != notificationsv1.NotificationFailureCode_NOTIFICATION_FAILURE_CODE_RECIPIENT_REFUSED ||
		f.GetMessage() != "the mail provider refuses an address (550 5.1.1)" {
		t.Errorf("it failed with %v", f)
	}
	if err := a.inbox.SetRule("handover.example", mail.Accept); err != nil {
		t.Fatal(err)
	}
	resend := &notificationsv1.ResendNotificationRequest{NotificationId: n.GetNotificationId(), Reason: "the address is mended"}
	if _, err := a.mails.ResendNotification(a.operator(t), resend); err != nil {
		t.Fatal(err)
	}
	n = a.becomes(t, n.GetNotificationId(), sent)
	if a.received(t, n, 1); n.GetFailure() != nil {
		t.Errorf("sent, and failed with %v", n.GetFailure())
	}
}

// TestServerAway: a mail waits for its server as long as it takes.
func TestServerAway(t *testing.T) {
	t.Parallel()
	address := kittest.FreeAddress(t)
	a := &alone{committed: make(chan struct{}, 1)}
	a.host(t, address)
	id := a.request(t, wish()).GetNotificationId()
	a.until(t, func() bool { return a.get(t, id).GetAttemptCount() >= 2 })
	if n := a.get(t, id); n.GetState() == sent || n.GetFailure() != nil {
		t.Errorf("without a server it is %v", n)
	}
	a.inbox, _ = openInbox(t, address)
	a.received(t, a.becomes(t, id, sent), 1)
}

// TestInterrupted: a process that ended while the server was asked leaves a mail that may have arrived.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	once, again := id.New("ntf"), id.New("ntf")
	a := startAlone(t, func(db *store.DB) error {
		if err := notifications.Interrupt(
			t.Context(), db, once, "order-completed", map[string]string{"product": "Essentials"}, false,
		); err != nil {
			return err
		}
		return notifications.Interrupt(t.Context(), db, again, "order-completed", map[string]string{"product": "Essentials"}, true)
	})
	a.received(t, a.becomes(t, once, uncertain), 0)
	a.received(t, a.becomes(t, again, sent), 1)
}

// TestInterruptedReminder: a mail that may have arrived does not go out again once its reminder has ended.
func TestInterruptedReminder(t *testing.T) {
	t.Parallel()
	mail := id.New("ntf")
	a := startAlone(t, func(db *store.DB) error {
		return notifications.InterruptStopped(t.Context(), db, mail, id.New("rem"), map[string]string{"order_id": id.New("ord")}, start)
	})
	a.received(t, a.becomes(t, mail, uncertain), 0)
}
