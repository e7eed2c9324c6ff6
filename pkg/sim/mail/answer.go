package mail

import (
	"strconv"

	"github.com/emersion/go-smtp"

	"example.com/handover/pkg/errs"
)

// answer says an error in SMTP, and its reason for the log. An error of the inbox itself is told to nobody.
func (b *Inbox) answer(err error) (*smtp.SMTPError, string) {
	if err == nil {
		return nil, ""
	}
	refused, ok := errs.As(err)
	if !ok {
		b.options.Log.Error("the inbox failed", "error", err)
		refused = errs.New(errs.Unavailable, "SERVER_ERROR", "local error in processing")
	}
	code, enhanced := status(refused.Reason)
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: refused.Message}, refused.Reason
}

// status is the code of a reason (RFC 5321, 4.2.3) and its enhanced code (RFC 3463).
func status(reason string) (int, smtp.EnhancedCode) {
	switch reason {
	case "AUTHENTICATION_REQUIRED":
		return 530, smtp.EnhancedCode{5, 7, 0}
	case "SENDER_INVALID":
		return 553, smtp.EnhancedCode{5, 1, 7}
	case "RECIPIENT_INVALID":
		return 553, smtp.EnhancedCode{5, 1, 3}
	case "RECIPIENT_REFUSED":
		return 550, smtp.EnhancedCode{5, 1, 1}
	case "RECIPIENT_BUSY":
		return 450, smtp.EnhancedCode{4, 2, 1}
	case "MESSAGE_TOO_LARGE":
		return 552, smtp.EnhancedCode{5, 3, 4}
	case "MESSAGE_MALFORMED":
		return 554, smtp.EnhancedCode{5, 6, 0}
	case "THROTTLED":
		return 451, smtp.EnhancedCode{4, 7, 1}
	default:
		return 451, smtp.EnhancedCode{4, 3, 0}
	}
}

func code(e *smtp.SMTPError) string { return strconv.Itoa(e.Code) }
