package notification

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Code is why a mail was not sent.
type Code string

// The codes.
const (
	RecipientMissing  Code = "RECIPIENT_MISSING"
	RecipientRefused  Code = "RECIPIENT_REFUSED"
	ProviderRefused   Code = "PROVIDER_REFUSED"
	AnswerLost        Code = "ANSWER_LOST"
	CustomerUnknown   Code = "CUSTOMER_UNKNOWN"
	TemplateBroken    Code = "TEMPLATE_BROKEN"
	AttachmentMissing Code = "ATTACHMENT_MISSING"
	ReminderStopped   Code = "REMINDER_STOPPED"
	SenderDenied      Code = "SENDER_DENIED"
)

// Failure is why a mail was not sent, or not yet.
type Failure struct {
	Code     Code   `json:"code"`
	Provider string `json:"provider,omitempty"` // the mail provider's own code, without its words, which may hold an address
}

// Text says why, in one sentence.
func (f Failure) Text() text.Text {
	return text.New("failure.sentence", "code", string(f.Code), "provider_code", f.Provider)
}

// ends says what a mail that fails so has come to.
func (c Code) ends() State {
	switch c {
	case RecipientMissing, ReminderStopped:
		return Suppressed
	case AnswerLost:
		return Uncertain
	default:
		return Failed
	}
}

// end leaves the mail as it is until somebody asks to send it again.
func (n *Notification) end(f Failure) []fact.Fact {
	n.State, n.Failure, n.Secrets, n.Repeated = f.Code.ends(), &f, nil, false
	n.TryAt, n.LookAt = time.Time{}, time.Time{}
	name := map[State]string{Failed: FactFailed, Uncertain: FactUncertain, Suppressed: FactSuppressed}[n.State]
	return []fact.Fact{n.tell(name, "code", string(f.Code), "provider_code", f.Provider)}
}
