package smtp_test

import (
	"bufio"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	outgoing "example.com/handover/services/notifications/internal/mail"
	"example.com/handover/services/notifications/internal/smtp"
)

// script is a mail server that answers as it is told to, by the first word of a command; "." is the end of the content and
// "" the greeting.
type script map[string]string

// serve answers connections until the test ends, and hands on what it hears.
func (s script) serve(t *testing.T) (address string, heard <-chan string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	lines := make(chan string, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.talk(conn, lines)
		}
	}()
	return l.Addr().String(), lines
}

func (s script) talk(conn net.Conn, heard chan<- string) {
	defer func() { _ = conn.Close() }()
	say := func(word, usual string) {
		if told, ok := s[word]; ok {
			usual = told
		}
		_, _ = fmt.Fprintf(conn, "%s\r\n", usual)
	}
	say("", "220 mail.example.com")
	content := false
	for in := bufio.NewScanner(conn); in.Scan(); {
		word := strings.Fields(in.Text() + " -")[0]
		switch {
		case content && in.Text() == ".":
			content = false
			say(".", "250 2.0.0 taken")
			continue
		case content:
			continue
		}
		heard <- in.Text()
		content = word == "DATA" && s["DATA"] == ""
		if usual := "250 2.0.0 fine"; content {
			say(word, "354 go on")
		} else {
			say(word, usual)
		}
	}
}

// TestRefusals: an address that is refused is told from a mail that is, and both from a refusal of us, for which nobody
// who should get the mail can do anything. The answers are those of servers that people have met.
func TestRefusals(t *testing.T) {
	t.Parallel()
	us := func(code string) intent.Outcome { return intent.Outcome{Class: intent.Denied, Code: code} }
	address := func(code string) intent.Outcome {
		return intent.Outcome{Class: intent.Refused, Code: code, Reason: outgoing.ReasonAddress}
	}
	content := func(code string) intent.Outcome { return intent.Outcome{Class: intent.Refused, Code: code} }
	for _, c := range []struct {
		step, answer string
		want         intent.Outcome
	}{
		{"RCPT", "504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname", us("504 5.5.2")},
		{"RCPT", "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using zen.example.org", us("550 5.7.1")},
		{"RCPT", "554 5.7.1 <vm[192.0.2.1]>: Client host rejected: Access denied", us("554 5.7.1")},
		{"RCPT", "553 5.7.1 <no-reply@handover.example>: Sender address rejected: not owned by user handover", us("553 5.7.1")},
		{"RCPT", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", us("550 5.7.60")},
		{"RCPT", "550 5.7.1 Relaying denied", us("550 5.7.1")},
		{"RCPT", "553 5.1.8 <no-reply@handover.example>: Sender address rejected: Domain not found", us("553 5.1.8")},
		{"RCPT", "554 Client host rejected: Access denied", us("554")},
		{"RCPT", "550 5.1.1 <pat@example.com>: user unknown", address("550 5.1.1")},
		{"RCPT", "550 5.2.1 The email account that you tried to reach is disabled", address("550 5.2.1")},
		{"RCPT", "550 5.4.1 Recipient address rejected: Access denied", address("550 5.4.1")},
		{"RCPT", "501 5.1.3 Bad recipient address syntax", address("501 5.1.3")},
		{"RCPT", "550 no such user here", address("550")},
		{"RCPT", "550 mailbox of 192.5.7.1 is unknown", address("550")},
		{"RCPT", "450 4.7.1 <vm>: Helo command rejected: Host not found", intent.Outcome{Class: intent.Later, Code: "450 4.7.1"}},
		{"RCPT", "450 4.2.0 <pat@example.com>: Recipient address rejected: Greylisted", intent.Outcome{Class: intent.Later, Code: "450 4.2.0"}},
		{"MAIL", "550 5.7.1 <vm>: Helo command rejected: Host not found", us("550 5.7.1")},
		{"MAIL", "530 5.7.0 Must issue a STARTTLS command first", us("530 5.7.0")},
		{"MAIL", "553 sender address refused", us("553")},
		{"MAIL", "552 5.3.4 Message size exceeds fixed limit", content("552 5.3.4")},
		{"DATA", "554 5.5.1 Error: no valid recipients", us("554 5.5.1")},
		{".", "554 5.7.1 Message rejected as spam", content("554 5.7.1")},
		{".", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", us("550 5.7.60")},
		{".", "554 5.6.0 Message content rejected", content("554 5.6.0")},
		{".", "554 transaction failed", content("554")},
		{".", "451 4.3.0 try again", intent.Outcome{Class: intent.Later, Code: "451 4.3.0"}},
		{"", "554 no SMTP service for you", us("554")},
		{"", "421 too busy", intent.Outcome{Class: intent.Later, Code: "421"}},
		{"EHLO", "550 you are not welcome", us("550")},
	} {
		t.Run(c.step+" "+c.answer, func(t *testing.T) {
			t.Parallel()
			server, _ := script{c.step: c.answer, "HELO": c.answer}.serve(t)
			config := smtp.Config{Address: server, Timeout: 20 * time.Second, Hello: "handover.example"}
			if got := send(t, config, sample(netmail.Address{Address: "pat@example.com"})); got != c.want {
				t.Errorf("read as %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestHello: the server hears the name of the configuration, and not that of the machine.
func TestHello(t *testing.T) {
	t.Parallel()
	server, heard := script{}.serve(t)
	config := smtp.Config{Address: server, Timeout: 20 * time.Second, Hello: "out.handover.example"}
	if got := send(t, config, sample()); got.Class != intent.Done {
		t.Errorf("answered %+v", got)
	}
	if got := <-heard; got != "EHLO out.handover.example" {
		t.Errorf("the server hears %q", got)
	}
}

// TestLogin: a name and a password are shown in the way that the server offers, and one that offers none is no outage.
func TestLogin(t *testing.T) {
	t.Parallel()
	for offered, c := range map[string]struct {
		class intent.Class
		said  string
	}{
		"PLAIN LOGIN":   {intent.Done, "AUTH PLAIN"},
		"LOGIN XOAUTH2": {intent.Done, "AUTH LOGIN"},
		"XOAUTH2":       {intent.Denied, ""},
	} {
		s := script{
			"EHLO": "250-mail.example.com\r\n250 AUTH " + offered, "AUTH": "235 2.7.0 welcome",
			"aGFuZG92ZXI=": "334 UGFzc3dvcmQ6", "c2VjcmV0": "235 2.7.0 welcome",
		}
		if strings.HasPrefix(offered, "LOGIN") {
			s["AUTH"] = "334 VXNlcm5hbWU6"
		}
		server, heard := s.serve(t)
		config := smtp.Config{Address: server, Timeout: 20 * time.Second, Username: "handover", Password: func() string { return "secret" }}
		if got := send(t, config, sample()); got.Class != c.class {
			t.Errorf("%s: answered %+v", offered, got)
		}
		<-heard // EHLO
		if c.said == "" {
			continue
		}
		if got := <-heard; !strings.HasPrefix(got, c.said) {
			t.Errorf("%s: the server hears %q", offered, got)
		}
	}
}
