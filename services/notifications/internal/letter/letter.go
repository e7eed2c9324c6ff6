// Package letter is a mail as it is handed to a mail provider, and what the provider's answer means.
//
// It owns the form of a mail on the wire, RFC 5322 and MIME. It holds addresses while a mail is sent, and nothing of it
// is ever kept or logged.
package letter

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// HeaderID carries the id of the notification, because some providers put a Message-ID of their own in place of ours.
const HeaderID = "X-Handover-Notification"

// Letter is a mail that is ready to be sent.
type Letter struct {
	ID         string // of the notification
	MessageID  string // with angle brackets
	From       mail.Address
	To         []mail.Address
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

// Message is the letter as the mail library knows it. An error is ErrAddress, or tells of
// an attachment that cannot be read.
func (l Letter) Message() (*gomail.Msg, error) {
	m := gomail.NewMsg()
	m.FromMailAddress(&l.From)
	for _, to := range l.To {
		if parsed, err := mail.ParseAddress(to.Address); err != nil || parsed.Address != to.Address {
			return nil, ErrAddress // the parser's own words would show it
		}
		m.AddToMailAddress(&to)
	}
	m.SetMessageIDWithValue(strings.Trim(l.MessageID, "<>"))
	m.SetDateWithValue(l.At)
	m.Subject(l.Subject)
	m.SetGenHeader(gomail.Header(HeaderID), l.ID)
	m.SetGenHeader(gomail.Header("Content-Language"), l.Language)
	m.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // no holiday replies, please
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	if a := l.Attachment; a != nil {
		err := m.AttachReader(a.Name, bytes.NewReader(a.Content), gomail.WithFileContentType(gomail.ContentType(a.ContentType)))
		if err != nil {
			return nil, fmt.Errorf("attach the document: %w", err)
		}
	}
	return m, nil
}
