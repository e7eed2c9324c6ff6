package notification

import "example.com/handover/pkg/fact"

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
)

// Failure is why a mail was not sent.
type Failure struct {
	Code    Code   `json:"code"`
	Message string `json:"message"` // one sentence, without an address
}

// Lost is the failure of a mail whose answer is not known.
func Lost() Failure {
	return Failure{AnswerLost, "the mail provider did not answer, so that the mail may have arrived"}
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
	n.State, n.Failure, n.Secrets = f.Code.ends(), &f, nil
	name := map[State]string{Failed: FactFailed, Uncertain: FactUncertain, Suppressed: FactSuppressed}[n.State]
	note := map[State]string{
		Failed: "Mail not sent: ", Uncertain: "Mail perhaps sent: ", Suppressed: "Mail not wanted any more: ",
	}[n.State]
	return []fact.Fact{n.tell(name, note+f.Message, "code", string(f.Code))}
}
