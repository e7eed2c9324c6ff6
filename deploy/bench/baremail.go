package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/id"
)

// bareMailer sends copies of a mail that the suite has sent, with the mail library alone. It keeps nothing and asks
// nobody.
type bareMailer struct {
	host   string
	port   int
	sample string // as it arrived
	was    string // what stands in its subject
}

func newBareMailer(ctx context.Context, mails *mailer) (*bareMailer, error) {
	host, text, err := net.SplitHostPort(mails.listeners.SMTP)
	if err != nil {
		return nil, err
	}
	b := &bareMailer{host: host}
	if b.port, err = strconv.Atoi(text); err != nil {
		return nil, err
	}
	if err := mails.request(ctx, 1); err != nil {
		return nil, err
	}
	b.was = mails.product()
	arrived, err := mails.arrived(ctx)
	if err != nil {
		return nil, err
	}
	if len(arrived) != 1 {
		return nil, fmt.Errorf("%d mails have arrived, not 1", len(arrived))
	}
	b.sample, err = mails.raw(ctx, arrived[0])
	return b, err
}

// raw reads a mail as it was handed in, from the inbox's page.
func (m *mailer) raw(ctx context.Context, mailID string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+m.listeners.MailPage+"/messages/"+mailID+"/raw", nil)
	if err != nil {
		return "", err
	}
	resp, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("mail %s: %s", mailID, resp.Status)
	}
	return string(body), err
}

// copies makes n mails ahead of the slice: writing them is not the library's work.
func (b *bareMailer) copies(n int, subject string) ([]*gomail.Msg, error) {
	var out []*gomail.Msg
	text := strings.ReplaceAll(b.sample, b.was, subject)
	for range n {
		m, err := gomail.EMLToMsgFromString(text)
		if err != nil {
			return nil, fmt.Errorf("copy the mail: %w", err)
		}
		notification := id.New("ntf")
		m.SetMessageIDWithValue(notification + "@handover.example")
		m.SetGenHeader("X-Handover-Notification", notification)
		m.SetGenHeader("Content-Language", "en") // this and the next the library does not read
		m.SetGenHeader("Auto-Submitted", "auto-generated")
		out = append(out, m)
	}
	return out, nil
}

// sendAll hands the mails over, a connection for each.
func (b *bareMailer) sendAll(ctx context.Context, mails []*gomail.Msg) error {
	_, err := measure.Times(ctx, len(mails), senders, func(ctx context.Context, i int) error {
		client, err := gomail.NewClient(b.host, gomail.WithPort(b.port), gomail.WithTLSPolicy(gomail.NoTLS))
		if err != nil {
			return err
		}
		return client.DialAndSendWithContext(ctx, mails[i])
	})
	return err
}
