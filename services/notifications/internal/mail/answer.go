package mail

import (
	"errors"
	"fmt"

	"example.com/handover/pkg/intent"
)

// ErrAddress says that a recipient's address is none.
var ErrAddress = errors.New("an address is none that a mail can be sent to")

// Error is what became of a mail that the provider has not taken, or may not have. Refused means never; Denied that the
// provider does not take mails from us as we are set up, whoever they are for; Later not reached or busy; Unanswered handed
// over, and no clear answer.
type Error struct {
	Class   intent.Class
	Code    string // the provider's, without its words, which may hold an address: "550 5.1.1", "MessageRejected"; empty: none
	Address bool   // of Refused: it is one of the addresses that is refused
}

func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("the mail provider: %s", e.Class)
	}
	return fmt.Sprintf("the mail provider: %s (%s)", e.Class, e.Code)
}

// ReasonAddress is the reason of the outcome of a mail whose address is refused.
const ReasonAddress = "ADDRESS"

// Outcome reads the error of a sender.
func Outcome(err error) intent.Outcome {
	e, ok := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return intent.Outcome{Class: intent.Done}
	case !ok:
		return intent.Outcome{Class: intent.Unanswered, Message: err.Error()}
	}
	o := intent.Outcome{Class: e.Class, Code: e.Code}
	if e.Address {
		o.Reason = ReasonAddress
	}
	return o
}

// Unfit is the error of a mail that has no Message.
func Unfit(err error) error {
	return &Error{Class: intent.Refused, Address: errors.Is(err, ErrAddress)}
}
