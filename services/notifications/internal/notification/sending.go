package notification

import (
	"strconv"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/notifications/internal/people"
)

// Ask notes, before a provider is asked, with which version of the template it is. What comes of it is a fact.
func (n *Notification) Ask(templateVersion int) {
	n.TemplateVersion = templateVersion
	n.Attempts++
}

// NoAnswer decides what an answer that nobody has heard means: a mail that may come twice is sent again, any other may
// have arrived.
func (n *Notification) NoAnswer() []fact.Fact {
	if n.Repeat {
		n.Repeated = true
		return nil
	}
	return n.end(Failure{Code: AnswerLost})
}

// Taken notes that the provider has taken it, for so many people. To are those who are a customer's.
func (n *Notification) Taken(recipients int, to []string, now time.Time) []fact.Fact {
	if n.State != Queued {
		return nil
	}
	n.State, n.SentAt, n.Recipients, n.Failure, n.Secrets, n.Repeated = Sent, now, recipients, nil, nil, false
	n.TryAt, n.To = time.Time{}, to
	f := n.tell(FactSent, "recipients", strconv.Itoa(recipients))
	if n.Recipient.Audience() == people.ForCustomer {
		f.Audience = fact.Customer
	}
	return []fact.Fact{f}
}

// GiveUp ends the sending. While an answer is not known, no other failure is: then the mail may have arrived, and that
// is what counts, unless the provider itself has refused it now.
func (n *Notification) GiveUp(f Failure) []fact.Fact {
	switch {
	case n.State != Queued:
		return nil
	case n.Doubtful() && f.Code != RecipientRefused && f.Code != ProviderRefused:
		f = Failure{Code: AnswerLost}
	}
	return n.end(f)
}

// afterDenial is how long a provider is left alone that takes no mails from us: block lists and configurations last.
const afterDenial = time.Hour

// NotLetIn keeps the mail in the queue: the provider refuses us, and not this mail or who gets it. That is told once.
func (n *Notification) NotLetIn(provider string, now time.Time) []fact.Fact {
	if n.State != Queued {
		return nil
	}
	told := n.Held()
	n.Failure, n.TryAt = &Failure{Code: SenderDenied, Provider: provider}, now.Add(afterDenial)
	if told {
		return nil
	}
	return []fact.Fact{n.tell(FactHeld, "code", string(SenderDenied), "provider_code", provider)}
}

// Suppress ends a mail because its reminder does not want it any more. One that may have arrived already is uncertain.
func (n *Notification) Suppress() ([]fact.Fact, error) {
	return n.GiveUp(Failure{Code: ReminderStopped}), nil
}

// Resend queues a mail again. Refused with STATE_REFUSES and SECRET_FORGOTTEN.
func (n *Notification) Resend(reason string) ([]fact.Fact, error) {
	switch {
	case n.State != Sent && n.State != Failed && n.State != Uncertain && !n.unaddressed() && !n.Held():
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "a mail that is %s cannot be sent again", n.Standing())
	case n.Forgotten():
		return nil, errs.New(errs.Precondition, ReasonSecretForgotten, "the mail showed a secret that is forgotten by now").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.new_secret")})
	}
	n.requeue()
	f := n.tell(FactResent)
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// requeue has the mail sent again; who gets it is found out anew.
func (n *Notification) requeue() {
	n.State, n.Failure, n.TryAt = Queued, nil, time.Time{}
	n.Problem, n.Settlement, n.LookAt = nil, nil, time.Time{}
}

// unaddressed reports whether it ended for want of a recipient: there may be one by now.
func (n *Notification) unaddressed() bool {
	return n.State == Suppressed && n.Failure != nil && n.Failure.Code == RecipientMissing
}
