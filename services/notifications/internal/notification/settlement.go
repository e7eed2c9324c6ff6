package notification

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/notifications/internal/people"
)

// Cause is why nobody has to see to a mail any more that was not surely delivered.
type Cause string

// The causes.
const (
	Decided         Cause = "DECIDED"          // somebody settled it
	Replaced        Cause = "REPLACED"         // a newer mail says it
	ReminderEnded   Cause = "REMINDER_ENDED"   // what it reminded of is done, or its time is over
	OwnerEnded      Cause = "OWNER_ENDED"      // the order that it is about went on or ended without it
	AddressReplaced Cause = "ADDRESS_REPLACED" // the address in question is nobody's any more, and it is not sent again
)

// Settlement ends that somebody must see to a mail.
type Settlement struct {
	Cause  Cause      `json:"cause"`
	Reason string     `json:"reason,omitempty"` // the words of who settled it
	By     call.Actor `json:"by,omitzero"`      // who settled it; a mail that the service settles by itself has none
	At     time.Time  `json:"at"`
	NewID  string     `json:"new_id,omitempty"` // the mail that replaces it
}

// settle is told whatever the cause: nothing leaves the list of what needs somebody silently.
func (n *Notification) settle(s Settlement) []fact.Fact {
	n.Settlement, n.LookAt = &s, time.Time{}
	f := n.tell(FactSettled, "cause", string(s.Cause), "new_notification_id", s.NewID)
	f.Reason = s.Reason
	return []fact.Fact{f}
}

// Settle records that nobody has to see to the mail any more, and why. Refused with STATE_REFUSES unless it waits for that.
func (n *Notification) Settle(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if !n.Unsettled() {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "a mail that is %s leaves nothing to settle", n.Standing()).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.nothing_to_settle")})
	}
	return n.settle(Settlement{Cause: Decided, Reason: reason, By: by, At: now}), nil
}

// Unsettled reports whether somebody must decide what becomes of it: it did not surely go out, or its provider says that it did not
// arrive or was not welcome. What is held back is sent without a decision.
func (n *Notification) Unsettled() bool {
	return n.Settlement == nil && (n.State == Failed || n.State == Uncertain || n.Problem != nil)
}

// IsReplacedBy reports whether a newer mail, of the same customer and subject, says what this one was to say. Of what Operations reads,
// titles tell one matter of a subject from another. What a provider says of a mail is true of the next one to the same address, too.
func (n *Notification) IsReplacedBy(newer *Notification) bool {
	return n.Unsettled() && n.Problem == nil && n.ID < newer.ID && n.TemplateKey == newer.TemplateKey && n.SubjectID == newer.SubjectID &&
		n.CustomerID == newer.CustomerID && n.Recipient == newer.Recipient && n.Params["title"] == newer.Params["title"]
}

// ReplacedBy settles it.
func (n *Notification) ReplacedBy(newID string, now time.Time) []fact.Fact {
	if !n.Unsettled() {
		return nil
	}
	return n.settle(Settlement{Cause: Replaced, NewID: newID, At: now})
}

// ReminderOver ends it, or that somebody must see to it, because its reminder was stopped.
func (n *Notification) ReminderOver(now time.Time) ([]fact.Fact, error) {
	if n.Unsettled() {
		return n.settle(Settlement{Cause: ReminderEnded, At: now}), nil
	}
	return n.Suppress()
}

// EffectLook is the look whether somebody still has to see to a mail.
const EffectLook = "look"

// lookEvery is how often it is looked: what it is about may end at any time, and nobody tells mails so.
const lookEvery = 24 * time.Hour

// lateAfter is how long a mail may wait for somebody to see to it before it is escalated.
const lateAfter = 72 * time.Hour

// WantsLook returns the wish to look whether somebody still has to see to it.
func (n *Notification) WantsLook() []intent.Want {
	if !n.Unsettled() {
		return nil
	}
	if n.LookAt.IsZero() {
		return intent.Now()
	}
	return intent.At(n.LookAt)
}

// Found is what a look has found.
type Found struct {
	NewID         string // a newer mail that replaces it
	ReminderEnded bool
	OrderEnded    time.Time // when the order that it is about ended; zero: it goes on, or it is about none
	OrderSent     time.Time // when that order was submitted; zero: it was not
	People        []people.Person
}

// Looked settles the mail if what was found says that nobody has to see to it, and looks again in a day otherwise; a mail that bounced
// goes out again to the address that replaced the one that it did not reach. What nobody sees to is escalated. What an order leaves
// to be said after its end is said in mails that are newer than the end.
func (n *Notification) Looked(f Found, asked time.Time, now time.Time) []fact.Fact {
	if !n.Unsettled() {
		return nil
	}
	if n.LookAt.IsZero() { // the first look since it did not arrive
		n.LateAt, n.Late = now.Add(lateAfter), false
	}
	cause := Cause("")
	switch {
	case f.NewID != "":
		cause = Replaced
	case f.ReminderEnded:
		cause = ReminderEnded
	case after(f.OrderEnded, asked), n.SecretSum != "" && after(f.OrderSent, asked): // a link leads to what is not submitted yet
		cause = OwnerEnded
	case n.Problem != nil && n.Problem.addressReplaced(n.To, f.People):
		if n.Problem.Kind == Bounced && !n.Forgotten() { // what was to be read is still unread; others who have it got the same Message-ID
			n.requeue()
			return []fact.Fact{n.tell(FactResent, "cause", string(AddressReplaced))}
		}
		cause = AddressReplaced
	}
	if cause == "" {
		n.LookAt, n.Late = now.Add(lookEvery), !now.Before(n.LateAt)
		return nil
	}
	return n.settle(Settlement{Cause: cause, NewID: f.NewID, At: now})
}

func after(ended, asked time.Time) bool { return !ended.IsZero() && ended.After(asked) }

// AboutOrder is the order whose end ends the need of the mail; empty: none. What is about an agreement, an account or an invoice outlives
// the order that began it.
func (n *Notification) AboutOrder() string {
	if kindOf(n.Correlation) == "ord" && slices.Contains([]string{"ord", "trf"}, kindOf(n.SubjectID)) {
		return n.Correlation
	}
	return ""
}
