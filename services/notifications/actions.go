package notifications

import (
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/text"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/reminder"
)

// actions is what the reseller's people must see to: mails that did not surely go out, and what failed.
func actions(t *tables) kit.Actions {
	return kit.Actions{Parked: text.New("wait.parked"), Dead: text.New("wait.dead_letter"), Of: []kit.ActionsOf{
		kit.ActionsIn(
			typev1.ActionKind_ACTION_KIND_NOTIFICATION, t.notifications, func(w text.Words, n *notification.Notification) (*typev1.Action, bool) {
				return &typev1.Action{Waiting: toWaiting(w, n)}, false
			},
		),
		kit.ActionsIn(typev1.ActionKind_ACTION_KIND_REMINDER, t.reminders, func(text.Words, *reminder.Reminder) (*typev1.Action, bool) {
			return &typev1.Action{}, false
		}),
	}}
}
