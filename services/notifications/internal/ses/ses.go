// Package ses hands letters to Amazon SES.
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
	"example.com/handover/services/notifications/internal/letter"
)

// tag is under which SES reports what becomes of a mail later on.
const tag = "notification"

// Sender hands letters to SES. It may be used by many goroutines.
type Sender struct {
	api *sesv2.Client
}

// New returns a sender with the base credentials; it does not connect yet.
func New(clients *aws.Clients) *Sender {
	return &Sender{sesv2.NewFromConfig(clients.Base(), func(o *sesv2.Options) { o.RetryMaxAttempts = 1 })}
}

// Send hands over a letter for all of its recipients in one call. SES puts a Message-ID of its own in place of ours:
// a mail that arrives twice is told by the header letter.HeaderID.
func (s *Sender) Send(ctx context.Context, l letter.Letter) letter.Answer {
	m, err := l.Message()
	if err != nil {
		return letter.Unfit(err)
	}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return letter.Unfit(err)
	}
	from, name := l.From.String(), tag
	in := &sesv2.SendEmailInput{
		FromEmailAddress: &from, Destination: &types.Destination{},
		Content:   &types.EmailContent{Raw: &types.RawMessage{Data: raw.Bytes()}},
		EmailTags: []types.MessageTag{{Name: &name, Value: &l.ID}},
	}
	for _, to := range l.To {
		in.Destination.ToAddresses = append(in.Destination.ToAddresses, to.Address)
	}
	_, err = s.api.SendEmail(ctx, in)
	return read(aws.Classify(err))
}

// read says what became of a call. What is wrong with the account and not with the letter passes when somebody has
// mended it.
func read(o aws.Outcome) letter.Answer {
	answer := letter.Answer{Class: letter.Later, Code: o.Code}
	switch o.Class {
	case aws.Done:
		answer.Class = letter.Taken
	case aws.Unanswered:
		answer.Class = letter.Lost
	case aws.Refused:
		switch o.Code {
		case "AccountSuspended", "SendingPaused", "LimitExceeded", "MailFromDomainNotVerified":
		default:
			answer.Class = letter.Refused
		}
	default:
	}
	return answer
}
