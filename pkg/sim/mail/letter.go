package mail

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
)

// Letter is a mail that the simulated AWS writes.
type Letter struct {
	At      time.Time // business time of its arrival; zero: now
	To      string    // an address
	Subject string
	Text    string
	From    string // an address, with or without a name: "AWS <no-reply@aws.example>"
}

// Put keeps a letter, which shows from its time on. Rules and faults do not meet it. It returns errs.Invalid for a bad
// address.
func (b *Inbox) Put(l Letter) error {
	from, err := netmail.ParseAddress(l.From)
	if err != nil {
		return errs.InvalidField("from", "SENDER_INVALID", "the sender is no mailbox")
	}
	if err := checkSender(from.Address); err != nil {
		return err
	}
	if !isMailbox(l.To) {
		return errs.InvalidField("to", "RECIPIENT_INVALID", "the recipient is no mailbox")
	}
	if l.At.IsZero() {
		l.At = b.options.Now()
	}
	raw, err := l.compose(from)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return b.store.add(newParcel(l.At, AWS, from.Address, []string{l.To}, raw))
}

func (l Letter) compose(from *netmail.Address) ([]byte, error) {
	var buf bytes.Buffer
	for _, field := range [][2]string{
		{"From", from.String()},
		{"To", l.To},
		{"Subject", mime.QEncoding.Encode("utf-8", l.Subject)},
		{"Date", l.At.UTC().Format(time.RFC1123Z)},
		{"Message-ID", "<" + id.New("letter") + "@" + domain(from.Address) + ">"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&buf, "%s: %s\r\n", field[0], field[1])
	}
	buf.WriteString("\r\n")
	w := quotedprintable.NewWriter(&buf)
	if _, err := w.Write([]byte(strings.ReplaceAll(l.Text, "\r\n", "\n"))); err != nil {
		return nil, err
	}
	return buf.Bytes(), w.Close()
}
