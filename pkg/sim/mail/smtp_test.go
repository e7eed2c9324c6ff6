package mail_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
)

func TestMailArrivesWhole(t *testing.T) {
	r := newRig(t)
	pdf := bytes.Repeat([]byte{'%', 0, 0xFF, '\n', '.', '\r'}, 5000)
	m := newMail(
		t, "anna@kunde.example", "Ihre Rechnung für März – 1.234,50 €", "Guten Tag,\n\n.\nhttps://handover.example/d/1?a=b&c=d\n\nGrüße",
	)
	m.AddAlternativeString(gomail.TypeTextHTML, "<p>Grüße = <b>€</b></p>")
	if err := m.AttachReader("Rechnung März.pdf", bytes.NewReader(pdf), gomail.WithFileContentType("application/pdf")); err != nil {
		t.Fatal(err)
	}
	if err := m.AddTo("billing@kunde.example"); err != nil {
		t.Fatal(err)
	}
	if err := r.send(m); err != nil {
		t.Fatal(err)
	}
	got := r.only()
	want := mail.Message{
		ID: got.ID, MessageID: "ntf_1.anna-kunde.example@seller.example", From: "no-reply@seller.example", FromName: "Example Cloud",
		Sender: "no-reply@seller.example", To: []string{"anna@kunde.example", "billing@kunde.example"},
		Subject: "Ihre Rechnung für März – 1.234,50 €", ReceivedAt: now,
		Text: "Guten Tag,\n\n.\nhttps://handover.example/d/1?a=b&c=d\n\nGrüße", HTML: "<p>Grüße = <b>€</b></p>",
		Attachments: []mail.Attachment{{Name: "Rechnung März.pdf", ContentType: "application/pdf", Size: len(pdf)}}, Source: mail.SMTP,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if _, data, err := r.inbox.Attachment(got.ID, 0); err != nil || !bytes.Equal(data, pdf) {
		t.Errorf("the attachment has %d bytes, want %d, error %v", len(data), len(pdf), err)
	}
	if one, err := r.inbox.Get(got.ID); err != nil || cmp.Diff(got, one) != "" {
		t.Errorf("got %+v, %v", one, err)
	}
}

func TestRefusals(t *testing.T) {
	long := strings.Repeat("All work and no play.\n", 6000)
	for name, c := range map[string]struct {
		to, text string
		change   func(*mail.Options)
		how      []gomail.Option
		code     int
	}{
		"a recipient who does not exist":  {to: "anna@bounce.example.com", code: 550},
		"whatever the case of the domain": {to: "anna@Bounce.Example.COM", code: 550},
		"a recipient who is busy":         {to: "anna@later.example.com", code: 450},
		"a domain without a dot":          {to: "anna@localhost", code: 553},
		"a mail too large": {
			to: "anna@kunde.example", text: long, change: func(o *mail.Options) { o.SizeMax = 100_000 }, code: 552,
		},
		"a sender who does not say who":    {to: "anna@kunde.example", change: asSeller, code: 530},
		"a sender with a wrong password":   {to: "anna@kunde.example", change: asSeller, how: password("wrong"), code: 535},
		"a sender with the right password": {to: "anna@kunde.example", change: asSeller, how: password("secret")},
	} {
		t.Run(name, func(t *testing.T) {
			var changes []func(*mail.Options)
			if c.change != nil {
				changes = append(changes, c.change)
			}
			r := newRig(t, changes...)
			err := r.send(newMail(t, c.to, "Hello", c.text), c.how...)
			if c.code == 0 {
				if err != nil {
					t.Fatal(err)
				}
				r.only()
				return
			}
			if err == nil || !strings.Contains(err.Error(), fmt.Sprint(c.code)) {
				t.Errorf("refused with %v, want code %d", err, c.code)
			}
			if n := len(r.inbox.List(mail.Query{})); n != 0 {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}

func asSeller(o *mail.Options) { o.User, o.Password = "seller", "secret" }

func password(p string) []gomail.Option {
	return []gomail.Option{
		gomail.WithSMTPAuth(gomail.SMTPAuthPlain), gomail.WithUsername("seller"), gomail.WithPassword(p),
	}
}

func TestRuleIsSetAndTakenBack(t *testing.T) {
	r := newRig(t)
	for _, step := range []struct {
		verdict mail.Verdict
		code    int
	}{{mail.Later, 450}, {mail.Bounce, 550}, {mail.Accept, 0}} {
		if err := r.inbox.SetRule("kunde.example", step.verdict); err != nil {
			t.Fatal(err)
		}
		if code := refusedWith(r.send(newMail(t, "anna@kunde.example", "Hello", ""))); code != step.code {
			t.Errorf("%s: code %d, want %d", step.verdict, code, step.code)
		}
	}
	r.only()
	for domain, verdict := range map[string]mail.Verdict{"kunde.example": "MAYBE", "not a domain": mail.Bounce} {
		if err := r.inbox.SetRule(domain, verdict); err == nil {
			t.Errorf("%s became the rule of %s", verdict, domain)
		}
	}
}

func TestSameMessageIsCounted(t *testing.T) {
	r := newRig(t)
	for range 3 {
		if err := r.send(newMail(t, "anna@kunde.example", "Hello", "")); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.send(newMail(t, "otto@kunde.example", "Hello", "")); err != nil {
		t.Fatal(err)
	}
	same := r.inbox.List(mail.Query{MessageID: "<ntf_1.anna-kunde.example@seller.example>"})
	if len(same) != 3 || same[0].Duplicates != 2 || same[2].Duplicates != 2 {
		t.Errorf("got %+v", same)
	}
	if other := r.inbox.List(mail.Query{To: "Otto@kunde.example"}); len(other) != 1 || other[0].Duplicates != 0 {
		t.Errorf("got %+v", other)
	}
}

func TestCallsAreLogged(t *testing.T) {
	r := newRig(t, asSeller)
	if err := r.send(newMail(t, "anna@kunde.example", "Hello", ""), password("secret")...); err != nil {
		t.Fatal(err)
	}
	_ = r.send(newMail(t, "anna@bounce.example.com", "Hello", ""), password("secret")...) // its refusal is what is asked for
	type seen struct {
		operation, account, outcome, reason string
		effect                              bool
	}
	var got []seen
	for _, c := range r.inbox.Calls(fault.CallQuery{Service: mail.Service}) {
		got = append(got, seen{c.Operation, c.Account, c.Outcome, c.Reason, c.Effect})
	}
	want := []seen{
		{"MAIL", "seller", "OK", "", false},
		{"RCPT", "seller", "OK", "", false},
		{"DATA", "seller", "OK", "", true},
		{"MAIL", "seller", "OK", "", false},
		{"RCPT", "seller", "550", "RECIPIENT_REFUSED", false},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(seen{})); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}
