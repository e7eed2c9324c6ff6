package order

import (
	"strings"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/change"
)

// What Notifications calls the mails about a change.
const (
	mailChangeReceived  = "change-received"  // from the customer
	mailChangeAnnounced = "change-announced" // by the reseller
	mailChangeAccepted  = "change-accepted"
	mailChangeRefused   = "change-refused"
	mailChangeEnded     = "change-ended" // nothing comes of it, and nobody has refused it

	mailContactsChanged = "contacts-changed"
)

// caseChange is the kind of a case about a change that Operations must review.
const caseChange = "AGREEMENT_CHANGE"

// changeNotices are the mails, the case and the reminder of a change: the customer reads that a change was ordered that is reviewed, and
// what was decided, or that nothing comes of it; Operations has a case while it must decide, and is reminded when it does not.
func changeNotices(o *Order) []intent.Wish {
	if o.Change.Kind == change.Contacts {
		return contactsMails(o)
	}
	var wishes []intent.Wish
	if o.Change.Kind.Reviewed() {
		wishes = append(wishes, orderedChangeMail(o))
	}
	switch {
	case o.Failure != nil && o.Failure.Code == CodeChangeRefused:
		wishes = append(wishes, changeMail(o, "refused", mailChangeRefused, "reason", o.Change.Decision.Reason))
	case o.Failure != nil:
		wishes = append(wishes, changeMail(o, "ended", mailChangeEnded, "why", o.Failure.Code, "reason", endersReason(o)))
	case o.Change.Decision.Outcome == change.Accept:
		wishes = append(wishes, changeMail(o, "accepted", mailChangeAccepted))
	}
	return append(wishes, changeCase(o)...)
}

// contactsMails tell those whom we write to from now on, and those whom we wrote to before: who takes a role from somebody else cannot do
// so unseen.
func contactsMails(o *Order) (wishes []intent.Wish) {
	for _, personID := range strings.Fields(o.Change.Told) {
		wishes = append(wishes, intent.Wish{
			Key: "mail/contacts/" + personID, Kind: intent.Mail, Name: mailContactsChanged, To: personID,
			Params: o.about("agreement_id", o.AgreementID),
		})
	}
	return wishes
}

// orderedChangeMail tells the customer that a change was ordered. Why Operations has ordered it stays inside.
func orderedChangeMail(o *Order) intent.Wish {
	if ByReseller(o) {
		return changeMail(o, "announced", mailChangeAnnounced)
	}
	return changeMail(o, "received", mailChangeReceived, "reason", o.Change.Reason)
}

// endersReason is why Operations has ended what the customer has ordered.
func endersReason(o *Order) string {
	if back := o.Change.TakenBack; back.By.Role == roleOperator && !ByReseller(o) {
		return back.Reason
	}
	return ""
}

func changeMail(o *Order, key, name string, pairs ...string) intent.Wish {
	c := o.Change
	pairs = append(pairs, "from", c.From.String(), c.Kind.Param(), c.Value())
	return intent.Wish{Key: "mail/change/" + key, Kind: intent.Mail, Name: name, To: toPrimary, Params: o.about(pairs...)}
}

// changeCase is the case of a change that Operations must review, and the reminder of one that nobody reviews.
func changeCase(o *Order) []intent.Wish {
	if o.Waiting == nil || o.Change.Phase != change.Review {
		return nil
	}
	about := append([]string{
		"order", o.ID, "agreement", o.AgreementID, "account_id", o.accountID(), "reason", o.Change.Reason,
	}, changeDetails(o)...)
	return reminded(o, intent.Wish{
		Key: "case/change", Kind: intent.Case, Name: caseChange, Priority: "P3", Title: text.New("case.change.title", about...),
		Body: text.New("case.change.body", about...), Resolved: text.New("case.change.resolved"),
	})
}

// reminded are the case of what Operations must see to, and, once that is escalated, the mails that remind it.
func reminded(o *Order, opened intent.Wish) []intent.Wish { return remindedOf(o.Waiting, opened) }

func remindedOf(wait *Waiting, opened intent.Wish) []intent.Wish {
	if !wait.Escalated {
		return []intent.Wish{opened}
	}
	return []intent.Wish{opened, {
		Key: "remind/" + opened.Key, Kind: intent.Reminder, Name: mailEscalation, Plan: planEscalation, To: toOperations,
		Title: opened.Title, Body: opened.Body, Where: wait.Text,
	}}
}
