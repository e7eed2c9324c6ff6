package notifications_test

import (
	"os"
	"testing"

	"example.com/handover/pkg/text/texttest"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/template"
)

// TestTexts holds everything that the service says against its words.
func TestTexts(t *testing.T) {
	book := texttest.Read(t, os.DirFS("."), []string{
		".", "internal/notification", "internal/reminder",
		"internal/people", "internal/template",
	}, "template")
	book.Texts(t)
	book.German(t, "wait", "remedy", "failure")
	texttest.Facts[notificationsv1.NotificationFact](t, book, "notification", "internal/notification")
	texttest.Facts[notificationsv1.ReminderFact](t, book, "reminder", "internal/reminder")
	texttest.Enum[notificationsv1.NotificationFailureCode](t, book, "failure")
	texttest.Enum[notificationsv1.DeliveryProblemKind](t, book, "problem")
	texttest.Enum[notificationsv1.SettlementCause](t, book, "settled")
	for _, tpl := range template.All() {
		book.Computed(t, "template."+tpl.Key)
	}
}
