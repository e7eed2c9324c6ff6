package ses

import (
	"fmt"
	netmail "net/mail"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

const recipientsMax = 50

// message is a mail that is fit to be sent.
type message struct {
	from  string // plain addresses
	to    []string
	write func(id string, at time.Time) ([]byte, error)
}

// read holds an input to SES's rules.
func read(in *sdk.SendEmailInput) (message, error) {
	var (
		m   message
		err error
	)
	content := in.Content
	switch {
	case content == nil:
		return m, badRequest("Content is required.")
	case content.Simple != nil && content.Raw == nil && content.Template == nil:
		m, err = readSimple(in, content.Simple)
	case content.Raw != nil && content.Simple == nil && content.Template == nil:
		m, err = readRaw(in, content.Raw)
	case content.Template != nil && content.Simple == nil && content.Raw == nil:
		return m, &types.NotFoundException{Message: aws.String("Template " + aws.ToString(content.Template.TemplateName) + " does not exist.")}
	default:
		return m, badRequest("Exactly one of Simple, Raw and Template must be set.")
	}
	if err != nil {
		return m, err
	}
	if n := len(m.to); n == 0 || n > recipientsMax {
		return m, badRequest("A mail has between 1 and %d recipients, not %d.", recipientsMax, n)
	}
	return m, nil
}

// destination is who receives the mail by the input itself.
func destination(d *types.Destination) ([]string, error) {
	if d == nil {
		return nil, nil
	}
	var out []string
	for _, list := range [][]string{d.ToAddresses, d.CcAddresses, d.BccAddresses} {
		for _, text := range list {
			address, err := plain(text)
			if err != nil {
				return nil, err
			}
			out = append(out, address)
		}
	}
	return out, nil
}

// plain is the address in "Name <address>".
func plain(text string) (string, error) {
	a, err := netmail.ParseAddress(text)
	if err != nil {
		return "", badRequest("Illegal address: %v", err)
	}
	for _, c := range a.Address {
		if c > '~' {
			return "", badRequest("Local address contains non-ASCII characters")
		}
	}
	return a.Address, nil
}

// messageID is the id as the mail itself carries it.
func messageID(id string) string { return fmt.Sprintf("%s@email.amazonses.com", id) }
