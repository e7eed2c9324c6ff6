package ses_test

import (
	"context"
	"net/http/httptest"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/intent"
	simaws "example.com/handover/pkg/sim/aws"
	simses "example.com/handover/pkg/sim/aws/ses"
	"example.com/handover/pkg/sim/fault"
	outgoing "example.com/handover/services/notifications/internal/mail"
	"example.com/handover/services/notifications/internal/ses"
)

var now = time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)

// post is the simulator of SES and what it has delivered.
type post struct {
	sim  *simaws.Simulator
	out  *ses.Sender
	to   [][]string
	mail []string
}

func open(t *testing.T) *post {
	t.Helper()
	p := &post{}
	sim, err := simaws.New(simaws.Options{
		Now: func() time.Time { return now },
		SES: simses.Settings{Identities: []string{"handover.example"}},
		Deliver: func(_ context.Context, _ string, to []string, raw []byte) error {
			p.to, p.mail = append(p.to, to), append(p.mail, string(raw))
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	_, _, err = sim.CreateOrganization(t.Context(), simaws.NewOrganization{
		NewAccount: simaws.NewAccount{ID: "111122223333", Name: "Reseller", Email: "aws@reseller.example"},
	})
	if err != nil {
		t.Fatal(err)
	}
	key, secret := simaws.AccessKey("111122223333")
	clients, err := aws.New(t.Context(), aws.Config{Endpoint: server.URL, AccessKeyID: key, SecretAccessKey: secret, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	p.sim, p.out = sim, ses.New(clients)
	return p
}

func sample(from string) outgoing.Mail {
	return outgoing.Mail{
		ID: "ntf_1", MessageID: "<ntf_1@handover.example>", At: now, Language: "en", From: netmail.Address{Name: "Handover", Address: from},
		To:      []netmail.Address{{Name: "Pat", Address: "pat@example.com"}, {Address: "tom@example.com"}},
		Subject: "Hello", Text: "Good day", HTML: "<p>Good day</p>",
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	p := open(t)
	if got := outgoing.Outcome(p.out.Send(t.Context(), sample("no-reply@handover.example"))); got != (intent.Outcome{Class: intent.Done}) {
		t.Fatalf("answered %+v", got)
	}
	if len(p.mail) != 1 || !slices.Equal(p.to[0], []string{"pat@example.com", "tom@example.com"}) {
		t.Fatalf("%d mails to %v", len(p.mail), p.to)
	}
	for _, want := range []string{"Subject: Hello", outgoing.HeaderID + ": ntf_1", "text/plain", "text/html", "Good day"} {
		if !strings.Contains(p.mail[0], want) {
			t.Errorf("without %q:\n%s", want, p.mail[0])
		}
	}
}

// An internationalized domain travels in punycode, on the envelope and on the mail.
func TestInternationalizedDomain(t *testing.T) {
	t.Parallel()
	p := open(t)
	m := sample("no-reply@handover.example")
	m.To = []netmail.Address{{Name: "Pät", Address: "pat@bücher.example"}}
	if got := outgoing.Outcome(p.out.Send(t.Context(), m)); got != (intent.Outcome{Class: intent.Done}) {
		t.Fatalf("answered %+v", got)
	}
	if len(p.mail) != 1 || !slices.Equal(p.to[0], []string{"pat@xn--bcher-kva.example"}) {
		t.Fatalf("%d mails to %v", len(p.mail), p.to)
	}
}

// TestAnswers: what becomes of a call, and that none is repeated inside: SES would send twice.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from    string
		fault   fault.Kind
		want    intent.Outcome
		arrived int
	}{
		"not our domain": {"no-reply@other.example", "", intent.Outcome{Class: intent.Refused, Code: "MessageRejected"}, 0},
		"too fast":       {"no-reply@handover.example", fault.Throttle, intent.Outcome{Class: intent.Later, Code: "TooManyRequests"}, 0},
		"down": {"no-reply@handover.example", fault.ServerError, intent.Outcome{
			Class: intent.Unanswered,
			Code:  "InternalServiceError",
		}, 0},
		"answer lost": {"no-reply@handover.example", fault.LostAnswer, intent.Outcome{Class: intent.Unanswered}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			if c.fault != "" {
				if err := p.sim.SetFault(fault.Fault{Operation: "SendEmail", Kind: c.fault, Times: 5}); err != nil {
					t.Fatal(err)
				}
			}
			if got := outgoing.Outcome(p.out.Send(t.Context(), sample(c.from))); got != c.want {
				t.Errorf("answered %+v, want %+v", got, c.want)
			}
			if calls := p.sim.Calls(fault.CallQuery{Operation: "SendEmail"}); len(p.mail) != c.arrived || len(calls) != 1 {
				t.Errorf("%d mails of %d calls", len(p.mail), len(calls))
			}
		})
	}
}

func TestAway(t *testing.T) {
	t.Parallel()
	clients, err := aws.New(t.Context(), aws.Config{
		Endpoint: "http://127.0.0.1:1", AccessKeyID: "A",
		SecretAccessKey: "s", Timeout: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := outgoing.Outcome(ses.New(clients).Send(t.Context(), sample("no-reply@handover.example"))); got.Class != intent.Later {
		t.Errorf("answered %+v", got)
	}
}
