package mail

import (
	"context"

	"example.com/handover/pkg/errs"
)

// Deliver takes a mail in from the simulator of Amazon SES, under the same rules for addresses, size and form as SMTP,
// but for all recipients or none. It returns errs.Invalid for a bad address or mail (SENDER_INVALID,
// RECIPIENT_INVALID, MESSAGE_MALFORMED, MESSAGE_TOO_LARGE), errs.Precondition for a recipient that is refused for good
// (RECIPIENT_REFUSED) and errs.Unavailable for one that is refused for now (RECIPIENT_BUSY). Faults do not meet it.
func (b *Inbox) Deliver(ctx context.Context, from string, to []string, raw []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := checkSender(from); err != nil {
		return err
	}
	if len(to) == 0 {
		return errs.InvalidField("to", "RECIPIENT_INVALID", "a mail needs a recipient")
	}
	for _, address := range to {
		if err := b.rules.checkRecipient(address); err != nil {
			return err
		}
	}
	if int64(len(raw)) > b.options.SizeMax {
		return errs.InvalidField("raw", "MESSAGE_TOO_LARGE", "a mail may have at most %d bytes", b.options.SizeMax)
	}
	return b.store.add(newParcel(b.options.Now(), SES, from, to, raw))
}
