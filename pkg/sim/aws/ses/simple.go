package ses

import (
	"bytes"
	"cmp"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/wneessen/go-mail"
)

// readSimple takes a mail that SES is to compose.
func readSimple(in *sdk.SendEmailInput, content *types.Message) (message, error) {
	var m message
	body := content.Body
	switch {
	case content.Subject == nil || content.Subject.Data == nil:
		return m, badRequest("A simple message needs a subject.")
	case body == nil || body.Text == nil && body.Html == nil:
		return m, badRequest("A simple message needs a text or HTML body.")
	}
	var err error
	if m.from, err = plain(aws.ToString(in.FromEmailAddress)); err != nil {
		return m, err
	}
	if m.to, err = destination(in.Destination); err != nil {
		return m, err
	}
	m.write = func(id string, at time.Time) ([]byte, error) { return compose(in, content, id, at) }
	return m, nil
}

// compose writes the mail as MIME.
func compose(in *sdk.SendEmailInput, content *types.Message, id string, at time.Time) ([]byte, error) {
	m := mail.NewMsg()
	if err := m.From(*in.FromEmailAddress); err != nil {
		return nil, err
	}
	if in.Destination != nil {
		if err := addressed(m, in.Destination); err != nil {
			return nil, err
		}
	}
	if len(in.ReplyToAddresses) > 0 {
		if err := m.ReplyTo(in.ReplyToAddresses[0]); err != nil {
			return nil, err
		}
	}
	m.Subject(*content.Subject.Data)
	m.SetMessageIDWithValue(messageID(id))
	m.SetDateWithValue(at)
	for _, h := range content.Headers {
		m.SetGenHeader(mail.Header(aws.ToString(h.Name)), aws.ToString(h.Value))
	}
	if text := content.Body.Text; text != nil {
		m.SetBodyString(mail.TypeTextPlain, aws.ToString(text.Data))
	}
	if html := content.Body.Html; html != nil && content.Body.Text == nil {
		m.SetBodyString(mail.TypeTextHTML, aws.ToString(html.Data))
	} else if html != nil {
		m.AddAlternativeString(mail.TypeTextHTML, aws.ToString(html.Data))
	}
	if err := attach(m, content.Attachments); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err := m.WriteTo(&out)
	return out.Bytes(), err
}

func addressed(m *mail.Msg, d *types.Destination) error {
	if len(d.ToAddresses) > 0 {
		if err := m.To(d.ToAddresses...); err != nil {
			return err
		}
	}
	if len(d.CcAddresses) > 0 {
		return m.Cc(d.CcAddresses...)
	}
	return nil
}

func attach(m *mail.Msg, attachments []types.Attachment) error {
	for _, a := range attachments {
		if aws.ToString(a.FileName) == "" || len(a.RawContent) == 0 {
			return fmt.Errorf("an attachment needs a name and content")
		}
		kind := mail.ContentType(cmp.Or(aws.ToString(a.ContentType), "application/octet-stream"))
		if err := m.AttachReader(*a.FileName, bytes.NewReader(a.RawContent), mail.WithFileContentType(kind)); err != nil {
			return err
		}
	}
	return nil
}
