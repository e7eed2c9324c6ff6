// Package ses hands mails to Amazon SES.
//
// It owns the call and the reading of its errors. SES takes no token that would keep it from sending twice, so a call
// has one attempt, and what its silence means is package notification's to decide.
package ses

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/notifications/internal/mail"
)

// tag is under which SES reports what becomes of a mail later on.
const tag = "notification"

// Sender hands mails to SES. It may be used by many goroutines.
type Sender struct {
	api *sesv2.Client
}

// New returns a sender with the base credentials; it does not connect yet.
func New(clients *aws.Clients) *Sender {
	return &Sender{sesv2.NewFromConfig(clients.Base(), func(o *sesv2.Options) { o.RetryMaxAttempts = 1 })}
}

// Send hands over a mail for all of its recipients in one call; its errors are *mail.Error. SES puts a Message-ID of its
// own on it: a mail that arrives twice is told by the header mail.HeaderID.
func (s *Sender) Send(ctx context.Context, m mail.Mail) error {
	msg, err := m.Message()
	if err != nil {
		return mail.Unfit(err)
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return mail.Unfit(err)
	}
	from, name := m.From.String(), tag
	in := &sesv2.SendEmailInput{
		FromEmailAddress: &from, Destination: &types.Destination{},
		Content:   &types.EmailContent{Raw: &types.RawMessage{Data: raw.Bytes()}},
		EmailTags: []types.MessageTag{{Name: &name, Value: &m.ID}},
	}
	to, err := m.Recipients()
	if err != nil {
		return mail.Unfit(err)
	}
	for _, to := range to {
		in.Destination.ToAddresses = append(in.Destination.ToAddresses, to.Address)
	}
	_, err = s.api.SendEmail(ctx, in)
	return read(aws.Classify(err))
}

// read says what became of a call. What is wrong with the account and not with the mail passes when somebody has
// mended it.
func read(o aws.Outcome) error {
	switch o.Class {
	case aws.Done:
		return nil
	case aws.Denied:
		return &mail.Error{Class: intent.Denied, Code: o.Code}
	case aws.Unanswered:
		return &mail.Error{Class: intent.Unanswered, Code: o.Code}
	case aws.Refused:
		switch o.Code {
		case "AccountSuspended", "SendingPaused", "MailFromDomainNotVerified":
			return &mail.Error{Class: intent.Denied, Code: o.Code}
		case "LimitExceeded":
		default:
			return &mail.Error{Class: intent.Refused, Code: o.Code}
		}
	default:
	}
	return &mail.Error{Class: intent.Later, Code: o.Code}
}
