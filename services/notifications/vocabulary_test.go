package notifications_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
)

// TestVocabulary holds every word of the domain against the contract.
func TestVocabulary(t *testing.T) {
	mail, reminder := wiretest.Read(t, "internal/notification"), wiretest.Read(t, "internal/reminder")
	people, template := wiretest.Read(t, "internal/people"), wiretest.Read(t, "internal/template")

	wiretest.Known[notificationsv1.NotificationFact](t, mail.Named("Fact"))
	wiretest.Known[notificationsv1.ReminderFact](t, reminder.Named("Fact"))
	for _, domain := range []wiretest.Words{mail, reminder, people, template} {
		wiretest.KnownReasons[notificationsv1.Reason](t, domain.Named("Reason"))
	}
	wiretest.Known[notificationsv1.NotificationState](t, mail.Typed("State"))
	wiretest.Known[notificationsv1.NotificationFailureCode](t, mail.Typed("Code"))
	wiretest.Known[notificationsv1.DeliveryProblemKind](t, mail.Typed("ProblemKind"))
	wiretest.Known[notificationsv1.SettlementCause](t, mail.Typed("Cause"))
	wiretest.Known[notificationsv1.ReminderState](t, reminder.Typed("State"))
	wiretest.Known[notificationsv1.RecipientRole](t, people.Typed("Role"))
}
