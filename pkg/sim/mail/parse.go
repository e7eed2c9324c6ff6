package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"strings"

	"example.com/handover/pkg/errs"
)

// content is what a mail says.
type content struct {
	from      netmail.Address
	subject   string
	messageID string
	text      string
	html      string
	files     []file
}

type file struct {
	Attachment
	data []byte
}

// parse reads a mail. It returns errs.Invalid for one that breaks the rules of its form: it stands for the server that
// would refuse it, and the program that wrote it should learn so.
func parse(raw []byte) (content, error) {
	var c content
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return c, malformed(err, "the header cannot be read")
	}
	if err := c.readHeader(m.Header); err != nil {
		return c, err
	}
	return c, c.readPart(textproto.MIMEHeader(m.Header), m.Body, partsDeep)
}

func (c *content) readHeader(h netmail.Header) error {
	parser := netmail.AddressParser{WordDecoder: &mime.WordDecoder{}}
	from, err := parser.ParseList(h.Get("From"))
	if err == nil && len(from) != 1 {
		err = errors.New("it must name one mailbox")
	}
	if err != nil {
		return malformed(err, "the header From is wrong")
	}
	if _, err := h.Date(); err != nil {
		return malformed(err, "the header Date is wrong")
	}
	c.from, c.subject, c.messageID = *from[0], words(h.Get("Subject")), bare(h.Get("Message-Id"))
	return nil
}

// words decodes encoded words; what cannot be decoded stays as it is.
func words(s string) string {
	decoded, err := (&mime.WordDecoder{}).DecodeHeader(s)
	if err != nil {
		return valid(s)
	}
	return valid(decoded)
}

// bare takes the angle brackets from a Message-ID.
func bare(id string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func malformed(cause error, what string) error {
	return errs.Wrap(cause, errs.Invalid, "MESSAGE_MALFORMED", "%s", what)
}

// header returns the header of a mail as it was written.
func header(raw []byte) string {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	if end < 0 {
		end = len(raw)
	}
	return valid(strings.ReplaceAll(string(raw[:end]), "\r\n", "\n"))
}

// readAll is io.ReadAll with an error that says what could not be read.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, malformed(err, "a part cannot be decoded")
	}
	return data, nil
}
