// Package ses is the part of Amazon's Simple Email Service that the suite needs: take a mail and deliver it. Its
// operation has the signature of the SDK client.
//
// It owns SES's rules about senders, recipients and content. It delivers at once, to whom it was told; it keeps no mail
// and makes no bounces: a mail that its recipient's server refuses is accepted and lost, as SES tells nobody in its
// answer.
package ses

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/uuid"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/state"
)

// Settings say who may send.
type Settings struct {
	Identities []string // verified addresses and domains; none: everybody's are verified
}

// Deliver hands a whole mail over to where its recipients look for it. An errs.Invalid is the sender's mistake;
// errs.Precondition and errs.Unavailable are refusals of the recipient's server.
type Deliver func(ctx context.Context, from string, to []string, raw []byte) error

// Backend answers the operations. It may be used by many goroutines.
type Backend struct {
	now      func() time.Time // business time, with which mails are dated
	settings Settings
	deliver  Deliver
	accepted atomic.Int64
}

// New returns a backend. Without a delivery, mails are only counted.
func New(now func() time.Time, settings Settings, deliver Deliver) *Backend {
	if deliver == nil {
		deliver = func(context.Context, string, []string, []byte) error { return nil }
	}
	return &Backend{now: now, settings: settings, deliver: deliver}
}

// Accepted is how many mails SES has taken since the start of the process.
func (b *Backend) Accepted() int { return int(b.accepted.Load()) }

// SendEmail takes one mail. There is no token: the same call again is another mail.
func (b *Backend) SendEmail(ctx context.Context, in *sdk.SendEmailInput) (*sdk.SendEmailOutput, error) {
	id := fmt.Sprintf("%016x-%s-000000", b.now().UnixMilli(), uuid.NewString())
	mail, err := read(in)
	if err != nil {
		return nil, err
	}
	if err := b.settings.verified(mail.from); err != nil {
		return nil, err
	}
	raw, err := mail.write(id, b.now())
	if err != nil {
		return nil, badRequest("The message cannot be composed: %v", err)
	}
	switch err := b.deliver(ctx, mail.from, mail.to, raw); {
	case errs.KindOf(err) == errs.Invalid:
		return nil, badRequest("%s", err)
	case err != nil && errs.KindOf(err) != errs.Precondition && errs.KindOf(err) != errs.Unavailable:
		return nil, err
	}
	b.accepted.Add(1)
	state.NoteEffect(ctx)
	return &sdk.SendEmailOutput{MessageId: aws.String(id)}, nil
}

// verified refuses a sender that has not shown to own the address or its domain.
func (s Settings) verified(from string) error {
	if len(s.Identities) == 0 {
		return nil
	}
	address := strings.ToLower(from)
	_, domain, _ := strings.Cut(address, "@")
	for _, identity := range s.Identities {
		identity = strings.ToLower(identity)
		if identity == address || identity == domain || strings.HasSuffix(domain, "."+identity) {
			return nil
		}
	}
	return rejected("Email address is not verified. The following identities failed the check in region US-EAST-1: %s", from)
}
