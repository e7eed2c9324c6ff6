package order

import (
	"strconv"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/termination"
)

// What Notifications calls the mails about a termination, and the plans by which people are reminded.
const (
	mailTerminationReceived  = "termination-received"  // from the customer
	mailTerminationAnnounced = "termination-announced" // by the reseller
	mailTerminationApproved  = "termination-approved"
	mailApprovedAccounts     = "termination-approved-accounts" // that must leave
	mailTerminationPostponed = "termination-postponed"
	mailPostponedOperations  = "termination-postponed-operations"
	mailTerminationRefused   = "termination-refused"
	mailTerminationReturned  = "termination-returned"
	mailTerminationConsent   = "termination-consent"
	mailTerminationTakenBack = "termination-taken-back"
	mailTakenBackOperations  = "termination-taken-back-operations"
	mailTerminationOverrun   = "termination-overrun"
	mailOverrunOperations    = "termination-overrun-operations"
	mailOverrunRefused       = "termination-overrun-refused"
	mailEscalation           = "escalation-operations"
	planEscalation           = "operations-escalation"
	planCustomer             = "customer-action"
	toOperations             = "OPERATIONS"
)

// caseTermination is the kind of a case about a termination that Operations must see to.
const caseTermination = "TERMINATION"

// terminationNotices are the mails, reminders and cases of a termination: the customer reads that the end was ordered, by whichever side,
// each decision, what it must agree to at AWS, and that it was taken back; Operations has a case while it must act, is reminded when it
// does not, and reads that a customer has taken back what was approved. What comes with the end itself is the agreement's to tell.
func terminationNotices(o *Order) []intent.Wish {
	t, number := o.Termination, strconv.Itoa(o.Termination.Decisions)
	wishes := append([]intent.Wish{orderedMail(o)}, decidedMails(o, number)...)
	if t.Phase == termination.Withdrawing && o.Waiting != nil && o.Waiting.Owner == Customer {
		mail := terminationMail(o, "consent/"+number, mailTerminationConsent, "end", stamp(t.EndAt))
		remind := mail
		remind.Key, remind.Kind, remind.Plan = "remind/termination/consent/"+number+"/"+stamp(t.EndAt), intent.Reminder, planCustomer
		wishes = append(wishes, mail, remind)
	}
	return append(append(wishes, caseWishes(o, number)...), unendedNotices(o)...)
}

// orderedMail tells the customer that the end was ordered. Why Operations has ordered it stays inside.
func orderedMail(o *Order) intent.Wish {
	check := o.Termination.Check
	params := []string{"end", stamp(check.Scheduled), "term_end", stamp(check.TermEnd)}
	if ByReseller(o) {
		return terminationMail(o, "announced", mailTerminationAnnounced, params...)
	}
	return terminationMail(o, "received", mailTerminationReceived, append(params, "reason", o.Termination.Reason)...)
}

// decidedMails tell what was decided last, and what came of it.
func decidedMails(o *Order, number string) []intent.Wish {
	t := o.Termination
	switch {
	case t.Overrun:
		return overrunMails(o)
	case t.Asked():
		until := stamp(t.KeepAt)
		return []intent.Wish{terminationMail(o, "overrun-refused/"+strconv.Itoa(t.Attempt), mailOverrunRefused, "until", until)}
	case o.Failure != nil && o.Failure.Code == CodeTerminationTakenBack:
		return takenBackMails(o)
	case o.Failure != nil && ByReseller(o): // the customer never asked for it
		return []intent.Wish{terminationMail(o, "taken-back", mailTerminationTakenBack)}
	case o.Failure != nil:
		return []intent.Wish{terminationMail(o, "decided/"+number, mailTerminationRefused, "reason", t.Decision.Reason)}
	case t.Phase == termination.Review && !t.Problem.IsZero():
		return []intent.Wish{terminationMail(o, "returned/"+strconv.Itoa(t.Returns), mailTerminationReturned)}
	case t.Phase == termination.Review || t.Phase == termination.Keeping, t.Decision.Outcome == "", t.Decision.Outcome == termination.Refuse:
		return nil
	}
	if t.ByLeaving {
		return []intent.Wish{terminationMail(o, "decided/"+number, mailApprovedAccounts, "begin", stamp(t.ActAt))}
	}
	return append([]intent.Wish{terminationMail(o, "decided/"+number, mailTerminationApproved, "end", stamp(t.EndAt))}, postponedMails(o)...)
}

