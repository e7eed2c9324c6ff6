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

	"example.com/handover/pkg/mailaddress"
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

// Recipients are those who get the mail, their addresses as they travel: with domains in punycode. An error is ErrAddress.
func (m Mail) Recipients() ([]netmail.Address, error) {
	var out []netmail.Address
	for _, to := range m.To {
		ascii, err := mailaddress.ASCII(to.Address)
		if err != nil {
			return nil, ErrAddress
		}
		out = append(out, netmail.Address{Name: to.Name, Address: ascii})
	}
	return out, nil
}

// Message is the mail as the library knows it. An error is ErrAddress, or tells of
// an attachment that cannot be read.
func (m Mail) Message() (*gomail.Msg, error) {
	to, err := m.Recipients()
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg()
	msg.FromMailAddress(&m.From)
	for _, r := range to {
		msg.AddToMailAddress(&r)
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
