// Package smtp hands mails to a mail server.
//
// It owns the connection and the reading of answers. It decides nothing: what an answer means for a mail is package
// notification's. A server's words may hold addresses, so only its codes leave this package.
package smtp

import (
	"context"
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
	Address  string        // "127.0.0.1:9025"
	Hello    string        // our own name as the server hears it first; many take fully qualified host names only
	Username string        // empty: the server asks for no name
	Password func() string // asked at each login
	StartTLS bool          // demanded, not merely offered
	Timeout  time.Duration // of one mail
}

// Sender hands mails to a server, one connection for each. It may be used by many goroutines.
type Sender struct {
	host    string
	login   login
	secret  func() string
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
	s := &Sender{
		host: host, secret: c.Password, timeout: c.Timeout, options: []gomail.Option{gomail.WithPort(port), gomail.WithTLSPolicy(policy)},
		login: login{user: c.Username, host: host, clear: !c.StartTLS}, // clear: to the own machine
	}
	if c.Hello != "" {
		s.options = append(s.options, gomail.WithHELO(c.Hello))
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
	options := append(s.options[:len(s.options):len(s.options)], gomail.WithDialContextFunc(until(ctx)), gomail.WithTimeout(s.timeout))
	if s.login.user != "" {
		mine := s.login
		mine.password = s.secret()
		options = append(options, gomail.WithSMTPAuthCustom(&mine))
	}
	client, err := gomail.NewClient(s.host, options...)
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