// postponedMails tell both sides that the billing ends later than was promised: it is a month more to pay.
func postponedMails(o *Order) []intent.Wish {
	t := o.Termination
	end := t.Postponed()
	if end.IsZero() {
		return nil
	}
	inside := terminationMail(o, "postponed/operations/"+stamp(end), mailPostponedOperations, "customer_id", o.CustomerID,
		"agreement_id", o.AgreementID, "order_id", o.ID, "promised", stamp(t.PromisedAt), "end", stamp(end))
	inside.To = toOperations
	return []intent.Wish{
		terminationMail(o, "postponed/"+stamp(end), mailTerminationPostponed, "promised", stamp(t.PromisedAt), "end", stamp(end)), inside,
	}
}

// takenBackMails tell the customer, and Operations when that had approved what the customer has taken back.
func takenBackMails(o *Order) []intent.Wish {
	t := o.Termination
	mails := []intent.Wish{terminationMail(o, "taken-back", mailTerminationTakenBack)}
	if t.Decisions == 0 || t.TakenBack.By.Role == roleOperator {
		return mails
	}
	inside := terminationMail(o, "taken-back/operations", mailTakenBackOperations,
		"customer_id", o.CustomerID, "agreement_id", o.AgreementID, "order_id", o.ID, "reason", t.TakenBack.Reason)
	inside.To = toOperations
	return append(mails, inside)
}

// overrunMails tell both sides that the agreement does not go on, although that was said last.
func overrunMails(o *Order) []intent.Wish {
	number := strconv.Itoa(o.Termination.Attempt) // of the withdrawal that ran over what was decided
	inside := terminationMail(o, "overrun/operations/"+number, mailOverrunOperations,
		"customer_id", o.CustomerID, "agreement_id", o.AgreementID, "order_id", o.ID)
	inside.To = toOperations
	return []intent.Wish{terminationMail(o, "overrun/"+number, mailTerminationOverrun), inside}
}

func terminationMail(o *Order, key, name string, pairs ...string) intent.Wish {
	return intent.Wish{Key: "mail/termination/" + key, Kind: intent.Mail, Name: name, To: toPrimary, Params: o.about(pairs...)}
}

// caseWishes are the case of what Operations must see to, and the mails that remind it of one that nobody does.
func caseWishes(o *Order, number string) []intent.Wish {
	asked := o.Termination.Asked()
	if o.Waiting == nil || !underReview(o) && !overdue(o) && !asked {
		return nil
	}
	about := caseAbout(o)
	opened := intent.Wish{
		Key: "case/termination/" + number, Kind: intent.Case, Name: caseTermination, Priority: "P3",
		Title: text.New("case.termination.title", about...), Body: text.New("case.termination.body", about...),
		Resolved: text.New("case.termination.resolved"),
	}
	problem, _, said := o.Termination.Problem.Literal()
	switch {
	case asked:
		opened.Key, opened.Priority = "case/termination/overrun/"+strconv.Itoa(o.Termination.Attempt), "P2"
		opened.Body = text.New("case.termination.overrun_refused", append(about, "problem", problem, "until", stamp(o.Termination.KeepAt))...)
	case said:
		opened.Body = text.New("case.termination.returned", append(about, "problem", problem)...)
	case overdue(o):
		opened.Key, opened.Priority = "case/termination/overdue/"+number, "P2"
		opened.Body, opened.Resolved = text.New("case.termination.overdue", about...), text.New("case.termination.done")
	}
	return reminded(o, opened)
}

// overdue reports whether Operations was told that AccountTransfer does not do its part.
func overdue(o *Order) bool {
	p := o.Termination.Phase
	return o.Waiting.Escalated && (p == termination.Approved || p == termination.Keeping && !o.Termination.Asked())
}

func caseAbout(o *Order) []string {
	t := o.Termination
	return []string{
		"order", o.ID, "agreement", o.AgreementID, "account_id", o.accountID(), "reason", t.Reason,
		"term_end", stamp(t.Check.TermEnd), "service_term_end", stamp(t.Check.ServiceEnd), "scheduled", stamp(t.Check.Scheduled),
	}
}
