package ses

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// readRaw takes a mail that is composed already. What the input does not say, its header does.
func readRaw(in *sdk.SendEmailInput, content *types.RawMessage) (message, error) {
	var m message
	parsed, err := netmail.ReadMessage(bytes.NewReader(content.Data))
	if err != nil {
		return m, badRequest("The raw message is not a mail: %v", err)
	}
	from := aws.ToString(in.FromEmailAddress)
	if from == "" {
		from = parsed.Header.Get("From")
	}
	if m.from, err = plain(from); err != nil {
		return m, err
	}
	if m.to, err = destination(in.Destination); err != nil {
		return m, err
	}
	if len(m.to) == 0 {
		m.to = inHeader(parsed.Header)
	}
	m.write = func(id string, at time.Time) ([]byte, error) { return restamp(content.Data, id, at), nil }
	return m, nil
}

func inHeader(h netmail.Header) []string {
	var out []string
	for _, name := range []string{"To", "Cc", "Bcc"} {
		list, err := h.AddressList(name)
		if err != nil {
			continue // none, or none that can be reached
		}
		for _, a := range list {
			out = append(out, a.Address)
		}
	}
	return out
}

// restamp replaces what SES writes into every mail itself, and hides the blind copies.
func restamp(raw []byte, id string, at time.Time) []byte {
	replaced := []string{"message-id", "date", "bcc", "return-path"}
	var out bytes.Buffer
	_, _ = fmt.Fprintf(&out, "Message-ID: <%s>\r\nDate: %s\r\n", messageID(id), at.Format(time.RFC1123Z)) // a buffer takes everything
	dropping := false
	for rest := raw; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if len(bytes.TrimRight(line, "\r")) == 0 {
			out.Write(rest) // the header has ended
			break
		}
		if line[0] != ' ' && line[0] != '\t' { // else it continues the field before
			name, _, _ := strings.Cut(string(line), ":")
			dropping = slices.Contains(replaced, strings.ToLower(strings.TrimSpace(name)))
		}
		if !dropping {
			out.Write(line)
			out.WriteByte('\n')
		}
		rest = after
	}
	return out.Bytes()
}
