package aws_test

import (
	"bytes"
	"context"
	"io"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"example.com/handover/pkg/errs"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/ses"
	"example.com/handover/pkg/sim/fault"
)

// delivered is a mail as its recipients find it.
type delivered struct {
	from string
	to   []string
	raw  []byte
}

func (d delivered) message(t *testing.T) (*mail.Message, string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(d.raw))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m, string(body)
}

// post is a rig whose mails are collected, and what returns them. One to busy@, full@ or bad@ is refused by whoever takes them.
func post(t *testing.T, identities ...string) (*rig, func() []delivered) {
	t.Helper()
	var (
		mu    sync.Mutex // a simulator whose answer is lost works on
		mails []delivered
	)
	r := newRig(t, func(o *simaws.Options) {
		o.SES = ses.Settings{Identities: identities}
		o.Deliver = func(_ context.Context, from string, to []string, raw []byte) error {
			switch name, _, _ := strings.Cut(to[0], "@"); name {
			case "busy":
				return errs.New(errs.Unavailable, "RECIPIENT_BUSY", "later")
			case "full":
				return errs.New(errs.Precondition, "RECIPIENT_REFUSED", "never")
			case "bad":
				return errs.InvalidField("to", "RECIPIENT_INVALID", "no mailbox")
			}
			mu.Lock()
			defer mu.Unlock()
			mails = append(mails, delivered{from, to, raw})
			return nil
		}
	})
	return r, func() []delivered {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(mails)
	}
}

func (r *rig) ses() *sesv2.Client {
	return sesv2.New(sesv2.Options{
		Region: "eu-central-1", BaseEndpoint: &r.server.URL, Retryer: aws.NopRetryer{}, Credentials: keyOf(payer),
	})
}

func simple(to string) *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("Handover <no-reply@reseller.test>"),
		Destination:      &types.Destination{ToAddresses: []string{to}, BccAddresses: []string{"archive@reseller.test"}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Willkommen, Jürgen")},
			Body:    &types.Body{Text: &types.Content{Data: aws.String("Good day")}, Html: &types.Content{Data: aws.String("<p>Good day</p>")}},
			Attachments: []types.Attachment{{
				FileName: aws.String("invoice.pdf"), ContentType: aws.String("application/pdf"), RawContent: []byte("%PDF-1.7"),
			}},
		}},
	}
}

func rawMail(text string) *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{Content: &types.EmailContent{Raw: &types.RawMessage{Data: []byte(strings.ReplaceAll(text, "\n", "\r\n"))}}}
}

const letter = `From: Handover <no-reply@reseller.test>
To: Ann <ann@customer.test>
Bcc: archive@reseller.test,
 audit@reseller.test
Message-ID: <own@reseller.test>
Date: Thu, 01 Jan 1970 00:00:00 +0000
Subject: Hello

Good day

Bcc: is no header here
`

func TestSESComposesASimpleMail(t *testing.T) {
	r, mails := post(t)
	out, err := r.ses().SendEmail(t.Context(), simple("Ann <ann@customer.test>"))
	if err != nil || len(mails()) != 1 {
		t.Fatalf("%d mails, %v", len(mails()), err)
	}
	got := mails()[0]
	if got.from != "no-reply@reseller.test" || strings.Join(got.to, " ") != "ann@customer.test archive@reseller.test" {
		t.Errorf("from %s to %v", got.from, got.to)
	}
	m, body := got.message(t)
	if id := m.Header.Get("Message-Id"); id != "<"+*out.MessageId+"@email.amazonses.com>" {
		t.Errorf("message id is %q", id)
	}
	if date, err := m.Header.Date(); err != nil || !date.Equal(now) {
		t.Errorf("date is %s, %v", date, err)
	}
	for _, want := range []string{"text/plain", "text/html", "application/pdf", "JVBERi0xLjc="} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in:\n%s", want, body)
		}
	}
	if strings.Contains(string(got.raw), "archive@") {
		t.Error("the blind copy shows")
	}
}

func TestSESTakesARawMailAsItIs(t *testing.T) {
	r, mails := post(t)
	if _, err := r.ses().SendEmail(t.Context(), rawMail(letter)); err != nil || len(mails()) != 1 {
		t.Fatalf("%d mails, %v", len(mails()), err)
	}
	got := mails()[0]
	if strings.Join(got.to, " ") != "ann@customer.test archive@reseller.test audit@reseller.test" {
		t.Errorf("to %v", got.to)
	}
	m, body := got.message(t)
	if m.Header.Get("Bcc") != "" || strings.Contains(m.Header.Get("Message-Id"), "own@") || m.Header.Get("Subject") != "Hello" {
		t.Errorf("header %v", m.Header)
	}
	if date, err := m.Header.Date(); err != nil || !date.Equal(now) {
		t.Errorf("date is %s, %v", date, err)
	}
	if body != "Good day\r\n\r\nBcc: is no header here\r\n" {
		t.Errorf("body is %q", body)
	}
}

