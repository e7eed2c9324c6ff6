package invoice_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/invoice"
)

var now = time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)

func issued(t *testing.T) *invoice.Invoice {
	t.Helper()
	total, err := money.Parse("EUR", "12.50")
	if err != nil {
		t.Fatal(err)
	}
	i, facts := invoice.Issue(invoice.Invoice{
		ID: invoice.IDFor("bpd_1"), Number: invoice.Number(2026, 1), Month: calendar.Month{Year: 2026, Month: time.March}, Total: total,
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
	return i
}

// TestLife goes from the issue to the mail: first the document, then one mail with it, and then nothing any more.
func TestLife(t *testing.T) {
	i := issued(t)
	if len(invoice.WantDocument(i)) != 1 || len(invoice.Wanted(i)) != 0 {
		t.Error("it does not want its document first")
	}
	if facts, err := i.Documented("00"); err != nil || len(facts) > 0 {
		t.Error("a document is no news")
	}
	wanted := invoice.Wanted(i)
	if len(invoice.WantDocument(i)) != 0 || len(wanted) != 1 {
		t.Fatalf("it wants %v", wanted)
	}
	mail := wanted[0]
	if mail.Kind != intent.Mail || mail.Name != "invoice" || mail.To != "BILLING" || mail.Invoice != i.ID {
		t.Errorf("the mail is %+v", mail)
	}
	for name, want := range map[string]string{
		"number": "2026-000001", "month": "2026-03", "total": "12.50 EUR", "due": "2026-05-05T00:00:00Z",
	} {
		if mail.Params[name] != want {
			t.Errorf("the mail says %s %q, want %q", name, mail.Params[name], want)
		}
	}
	if facts, err := invoice.Tick(i, "", now); err != nil || len(facts) > 0 || i.State != invoice.Issued {
		t.Errorf("sent before the mail was asked for: %v %v", facts, err)
	}
	i.Wishes.Granted(mail.Key, intent.Wished{ID: "ntf_1", Kind: intent.Mail})
	facts, err := invoice.Tick(i, "wish", now)
	if err != nil || len(facts) != 1 || facts[0].Details["notification_id"] != "ntf_1" || i.State != invoice.Sent {
		t.Errorf("sent: %v %v", facts, err)
	}
	if facts, err := invoice.Tick(i, "", now); err != nil || len(facts) > 0 || len(i.Wishes.Missing(invoice.Wanted(i))) > 0 {
		t.Errorf("sent twice: %v %v", facts, err)
	}
}
