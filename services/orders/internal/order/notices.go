package order

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/catalogue"
)

// What Notifications calls the mails and the plan of reminders.
const (
	mailLink      = "order-link"
	mailReminder  = "order-draft-reminder"
	mailCompleted = "order-completed"
	mailFailed    = "order-failed"
	mailRejected  = "order-rejected"
	mailNeeded    = "action-needed"
	planDraft     = "order-draft"
	planBlocked   = "customer-blocked"
)

// Who gets a mail that is not for one person.
const toPrimary = "PRIMARY"

// problem is the kind of a case about a transfer that does not go on.
const problem = "TRANSFER_PROBLEM"

// Notices are the mails, reminders and cases that the order wants as it is now: while a draft's link works, the link by mail
// and reminders of the draft; once a submitted order has ended, a mail that says how; and, while AccountTransfer
// refuses to begin, reminders of the customer and a case of Operations, for whoever must mend it, as a case while it refuses to end what
// the order replaces.
func (o *Order) Notices() []intent.Wish {
	switch {
	case o.Termination != nil:
		return terminationNotices(o)
	case o.Change != nil:
		return changeNotices(o)
	case o.linkOpen():
		return []intent.Wish{linkMail(o), draftReminder(o)}
	case o.State.Ended() && o.Submitted():
		return slices.Concat([]intent.Wish{endMail(o)}, supersedeCase(o), gapNotices(o))
	}
	return slices.Concat(refusedNotices(o), supersedeCase(o), gapNotices(o))
}

// AtEnd is an order as it is once its transfer has completed it.
func AtEnd(o *Order) *Order {
	done := *o
	done.State, done.Waiting = Completed, nil
	return &done
}

// LinkKey is the wish for the mail with the link.
func (l *Link) LinkKey() string { return "link/" + strconv.Itoa(l.Number) }

func linkMail(o *Order) intent.Wish {
	return intent.Wish{
		Key: o.Link.LinkKey(), Kind: intent.Mail, Name: mailLink, To: o.Link.PersonID,
		Params: o.about("expire_time", stamp(o.Link.ExpiresAt)),
	}
}

// draftReminder begins with the link; the mail with the link itself is the first that the customer gets.
func draftReminder(o *Order) intent.Wish {
	return intent.Wish{
		Key: o.Link.LinkKey() + "/reminder", Kind: intent.Reminder, Name: mailReminder, Plan: planDraft, To: o.Link.PersonID,
		Params: o.about("order_id", o.ID), At: o.Link.SentAt, Until: o.Link.ExpiresAt,
	}
}

// endMail tells the customer how the order ended.
func endMail(o *Order) intent.Wish {
	w := intent.Wish{Kind: intent.Mail, To: toPrimary}
	switch {
	case o.State == Completed:
		w.Key, w.Name, w.Params = "mail/completed", mailCompleted, o.about("start", stamp(o.EffectiveAt))
	case o.Failure == nil || o.Failure.Code == CodeReviewRejected:
		w.Key, w.Name, w.Params = "mail/rejected", mailRejected, o.about("reason", o.endReason())
	default:
		w.Key, w.Name, w.Params = "mail/failed", mailFailed, o.about("code", o.Failure.Code)
	}
	return w
}

func (o *Order) endReason() string {
	if o.Ending == nil {
		return ""
	}
	return o.Ending.Reason
}

// about are the parameters of every mail of an order, and more that are left out when they are empty.
func (o *Order) about(pairs ...string) map[string]string {
	params := map[string]string{"product": catalogue.NameOf(o.ProductID)}
	if account := o.accountID(); account != "" { // a new account has none yet
		params["account_id"] = account
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			params[pairs[i]] = pairs[i+1]
		}
	}
	return params
}

func (o *Order) accountID() string {
	return cmp.Or(o.SourceAccountID, o.ManagementAccountID) // what the transfer has is the newest
}

// stamp spells an instant as mails take it; empty for the zero time.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
