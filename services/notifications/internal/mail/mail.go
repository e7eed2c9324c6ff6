// Package mail is a mail as it is handed to a mail provider, and what the provider's answer means.
//
// It owns the form of a mail on the wire, RFC 5322 and MIME. It holds addresses while a mail is sent, and nothing of it
// is ever kept or logged.
package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// HeaderID carries the id of the notification, because some providers put a Message-ID of their own on a mail.
const HeaderID = "X-Handover-Notification"

// Mail is a mail that is ready to be sent.
type Mail struct {
	ID         string // of the notification
	MessageID  string // with angle brackets
	From       netmail.Address
	To         []netmail.Address
	At         time.Time // business time
	Language   string    // BCP 47 tag
	Subject    string
	Text       string
	HTML       string
	Attachment *Attachment // nil: none
}

// Attachment is a file that goes with a mail.
type Attachment struct {
	Name        string
	ContentType string
	Content     []byte
}

// Message is the mail as the library knows it. An error is ErrAddress, or tells of
// an attachment that cannot be read.
func (m Mail) Message() (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	msg.FromMailAddress(&m.From)
	for _, to := range m.To {
		if parsed, err := netmail.ParseAddress(to.Address); err != nil || parsed.Address != to.Address {
			return nil, ErrAddress // the parser's own words would show it
		}
		msg.AddToMailAddress(&to)
	}
	msg.SetMessageIDWithValue(strings.Trim(m.MessageID, "<>"))
	msg.SetDateWithValue(m.At)
	msg.Subject(m.Subject)
	msg.SetGenHeader(gomail.Header(HeaderID), m.ID)
	msg.SetGenHeader(gomail.Header("Content-Language"), m.Language)
	msg.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // no holiday replies, please
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	if a := m.Attachment; a != nil {
		err := msg.AttachReader(a.Name, bytes.NewReader(a.Content), gomail.WithFileContentType(gomail.ContentType(a.ContentType)))
		if err != nil {
			return nil, fmt.Errorf("attach the document: %w", err)
		}
	}
	return msg, nil
}
