// Package smtp hands mails to a mail server.
//
// It owns the connection and the reading of answers. It decides nothing: what an answer means for a mail is package
// notification's. A server's words may hold addresses, so only its codes leave this package.
package smtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/notifications/internal/mail"
)

// Config says where the server is.
type Config struct {
	Address  string // "127.0.0.1:9025"
	Username string // empty: the server asks for no name
	Password string
	StartTLS bool          // demanded, not merely offered
	Timeout  time.Duration // of one mail
}

// Sender hands mails to a server, one connection for each. It may be used by many goroutines.
type Sender struct {
	host    string
	timeout time.Duration
	options []gomail.Option
}

// New checks the configuration; it does not connect yet.
func New(c Config) (*Sender, error) {
	host, text, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("port of the address: %w", err)
	}
	policy := gomail.NoTLS
	if c.StartTLS {
		policy = gomail.TLSMandatory
	}
	s := &Sender{host, c.Timeout, []gomail.Option{gomail.WithPort(port), gomail.WithTLSPolicy(policy)}}
	if c.Username != "" {
		auth := gomail.SMTPAuthPlain
		if !c.StartTLS {
			auth = gomail.SMTPAuthPlainNoEnc // a server on the own machine
		}
		s.options = append(s.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	_, err = gomail.NewClient(host, s.options...)
	return s, err
}

// Send hands over a mail to all of its recipients in one transaction: either all of them get it, or none. Its errors are
// *mail.Error.
func (s *Sender) Send(ctx context.Context, m mail.Mail) error {
	msg, err := m.Message()
	if err != nil {
		return mail.Unfit(err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	client, err := gomail.NewClient(s.host, append(s.options[:len(s.options):len(s.options)],
		gomail.WithDialContextFunc(until(ctx)), gomail.WithTimeout(s.timeout))...)
	if err != nil {
		return &mail.Error{Class: intent.Later}
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil // whatever went wrong while saying goodbye
	}
	return read(err)
}

// until dials, and ends the connection with the context: the library's own time-out begins anew with each command.
func until(ctx context.Context) gomail.DialContextFunc {
	return func(dial context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(dial, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		return conn, nil
	}
}

// read says what an error means. Before the content is sent, nothing has happened; once it is, only an answer tells.
func read(err error) error {
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return &mail.Error{Class: intent.Later} // not connected, or not let in
	}
	code := e.ErrorCode()
	out := &mail.Error{Class: intent.Later}
	if code != 0 {
		out.Code = strconv.Itoa(code)
	}
	handedOver := e.Reason == gomail.ErrWriteContent || e.Reason == gomail.ErrSMTPDataClose
	switch {
	case handedOver && code == 0:
		out.Class = intent.Unanswered
	case code < 500, notLetIn(code):
	default:
		out.Class, out.Address = intent.Refused, e.Reason == gomail.ErrSMTPRcptTo
	}
	return out
}

// notLetIn are refusals of us and not of a mail (RFC 4954, RFC 3207): they pass when somebody mends the configuration.
func notLetIn(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }
