package smtp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/notifications/internal/mail"
)

// read says what an error means. Before the content is sent, nothing has happened; once it is, only an answer tells.
func read(err error) error {
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return unconnected(err)
	}
	a := answer{code: e.ErrorCode(), at: e.Reason}
	if found := enhanced.FindStringSubmatch(e.Error()); found != nil {
		a.status = found[1]
	}
	if a.code == 0 {
		if a.atContent() {
			return &mail.Error{Class: intent.Unanswered}
		}
		return &mail.Error{Class: intent.Later}
	}
	out := a.means()
	out.Code = strings.TrimSpace(strconv.Itoa(a.code) + " " + a.status)
	return out
}

// unconnected reads an error before the mail: the server is away, or it does not let us in as we are set up.
func unconnected(err error) *mail.Error {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		class := intent.Denied
		if reply.Code < 500 {
			class = intent.Later
		}
		return &mail.Error{Class: class, Code: strconv.Itoa(reply.Code)}
	}
	_, network := errors.AsType[net.Error](err)
	for _, away := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, context.Canceled, context.DeadlineExceeded} {
		network = network || errors.Is(err, away)
	}
	if network {
		return &mail.Error{Class: intent.Later}
	}
	return &mail.Error{Class: intent.Denied} // encryption or a login that the server does not offer
}

// enhanced finds the enhanced status code (RFC 3463) behind the code of a reply, and in nothing else of its words.
var enhanced = regexp.MustCompile(`(?:^|[^0-9.])[245][0-9][0-9][ -]"?([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|$)`)

// answer is a reply that takes no mail.
type answer struct {
	code   int    // RFC 5321
	status string // RFC 3463; empty: none
	at     gomail.SendErrReason
}

func (a answer) atContent() bool {
	return a.at == gomail.ErrWriteContent || a.at == gomail.ErrSMTPDataClose
}

// means tells a refusal of an address, and one of the mail, from a refusal of us: a name, an address or a login of ours that
// the server does not want passes when somebody has mended it, and says nothing about who should get the mail.
func (a answer) means() *mail.Error {
	switch {
	case a.code < 500:
		return &mail.Error{Class: intent.Later}
	case a.size():
		return &mail.Error{Class: intent.Refused}
	case a.at == gomail.ErrSMTPRcptTo && a.address():
		return &mail.Error{Class: intent.Refused, Address: true}
	case a.atContent() && !a.us():
		return &mail.Error{Class: intent.Refused}
	}
	return &mail.Error{Class: intent.Denied}
}

// size: the mail is too large, at whatever step the server says so.
func (a answer) size() bool {
	return a.status == "5.3.4" || a.status == "5.2.3" || a.status == "" && a.code == 552
}

// address reports whether a refusal of a recipient is about the recipient. Without a status the code alone tells.
func (a answer) address() bool {
	switch a.status {
	case "5.1.7", "5.1.8": // of the sender
		return false
	case "":
		return a.code >= 550 && a.code <= 553
	}
	for _, subject := range []string{"5.0.", "5.1.", "5.2.", "5.4."} { // other, addresses, mailboxes, where they are
		if strings.HasPrefix(a.status, subject) {
			return true
		}
	}
	return false
}

// us reports whether a refusal of the content is one of us (RFC 4954, RFC 3207): 5.7.1 is what filters say of a mail.
func (a answer) us() bool {
	switch a.code {
	case 530, 534, 535, 538:
		return true
	}
	return strings.HasPrefix(a.status, "5.7.") && a.status != "5.7.1"
}
