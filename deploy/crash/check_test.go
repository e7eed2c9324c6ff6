package main

import (
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/journey"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func TestWhatMustNeverBe(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*journey.Evidence)
		want   string
	}{
		"all is well":        {func(*journey.Evidence) {}, ""},
		"two effects":        {func(e *journey.Evidence) { e.Effects = append(e.Effects, e.Effects...) }, "2 times"},
		"two orders":         {func(e *journey.Evidence) { e.Orders = 2 }, "2 orders"},
		"two invitations":    {func(e *journey.Evidence) { e.AtAWS = append(e.AtAWS, e.AtAWS...) }, "2 invitations"},
		"left at AWS":        {func(e *journey.Evidence) { e.AtAWS[0].Status = "REQUESTED" }, "the order has ended"},
		"two billing groups": {func(e *journey.Evidence) { e.Contract = contract(2, 1) }, "2 billing groups"},
		"two relationships":  {func(e *journey.Evidence) { e.Contract = contract(1, 2) }, "2 relationships"},
		"two proposals":      {func(e *journey.Evidence) { e.Contract = contract(1, 1, "PENDING", "PENDING") }, "2 open proposals"},
		"a proposal left":    {func(e *journey.Evidence) { e.Contract = contract(1, 1, "PENDING") }, "the order has ended"},
		"two connections":    {func(e *journey.Evidence) { e.Connections = append(e.Connections, e.Connections...) }, "2 connections"},
		"bound without AWS": {func(e *journey.Evidence) {
			e.Connections[0].State = accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE
		}, "the connection is CONNECTION_STATE_EFFECTIVE"},
		"AWS binds, and the suite does not know": {
			func(e *journey.Evidence) { e.Order.Failure, e.AtAWS[0].Status = nil, "ACCEPTED" }, "an accepted transfer: true",
		},
		"a group of another": {func(e *journey.Evidence) {
			e.Connections[0].BillingGroup = &accounttransferv1.BillingGroup{Arn: "arn:other"}
		}, "billing group that AWS does not hold"},
		"recorded twice":   {func(e *journey.Evidence) { e.Timeline = append(e.Timeline, fact(1, "created")) }, "recorded twice"},
		"a dead mail":      {func(e *journey.Evidence) { e.Work["orders"].DeadLetters = 1 }, "orders is not done"},
		"parked":           {func(e *journey.Evidence) { e.Work["orders"].Parked = 1 }, "orders is not done"},
		"unpublished":      {func(e *journey.Evidence) { e.Work["orders"].Unpublished = 1 }, "orders is not done"},
		"a second invoice": {func(e *journey.Evidence) { e.Invoices = invoicesOf(3, 3) }, "2 invoices for 2026-03"},
		"invoices": {func(e *journey.Evidence) {
			e.Invoices, e.Numbers = invoicesOf(3, 4), []string{"2026-000002", "2026-000001"}
		}, ""},
		"a number left out": {func(e *journey.Evidence) { e.Numbers = []string{"2026-000001", "2026-000003"} }, "2026-000002 is not there"},
		"a number twice":    {func(e *journey.Evidence) { e.Numbers = []string{"2026-000001", "2026-000001"} }, "2026-000002 is not there"},
		"still reminded": {func(e *journey.Evidence) {
			e.Reminders = []*notificationsv1.Reminder{{TemplateKey: "deploy-roles", State: notificationsv1.ReminderState_REMINDER_STATE_ACTIVE}}
		}, "still reminded of deploy-roles"},
		"told of a case that is closed": {func(e *journey.Evidence) {
			e.Reminders = []*notificationsv1.Reminder{{
				TemplateKey: "escalation-operations", SubjectId: "cas_1", State: notificationsv1.ReminderState_REMINDER_STATE_ACTIVE,
			}}
		}, "cas_1 takes longer than planned"},
		"asked for twice": {func(e *journey.Evidence) {
			e.Mails = []journey.Mail{mail("sent", false, 1), mail("sent", false, 1)}
			for _, l := range e.Mails {
				l.ReminderId, l.CreateTime = "rem_1", &timestamppb.Timestamp{Seconds: 1}
			}
		}, "twice at once"},
		"a mail not asked for": {func(e *journey.Evidence) { e.Unasked = []*sandboxv1.Mail{{Subject: "Hello"}} }, `nobody asked for: "Hello"`},
	} {
		t.Run(name, func(t *testing.T) {
			e := ended()
			tt.change(&e)
			expect(t, violations(e, 0), tt.want)
		})
	}
}

