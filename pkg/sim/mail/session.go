package mail

import (
	"errors"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"example.com/handover/pkg/errs"
)

// session is one connection.
type session struct {
	inbox *Inbox
	conn  *smtp.Conn
	user  string // who has proved to be it; empty: nobody

	sender   string
	to       []string
	eightBit bool // the body was announced as 8BITMIME
}

// AuthMechanisms offers AUTH only when the inbox has a user.
func (s *session) AuthMechanisms() []string {
	if s.inbox.users.Empty() {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth proves who is sending.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch {
	case s.inbox.users.Empty():
		return nil, smtp.ErrAuthUnsupported
	case mechanism != sasl.Plain:
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return sasl.NewPlainServer(func(identity, user, password string) error {
		if (identity != "" && identity != user) || !s.inbox.users.Accepts(user, password) {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

// Mail begins a mail.
func (s *session) Mail(from string, opts *smtp.MailOptions) error {
	return s.carryOut(command{
		operation: "MAIL", input: map[string]any{"from": from},
		run: func() error {
			if !s.inbox.users.Empty() && s.user == "" {
				return errs.New(errs.Unauthenticated, "AUTHENTICATION_REQUIRED", "authenticate first")
			}
			if err := checkSender(from); err != nil {
				return err
			}
			s.sender, s.eightBit = from, opts.Body == smtp.Body8BitMIME
			return nil
		},
	})
}

// Rcpt adds a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	return s.carryOut(command{
		operation: "RCPT", input: map[string]any{"to": to},
		run: func() error {
			if err := s.inbox.rules.checkRecipient(to); err != nil {
				return err
			}
			s.to = append(s.to, to)
			return nil
		},
	})
}

// Data takes the mail itself. One that breaks off in the middle was never seen.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	tooLarge := errors.Is(err, smtp.ErrDataTooLarge)
	if err != nil && !tooLarge {
		return err
	}
	return s.carryOut(command{
		operation: "DATA", input: map[string]any{"from": s.sender, "to": s.to, "bytes": len(raw)}, effect: true,
		run: func() error {
			if tooLarge {
				return errs.New(errs.Invalid, "MESSAGE_TOO_LARGE", "the mail is too large")
			}
			if err := checkForm(raw, s.eightBit); err != nil {
				return err
			}
			return s.inbox.store.add(newParcel(s.inbox.options.Now(), SMTP, s.sender, s.to, raw))
		},
	})
}

// Reset forgets the mail that was begun.
func (s *session) Reset() { s.sender, s.to, s.eightBit = "", nil, false }

// Logout ends the session; nothing is held.
func (s *session) Logout() error { return nil }
