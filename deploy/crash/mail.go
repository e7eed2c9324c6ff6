package main

import (
	"fmt"

	"example.com/handover/deploy/journey"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// misdeliveredMails compares the mails with their templates: undisturbed each arrives once. A process that is killed while
// it sends cannot know what arrived: then a mail of a template that repeats may come once more for each death, and any
// other one may be missing, if the suite says so.
func misdeliveredMails(e journey.Evidence, deaths int) (wrong []string) {
	asked := map[string]bool{} // mails of a reminder at an instant
	for _, m := range e.Mails {
		least, most := expected(m, deaths)
		if m.Arrived < least || m.Arrived > most {
			wrong = append(wrong, fmt.Sprintf("the mail %s, %s, arrived %d times", m.GetTemplateKey(), m.GetState(), m.Arrived))
		}
		if m.GetState() == notificationsv1.NotificationState_NOTIFICATION_STATE_UNCERTAIN && (deaths == 0 || m.Repeats) {
			wrong = append(wrong, fmt.Sprintf("the mail %s is UNCERTAIN", m.GetTemplateKey()))
		}
		if m.GetReminderId() == "" {
			continue
		}
		place := m.GetReminderId() + " " + m.GetCreateTime().AsTime().String()
		if asked[place] {
			wrong = append(wrong, fmt.Sprintf("the mail %s was asked for twice at once", m.GetTemplateKey()))
		}
		asked[place] = true
	}
	for _, m := range e.Unasked {
		wrong = append(wrong, fmt.Sprintf("a mail arrived that nobody asked for: %q", m.GetSubject()))
	}
	return wrong
}

// expected is how often a mail may arrive.
func expected(m journey.Mail, deaths int) (least, most int) {
	switch m.GetState() {
	case notificationsv1.NotificationState_NOTIFICATION_STATE_SENT:
		if m.Repeats {
			return 1, 1 + deaths
		}
		return 1, 1
	case notificationsv1.NotificationState_NOTIFICATION_STATE_UNCERTAIN:
		return 0, 1
	default:
		return 0, 0
	}
}

// remindersLeft finds reminders of steps that are done or will not be done any more.
func remindersLeft(e journey.Evidence) (wrong []string) {
	open := map[string]bool{"order-draft-reminder": e.Order.GetState() == ordersv1.OrderState_ORDER_STATE_DRAFT}
	templates := map[string]string{ // by the step of which the customer is reminded
		"accept-invitation": "accept-billing-transfer", "accept-service-term": "accept-service-term", "deploy-roles": "deploy-roles",
	}
	for _, s := range e.Transfer.GetSteps() {
		open[templates[s.GetKey()]] = s.GetState() == accounttransferv1.StepState_STEP_STATE_OPEN && e.Order.GetFailure() == nil
	}
	for _, r := range e.Reminders {
		switch {
		case r.GetState() != notificationsv1.ReminderState_REMINDER_STATE_ACTIVE, open[r.GetTemplateKey()]:
		case r.GetTemplateKey() != "escalation-operations":
			wrong = append(wrong, "the customer is still reminded of "+r.GetTemplateKey())
		case !standsStill(e, r.GetSubjectId()):
			wrong = append(wrong, "Operations is still told that "+r.GetSubjectId()+" takes longer than planned")
		}
	}
	return wrong
}

// standsStill reports whether a case is open, or a transfer or connection waits longer than planned.
func standsStill(e journey.Evidence, id string) bool {
	for _, r := range e.Records {
		state := r.GetFields()["state"]
		if r.GetCorrelationId() == id && state != "3" && state != "6" && state != "7" { // closed, resolved, cancelled
			return true
		}
	}
	for _, c := range e.Connections {
		if c.GetConnectionId() == id && c.GetWaiting().GetEscalated() {
			return true
		}
	}
	return e.Transfer.GetTransferId() == id && e.Transfer.GetWaiting().GetEscalated()
}