func contract(groups, relationships int, terms ...string) *sandboxv1.AwsContract {
	c := &sandboxv1.AwsContract{}
	for range groups {
		c.BillingGroups = append(c.BillingGroups, &sandboxv1.AwsBillingGroup{})
	}
	for range relationships {
		c.Relationships = append(c.Relationships, &sandboxv1.AwsRelationship{})
	}
	for _, status := range terms {
		c.ServiceTerms = append(c.ServiceTerms, &sandboxv1.AwsServiceTerm{Status: status})
	}
	return c
}

// invoicesOf are an invoice for each month of 2026.
func invoicesOf(months ...int32) (all []*billingv1.Invoice) {
	for _, m := range months {
		all = append(all, &billingv1.Invoice{Month: &typev1.Month{Year: 2026, Month: m}})
	}
	return all
}

// A record of ServiceNow is its state and what was said in it.
func record(state string, journal ...string) *sandboxv1.ServiceNowRecord {
	return &sandboxv1.ServiceNowRecord{CorrelationId: "cas_1", Fields: map[string]string{"state": state}, Journal: journal}
}

func TestRecordsInServiceNow(t *testing.T) {
	const (
		said = "2026-02-16 09:00:00 handover, comments: Hello"
		note = "2026-02-16 09:00:00 handover, work_notes: This record is a duplicate of CS1, which is the one that counts."
	)
	for name, tt := range map[string]struct {
		deaths  int
		records []*sandboxv1.ServiceNowRecord
		want    string
	}{
		"one":                      {0, []*sandboxv1.ServiceNowRecord{record("10", said)}, ""},
		"two":                      {1, []*sandboxv1.ServiceNowRecord{record("10"), record("1")}, "2 records of the case cas_1"},
		"one taken back":           {1, []*sandboxv1.ServiceNowRecord{record("10"), record("7", note)}, ""},
		"taken back without cause": {0, []*sandboxv1.ServiceNowRecord{record("10"), record("7", note)}, "which was cancelled"},
		"all taken back":           {1, []*sandboxv1.ServiceNowRecord{record("3", note)}, "0 records of the case cas_1"},
		"cancelled by others":      {1, []*sandboxv1.ServiceNowRecord{record("10"), record("7")}, "2 records of the case cas_1"},
		"commented twice":          {1, []*sandboxv1.ServiceNowRecord{record("10", said, said)}, `"Hello" 2 times`},
	} {
		t.Run(name, func(t *testing.T) {
			e := ended()
			e.Records = tt.records
			expect(t, violations(e, tt.deaths), tt.want)
		})
	}
}

// mail is a mail that arrived so often.
func mail(state string, repeats bool, arrived int) journey.Mail {
	states := map[string]notificationsv1.NotificationState{
		"sent":      notificationsv1.NotificationState_NOTIFICATION_STATE_SENT,
		"uncertain": notificationsv1.NotificationState_NOTIFICATION_STATE_UNCERTAIN,
		"failed":    notificationsv1.NotificationState_NOTIFICATION_STATE_FAILED,
	}
	return journey.Mail{Notification: &notificationsv1.Notification{State: states[state]}, Repeats: repeats, Arrived: arrived}
}

func TestHowOftenAMailMayArrive(t *testing.T) {
	for name, tt := range map[string]struct {
		deaths int
		mail   journey.Mail
		want   string
	}{
		"once":                            {0, mail("sent", true, 1), ""},
		"twice":                           {0, mail("sent", true, 2), "arrived 2 times"},
		"never":                           {0, mail("sent", true, 0), "arrived 0 times"},
		"twice after a death":             {1, mail("sent", true, 2), ""},
		"thrice after a death":            {1, mail("sent", true, 3), "arrived 3 times"},
		"never after a death":             {1, mail("sent", true, 0), "arrived 0 times"},
		"twice, and it must not repeat":   {1, mail("sent", false, 2), "arrived 2 times"},
		"uncertain and here":              {1, mail("uncertain", false, 1), ""},
		"uncertain and lost":              {1, mail("uncertain", false, 0), ""},
		"uncertain without cause":         {0, mail("uncertain", false, 1), "is UNCERTAIN"},
		"uncertain, and it should repeat": {1, mail("uncertain", true, 0), "is UNCERTAIN"},
		"failed, and it arrived":          {1, mail("failed", false, 1), "arrived 1 times"},
		"failed, and it did not arrive":   {1, mail("failed", false, 0), ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := ended()
			e.Mails = []journey.Mail{tt.mail}
			expect(t, violations(e, tt.deaths), tt.want)
		})
	}
}