func TestSESTakesLargeMails(t *testing.T) {
	r, mails := post(t)
	in := simple("ann@customer.test")
	in.Content.Simple.Attachments[0].RawContent = make([]byte, 4<<20)
	if _, err := r.ses().SendEmail(t.Context(), in); err != nil || len(mails()) != 1 {
		t.Errorf("%d mails, %v", len(mails()), err)
	}
}

func TestSESRefuses(t *testing.T) {
	r, mails := post(t, "reseller.test", "boss@other.test")
	from := func(address string) *sesv2.SendEmailInput {
		in := simple("ann@customer.test")
		in.FromEmailAddress = &address
		return in
	}
	change := func(f func(*sesv2.SendEmailInput)) *sesv2.SendEmailInput {
		in := simple("ann@customer.test")
		f(in)
		return in
	}
	for name, c := range map[string]struct {
		in   *sesv2.SendEmailInput
		want check
	}{
		"sender not verified":     {from("ann@other.test"), is[*types.MessageRejected]},
		"sender's lookalike":      {from("no-reply@notreseller.test"), is[*types.MessageRejected]},
		"raw sender not verified": {rawMail(strings.Replace(letter, "no-reply@reseller", "x@other", 1)), is[*types.MessageRejected]},
		"no sender":               {from(""), is[*types.BadRequestException]},
		"no address":              {simple("ann"), is[*types.BadRequestException]},
		"address not ASCII":       {simple("jürgen@customer.test"), is[*types.BadRequestException]},
		"refused as malformed":    {simple("bad@customer.test"), is[*types.BadRequestException]},
		"raw is no mail":          {rawMail("no header"), is[*types.BadRequestException]},
		"nobody to send to":       {change(func(in *sesv2.SendEmailInput) { in.Destination = nil }), is[*types.BadRequestException]},
		"too many": {
			change(func(in *sesv2.SendEmailInput) {
				in.Destination.ToAddresses = strings.Split(strings.Repeat("a@customer.test,", 50)+"a@customer.test", ",")
			}),
			is[*types.BadRequestException],
		},
		"no body": {change(func(in *sesv2.SendEmailInput) { in.Content.Simple.Body = &types.Body{} }), is[*types.BadRequestException]},
		"both":    {change(func(in *sesv2.SendEmailInput) { in.Content.Raw = rawMail(letter).Content.Raw }), is[*types.BadRequestException]},
		"template": {
			change(func(in *sesv2.SendEmailInput) { in.Content = &types.EmailContent{Template: &types.Template{}} }), is[*types.NotFoundException],
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.ses().SendEmail(t.Context(), c.in)
			refused(t, err, c.want)
		})
	}
	if len(mails()) != 0 {
		t.Errorf("%d mails", len(mails()))
	}
	for _, address := range []string{"no-reply@Reseller.test", "x@mail.reseller.test", "boss@other.test"} {
		if _, err := r.ses().SendEmail(t.Context(), from(address)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// SES answers before the recipient's server does, so that a refusal is no error of the call.
func TestSESTakesWhatBounces(t *testing.T) {
	r, mails := post(t)
	for _, address := range []string{"full@customer.test", "busy@customer.test"} {
		if _, err := r.ses().SendEmail(t.Context(), simple(address)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(mails()) != 0 || r.sim.MailsAccepted() != 2 {
		t.Errorf("%d delivered, %d accepted", len(mails()), r.sim.MailsAccepted())
	}
}

func TestMailWhoseAnswerIsLostIsSent(t *testing.T) {
	r, mails := post(t)
	r.fault(fault.Fault{Service: "ses", Kind: fault.LostAnswer, Times: 1})
	if _, err := r.ses().SendEmail(t.Context(), simple("ann@customer.test")); err == nil || len(mails()) != 1 {
		t.Errorf("%d mails, %v", len(mails()), err)
	}
	if calls := r.sim.Calls(fault.CallQuery{Operation: "SendEmail", Effect: true}); len(calls) != 1 || calls[0].Answered {
		t.Errorf("calls %+v", calls)
	}
	r.fault(fault.Fault{Service: "ses", Kind: fault.Throttle, Times: 1})
	_, err := r.ses().SendEmail(t.Context(), simple("ann@customer.test"))
	refused(t, err, is[*types.TooManyRequestsException])
}
