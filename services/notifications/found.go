package notifications

import (
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/reminder"
)

// found are what people find by its id, which a mail's Message-ID holds. By an address nothing is found: none is kept here, and whoever
// has the person's customer lists the mails of that.
func found(t *tables) []kit.Found {
	mails := kit.FoundIn(typev1.HitKind_HIT_KIND_NOTIFICATION, t.notifications, func(_ text.Words, n *notification.Notification) *typev1.Hit {
		return &typev1.Hit{Title: n.TemplateKey, State: string(n.Standing())}
	})
	reminders := kit.FoundIn(typev1.HitKind_HIT_KIND_REMINDER, t.reminders, func(_ text.Words, r *reminder.Reminder) *typev1.Hit {
		return &typev1.Hit{Title: r.TemplateKey, State: string(r.State)}
	})
	for _, f := range []*kit.Found{&mails, &reminders} {
		f.Only, f.Ours = []store.Cond{store.Eq("audience", people.ForCustomer)}, true
	}
	return []kit.Found{mails, reminders}
}
