package smtp_test

import (
	"context"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
	outgoing "example.com/handover/services/notifications/internal/mail"
	"example.com/handover/services/notifications/internal/smtp"
)

var now = time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)

// open serves an inbox until the test ends.
func open(t *testing.T, change ...func(*mail.Options)) (*mail.Inbox, smtp.Config) {
	t.Helper()
	o := mail.Options{Now: func() time.Time { return now }}
	for _, f := range change {
		f(&o)
	}
	inbox, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- inbox.Serve(l) }()
	t.Cleanup(func() {
		_ = inbox.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return inbox, smtp.Config{Address: l.Addr().String(), Timeout: 5 * time.Second}
}

func send(t *testing.T, c smtp.Config, m outgoing.Mail) intent.Outcome {
	t.Helper()
	s, err := smtp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return outgoing.Outcome(s.Send(t.Context(), m))
}

func sample(to ...netmail.Address) outgoing.Mail {
	if len(to) == 0 {
		to = []netmail.Address{{Name: "Pät \"P\" Exämple", Address: "pat@example.com"}, {Address: "tom@example.com"}}
	}
	return outgoing.Mail{
		ID: "ntf_1", MessageID: "<ntf_1@handover.example>", At: now, Language: "de",
		From: netmail.Address{Name: "Handover", Address: "no-reply@handover.example"}, To: to,
		Subject: "Rechnung für März", Text: "Grüße, " + strings.Repeat("lang ", 500), HTML: "<!DOCTYPE html><p>Grüße</p>",
		Attachment: &outgoing.Attachment{Name: "invoice-2026-000001.pdf", ContentType: "application/pdf", Content: []byte("%PDF-1.7 …")},
	}
}

// TestSend: a strict server takes the mail, and a reader sees all of it.
func TestSend(t *testing.T) {
	t.Parallel()
	inbox, c := open(t)
	if got := send(t, c, sample()); got != (intent.Outcome{Class: intent.Done}) {
		t.Fatalf("answered %+v", got)
	}
	all := inbox.List(mail.Query{})
	if len(all) != 1 {
		t.Fatalf("%d mails", len(all))
	}
	m := all[0]
	if m.MessageID != "ntf_1@handover.example" || m.Subject != "Rechnung für März" ||
		!slices.Equal(m.To, []string{"pat@example.com", "tom@example.com"}) {
		t.Errorf("it is %+v", m)
	}
	if !strings.Contains(m.Text, "Grüße, lang") || m.HTML != "<!DOCTYPE html><p>Grüße</p>" {
		t.Errorf("it reads %q %q", m.Text, m.HTML)
	}
	file, content, err := inbox.Attachment(m.ID, 0)
	if err != nil || file.Name != "invoice-2026-000001.pdf" || file.ContentType != "application/pdf" || string(content) != "%PDF-1.7 …" {
		t.Errorf("attached is %+v %q, %v", file, content, err)
	}
	raw, err := inbox.Raw(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	read, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := read.Header.Date(); err != nil || !at.Equal(now) || len(read.Header["Message-Id"]) != 1 ||
		read.Header.Get(outgoing.HeaderID) != "ntf_1" {
		t.Errorf("its header is %v, %v", read.Header, err)
	}
}

// An internationalized domain travels in punycode, on the envelope and on the mail.
func TestInternationalizedDomain(t *testing.T) {
	t.Parallel()
	inbox, c := open(t)
	if got := send(t, c, sample(netmail.Address{Name: "Pät", Address: "pat@bücher.example"})); got != (intent.Outcome{Class: intent.Done}) {
		t.Fatalf("answered %+v", got)
	}
	all := inbox.List(mail.Query{})
	if len(all) != 1 || !slices.Equal(all[0].To, []string{"pat@xn--bcher-kva.example"}) {
		t.Fatalf("the inbox has %+v", all)
	}
	raw, err := inbox.Raw(all[0].ID)
	if err != nil || !strings.Contains(string(raw), "<pat@xn--bcher-kva.example>") {
		t.Errorf("on the mail stands %s, %v", raw, err)
	}
}

// TestAnswers: what each step of a server's answer means.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   fault.Fault
		to      string
		want    intent.Outcome
		arrived int
	}{
		"busy at the sender": {
			fault.Fault{Operation: "MAIL", Kind: fault.Throttle},
			"pat@example.com",
			intent.Outcome{Class: intent.Later, Code: "451 4.7.1"},
			0,
		},
		"busy at the recipient": {
			fault.Fault{Operation: "RCPT", Kind: fault.Throttle},
			"pat@example.com",
			intent.Outcome{Class: intent.Later, Code: "451 4.7.1"},
			0,
		},
		"busy at the content": {
			fault.Fault{Operation: "DATA", Kind: fault.Throttle},
			"pat@example.com",
			intent.Outcome{Class: intent.Later, Code: "451 4.7.1"},
			0,
		},
		"cut at the sender": {
			fault.Fault{Operation: "MAIL", Kind: fault.LostAnswer},
			"pat@example.com",
			intent.Outcome{Class: intent.Later},
			0,
		},
		"cut at the recipient": {
			fault.Fault{Operation: "RCPT", Kind: fault.LostAnswer},
			"pat@example.com",
			intent.Outcome{Class: intent.Later},
			0,
		},
		"cut after the content": {
			fault.Fault{Operation: "DATA", Kind: fault.LostAnswer},
			"pat@example.com",
			intent.Outcome{Class: intent.Unanswered},
			1,
		},
		"silent at the sender": {
			fault.Fault{Operation: "MAIL", Kind: fault.Slow, Delay: time.Minute},
			"pat@example.com",
			intent.Outcome{Class: intent.Later},
			0,
		},
		"silent after it all": {
			fault.Fault{Operation: "DATA", Kind: fault.Slow, Delay: time.Minute},
			"pat@example.com",
			intent.Outcome{Class: intent.Unanswered},
			1,
		},
		"no such mailbox": {fault.Fault{}, "pat@bounce.example.com", intent.Outcome{
			Class: intent.Refused,
			Code:  "550 5.1.1", Reason: outgoing.ReasonAddress,
		}, 0},
		"mailbox full": {fault.Fault{}, "pat@later.example.com", intent.Outcome{Class: intent.Later, Code: "450 4.2.1"}, 0},
		"no address": {
			fault.Fault{},
			"pat@example.com>\r\nRCPT TO:<eve@example.com",
			intent.Outcome{Class: intent.Refused, Reason: outgoing.ReasonAddress},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inbox, config := open(t)
			config.Timeout = time.Second
			if c.fault.Kind != "" {
				c.fault.Service = mail.Service
				if err := inbox.SetFault(c.fault); err != nil {
					t.Fatal(err)
				}
			}
			l := sample(netmail.Address{Address: c.to}, netmail.Address{Address: "tom@example.com"})
			if got := send(t, config, l); got != c.want {
				t.Errorf("answered %+v, want %+v", got, c.want)
			}
			if got := len(inbox.List(mail.Query{})); got != c.arrived {
				t.Errorf("%d mails have arrived, want %d: all recipients or none", got, c.arrived)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	_, c := open(t, func(o *mail.Options) { o.SizeMax = 1000 })
	if got := send(t, c, sample()); got != (intent.Outcome{Class: intent.Refused, Code: "552 5.3.4"}) {
		t.Errorf("answered %+v", got)
	}
}

// TestLetIn: without the right name and the encryption that is demanded, nothing is sent, until somebody mends that.
func TestLetIn(t *testing.T) {
	t.Parallel()
	inbox, c := open(t, func(o *mail.Options) { o.User, o.Password = "handover", "secret" })
	for _, step := range []struct {
		user, password string
		tls            bool
		want           intent.Class
	}{
		{"", "", false, intent.Denied},
		{"handover", "wrong", false, intent.Denied},
		{"handover", "secret", true, intent.Denied},
		{"handover", "secret", false, intent.Done},
	} {
		c.Username, c.Password, c.StartTLS = step.user, func() string { return step.password }, step.tls
		if got := send(t, c, sample()); got.Class != step.want {
			t.Errorf("%+v: answered %+v", step, got)
		}
	}
	if got := len(inbox.List(mail.Query{})); got != 1 {
		t.Errorf("%d mails", got)
	}
}

func TestAway(t *testing.T) {
	t.Parallel()
	if got := send(t, smtp.Config{Address: "127.0.0.1:1", Timeout: time.Second}, sample()); got.Class != intent.Later {
		t.Errorf("answered %+v", got)
	}
	_, c := open(t)
	s, err := smtp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got := outgoing.Outcome(s.Send(ended, sample())); got.Class != intent.Later {
		t.Errorf("with no time left: answered %+v", got)
	}
	for _, address := range []string{"", "nowhere", "host:port"} {
		if _, err := smtp.New(smtp.Config{Address: address}); err == nil {
			t.Errorf("%q is an address", address)
		}
	}
}

// TestPasswordIsReplaced: each mail is handed over with the password of then.
func TestPasswordIsReplaced(t *testing.T) {
	t.Parallel()
	_, c := open(t, func(o *mail.Options) { o.User, o.Password = "handover", "secret" })
	password := "old"
	c.Username, c.Password = "handover", func() string { return password }
	s, err := smtp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := outgoing.Outcome(s.Send(t.Context(), sample())); got.Class != intent.Denied {
		t.Errorf("answered %+v", got)
	}
	password = "secret"
	if err := s.Send(t.Context(), sample()); err != nil {
		t.Error(err)
	}
}
