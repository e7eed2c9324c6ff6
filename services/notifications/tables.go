package notifications

import (
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/reminder"
)

const prefixNotification = "ntf"

// tables are the kinds of aggregates in the service's database.
type tables struct {
	db            *store.DB
	notifications *store.Table[notification.Notification]
	reminders     *store.Table[reminder.Reminder]
}

// openTables takes the words in which the public state in events is said.
func openTables(db *store.DB, words text.Words) *tables {
	return &tables{db: db, notifications: store.NewTable(db, notificationKind(words)), reminders: store.NewTable(db, reminderKind())}
}

func notificationKind(words text.Words) store.Kind[notification.Notification] {
	return store.Kind[notification.Notification]{
		Noun: "notification", Table: "notifications", Prefix: prefixNotification, Version: 1,
		Customer:    func(n *notification.Notification) string { return n.CustomerID },
		Correlation: func(n *notification.Notification) string { return n.Correlation },
		Next:        mailEffects(nil).Next,
		Waiting: func(n *notification.Notification) store.Waiting {
			until, late := n.Overdue()
			return store.Waiting{Owner: n.WaitsFor(), Until: until, Escalated: n.Held() || late}
		},
		Columns: []store.Column[notification.Notification]{
			{Name: "state", Value: func(n *notification.Notification) any { return n.Standing() }},
			{Name: "reminder", Value: func(n *notification.Notification) any { return n.ReminderID }},
			{Name: "subject", Value: func(n *notification.Notification) any { return n.SubjectID }},
			{Name: "audience", Value: func(n *notification.Notification) any { return n.Recipient.Audience() }},
		},
		Public: func(m store.Meta, n *notification.Notification) proto.Message {
			return &notificationsv1.NotificationEvent{Notification: toNotification(words, store.Row[notification.Notification]{Meta: m, Doc: n})}
		},
	}
}

func reminderKind() store.Kind[reminder.Reminder] {
	return store.Kind[reminder.Reminder]{
		Noun: "reminder", Table: "reminders", Prefix: "rem", Version: 1,
		Customer:    func(r *reminder.Reminder) string { return r.CustomerID },
		Correlation: func(r *reminder.Reminder) string { return r.Correlation },
		Next:        reminder.Next,
		Columns: []store.Column[reminder.Reminder]{
			{Name: "state", Value: func(r *reminder.Reminder) any { return r.State }},
			{Name: "audience", Value: func(r *reminder.Reminder) any { return r.Recipient.Audience() }},
		},
		Public: func(m store.Meta, r *reminder.Reminder) proto.Message {
			return &notificationsv1.ReminderEvent{Reminder: toReminder(store.Row[reminder.Reminder]{Meta: m, Doc: r})}
		},
	}
}
