package invoice_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/billing/internal/invoice"
)

// TestLife goes from the issue to the mail: each thing is done once, and what was issued stays.
func TestLife(t *testing.T) {
	now := time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)
	i, facts := invoice.Issue(invoice.Invoice{
		ID: invoice.IDFor("bpd_1"), Number: invoice.Number(2026, 1), Month: calendar.Month{Year: 2026, Month: time.March},
		BillTo: invoice.Party{Name: "Example Customer", Attention: "Pat Example"},
	}, 30, now)
	if i.ID != "inv_1" || i.Number != "2026-000001" || !i.DueAt.Equal(time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)) || len(facts) != 1 {
		t.Fatalf("issued %+v", i)
	}
	for _, v := range facts[0].Details {
		if v == "Pat Example" {
			t.Error("a person's name is told")
		}
	}
	if invoice.NextAction(i) != invoice.Document || invoice.Next(i).IsZero() {
		t.Error("no document is made")
	}
	if facts, err := i.Documented("00"); err != nil || len(facts) > 0 {
		t.Error("a document is no news")
	}
	for range 2 {
		if _, err := i.IntendMail("ntf_1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.IntendMail("ntf_2"); err != nil || i.NotificationID != "ntf_1" {
		t.Errorf("the id of the mail became %s (%v)", i.NotificationID, err)
	}
	if facts, err := i.MailRequested(); err != nil || len(facts) != 1 || i.State != invoice.Sent {
		t.Errorf("sent: %v %v", facts, err)
	}
	if facts, err := i.MailRequested(); err != nil || len(facts) > 0 || !invoice.Next(i).IsZero() {
		t.Errorf("sent twice: %v %v", facts, err)
	}
}
