package notification

import (
	"strconv"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// MayAsk reports whether a mail provider may be asked: not again after a lost answer, unless two mails are better than
// none.
func (n *Notification) MayAsk() bool { return n.State == Queued || n.State == Sending && n.Repeat }

// Ask notes, before a provider is asked, that it is. It is bookkeeping without a fact: what comes of it is one. A mail
// that ended meanwhile stays as it is.
func (n *Notification) Ask(templateVersion int) ([]fact.Fact, error) {
	if n.MayAsk() {
		n.State, n.TemplateVersion = Sending, templateVersion
		n.Attempts++
	}
	return nil, nil
}

// NotAsked takes the newest attempt back to the queue: the provider surely has not taken it, and may take it later. An
// earlier one may have been taken all the same: then it stays SENDING.
func (n *Notification) NotAsked(before State) ([]fact.Fact, error) {
	if n.State == Sending {
		n.State = before
	}
	return nil, nil
}

// Taken notes that the provider has taken it, for so many people. The title is what its readers call the mail.
func (n *Notification) Taken(title string, recipients int, now time.Time) ([]fact.Fact, error) {
	if n.State != Sending {
		return nil, nil
	}
	n.State, n.SentAt, n.Recipients, n.Failure, n.Secrets = Sent, now, recipients, nil, nil
	f := n.tell(FactSent, "Mail sent: "+title, "recipients", strconv.Itoa(recipients))
	f.Audience = fact.Customer
	return []fact.Fact{f}, nil
}

// GiveUp ends the sending. While an answer is not known, no other failure is: then the mail may have arrived, and that
// is what counts, unless the provider itself has refused it now.
func (n *Notification) GiveUp(f Failure) ([]fact.Fact, error) {
	switch {
	case n.State != Queued && n.State != Sending:
		return nil, nil
	case n.State == Sending && f.Code != RecipientRefused && f.Code != ProviderRefused:
		f = Lost()
	}
	return n.end(f), nil
}

// Suppress ends a mail because its reminder does not want it any more. One that may have arrived already is uncertain.
func (n *Notification) Suppress() ([]fact.Fact, error) {
	return n.GiveUp(Failure{ReminderStopped, "its reminder had ended before it was sent"})
}

// Resend queues a mail again. Refused with STATE_REFUSES and SECRET_FORGOTTEN.
func (n *Notification) Resend(reason string) ([]fact.Fact, error) {
	switch {
	case n.State != Sent && n.State != Failed && n.State != Uncertain && !n.unaddressed():
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "a mail that is %s cannot be sent again", n.State)
	case n.Forgotten():
		return nil, errs.New(errs.Precondition, ReasonSecretForgotten, "the mail showed a secret that is forgotten by now").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Ask the owner of the secret to send a new one: for the link to an order, resend the link.", "OrderService.ResendLink")})
	}
	n.State, n.Failure = Queued, nil // who gets it is found out anew
	f := n.tell(FactResent, "Mail to be sent again")
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// unaddressed reports whether it ended for want of a recipient: there may be one by now.
func (n *Notification) unaddressed() bool {
	return n.State == Suppressed && n.Failure != nil && n.Failure.Code == RecipientMissing
}
