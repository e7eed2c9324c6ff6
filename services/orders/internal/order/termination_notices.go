package order

import (
	"strconv"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/termination"
)

// What Notifications calls the mails about a termination, and the plan by which Operations is reminded.
const (
	mailTerminationReceived  = "termination-received"
	mailTerminationApproved  = "termination-approved"
	mailTerminationRefused   = "termination-refused"
	mailTerminationReturned  = "termination-returned"
	mailTerminationConsent   = "termination-consent"
	mailTerminationTakenBack = "termination-taken-back"
	mailEscalation           = "escalation-operations"
	planEscalation           = "operations-escalation"
	toOperations             = "OPERATIONS"
)

// caseTermination is the kind of a case about a termination that Operations must decide on.
const caseTermination = "TERMINATION"

// terminationNotices are the mails, reminders and cases of a termination: the customer reads that it has arrived, each decision, what it
// must agree to at AWS, and that it was taken back; Operations has a case while it must decide, and is reminded when it does not. What
// comes with the end itself is the agreement's to tell.
func terminationNotices(o *Order) []intent.Wish {
	t := o.Termination
	wishes := []intent.Wish{terminationMail(o, "received", mailTerminationReceived,
		"end", stamp(t.Check.Earliest), "term_end", stamp(t.Check.TermEnd), "reason", t.Reason)}
	number := strconv.Itoa(t.Decisions)
	switch {
	case t.Decision.Outcome == termination.Refuse:
		wishes = append(wishes, terminationMail(o, "decided/"+number, mailTerminationRefused, "reason", t.Decision.Reason))
	case t.Decision.Outcome != "" && t.Phase != termination.Review && o.Failure == nil:
		wishes = append(wishes, terminationMail(o, "decided/"+number, mailTerminationApproved, "end", stamp(t.EndAt)))
	case t.Phase == termination.Review && !t.Problem.IsZero():
		wishes = append(wishes, terminationMail(o, "returned/"+number, mailTerminationReturned))
	}
	if o.Failure != nil && o.Failure.Code == CodeTerminationTakenBack {
		wishes = append(wishes, terminationMail(o, "taken-back", mailTerminationTakenBack))
	}
	if t.Phase == termination.Withdrawing && o.Waiting != nil && o.Waiting.Owner == Customer {
		wishes = append(wishes, terminationMail(o, "consent/"+number, mailTerminationConsent, "end", stamp(t.EndAt)))
	}
	return append(wishes, reviewWishes(o, number)...)
}

func terminationMail(o *Order, key, name string, pairs ...string) intent.Wish {
	return intent.Wish{Key: "mail/termination/" + key, Kind: intent.Mail, Name: name, To: toPrimary, Params: o.about(pairs...)}
}

// reviewWishes are the case of a review, and the mails that remind Operations of one that nobody does.
func reviewWishes(o *Order, number string) []intent.Wish {
	if !underReview(o) {
		return nil
	}
	t := o.Termination
	about := []string{
		"order", o.ID, "agreement", o.AgreementID, "account_id", o.accountID(), "reason", t.Reason,
		"term_end", stamp(t.Check.TermEnd), "service_term_end", stamp(t.Check.ServiceEnd), "scheduled", stamp(t.Check.Scheduled),
	}
	body := text.New("case.termination.body", about...)
	if problem, _, said := t.Problem.Literal(); said {
		body = text.New("case.termination.returned", append(about, "problem", problem)...)
	}
	opened := intent.Wish{
		Key: "case/termination/" + number, Kind: intent.Case, Name: caseTermination, Priority: "P3",
		Title: text.New("case.termination.title", about...), Body: body, Resolved: text.New("case.termination.resolved"),
	}
	if o.Waiting == nil || !o.Waiting.Escalated {
		return []intent.Wish{opened}
	}
	return []intent.Wish{opened, {
		Key: "remind/termination/" + number, Kind: intent.Reminder, Name: mailEscalation, Plan: planEscalation, To: toOperations,
		Title: opened.Title, Body: opened.Body, Where: o.Waiting.Text,
	}}
}
