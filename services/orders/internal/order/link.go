package order

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/party"
)

// Link is a link to the order that was sent by mail (NTF-002). It identifies the order and authenticates nobody; what
// stands in the mail is derived from its number and end, and kept nowhere.
type Link struct {
	Number    int       `json:"number"` // counts the links of the order, from 1
	PersonID  string    `json:"person_id"`
	SentBy    string    `json:"sent_by"` // subject of who asked for it
	SentAt    time.Time `json:"sent_at"`
	ExpiresAt time.Time `json:"expires_at"` // first instant at which it does not work
	Revoked   bool      `json:"revoked,omitempty"`
	Opened    bool      `json:"opened,omitempty"` // somebody opened it

	NotificationID string  `json:"notification_id"` // chosen before the mail is asked for
	Mail           Request `json:"mail,omitempty"`
	ReminderID     string  `json:"reminder_id"` // chosen before the reminders are asked for
	Reminder       Request `json:"reminder,omitempty"`
}

// LinkTerms are what a new link is made with: ids for what will be asked for, and how long it works.
type LinkTerms struct {
	NotificationID string
	ReminderID     string
	Life           time.Duration
}

// Works reports whether the link can be opened at that time, if it is the newest.
func (l *Link) Works(now time.Time) bool { return !l.Revoked && now.Before(l.ExpiresAt) }

// Newest returns the only link that may work; nil when none was sent.
func (o *Order) Newest() *Link {
	if len(o.Links) == 0 {
		return nil
	}
	return &o.Links[len(o.Links)-1]
}

// SendLink has a link to the draft sent to a person of the customer, the first one when nobody is named (ORD-021). A link
// that was sent before stops working.
func (o *Order) SendLink(personID string, c party.Customer, t LinkTerms, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if o.State != Draft {
		return nil, o.stateRefuses("sent")
	}
	if personID == "" {
		personID = c.First()
	}
	if !c.Knows(personID) {
		return nil, errs.InvalidField("person_id", ReasonContactUnknown, "there is no such person of the customer who can get the link").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Choose a person of the customer.", "CustomerService.GetCustomer")})
	}
	next := Link{
		Number: 1, PersonID: personID, SentBy: by.Subject, SentAt: now, ExpiresAt: now.Add(t.Life).Truncate(time.Microsecond),
		NotificationID: t.NotificationID, ReminderID: t.ReminderID,
	}
	if last := o.Newest(); last != nil {
		next.Number = last.Number + 1
	}
	o.Links = append(slices.DeleteFunc(slices.Clone(o.Links), Link.settled), next)
	return []fact.Fact{numbered(tell(FactLinkSent, "A link to the draft is sent to the customer."), next.Number)}, nil
}

// ResendLink sends a new link to who got the last one. Refused with LINK_MISSING when there was none.
func (o *Order) ResendLink(c party.Customer, t LinkTerms, by call.Actor, now time.Time) ([]fact.Fact, error) {
	last := o.Newest()
	switch {
	case o.State != Draft:
		return nil, o.stateRefuses("sent")
	case last == nil:
		return nil, linkMissing()
	}
	return o.SendLink(last.PersonID, c, t, by, now)
}

// RevokeLink makes the link stop working, in every state. Refused with LINK_MISSING when none works.
func (o *Order) RevokeLink(reason string, now time.Time) ([]fact.Fact, error) {
	last := o.Newest()
	if last == nil || !last.Works(now) {
		return nil, linkMissing()
	}
	o.Links = slices.Clone(o.Links)
	o.Newest().Revoked = true
	return []fact.Fact{because(numbered(tell(FactLinkRevoked, "The link to the order was revoked."), last.Number), reason)}, nil
}

// OpenLink lets the holder of the newest link in, whose number and end the link names, and tells of it the first time.
// Refused with LINK_INVALID.
func (o *Order) OpenLink(number int, expires, now time.Time) ([]fact.Fact, error) {
	last := o.Newest()
	if last == nil || last.Number != number || !last.ExpiresAt.Equal(expires) || !last.Works(now) {
		return nil, LinkInvalid()
	}
	if last.Opened {
		return nil, nil
	}
	o.Links = slices.Clone(o.Links)
	o.Newest().Opened = true
	return []fact.Fact{numbered(tell(FactLinkOpened, "Somebody opened the link."), number)}, nil
}

// LinkInvalid is the one refusal of a link that does not work; it does not say why, for whoever holds it is unknown.
func LinkInvalid() error {
	return errs.New(errs.NotFound, ReasonLinkInvalid, "the link does not work, or not any more").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Ask who sent the link for a new one.", "OrderService.ResendLink")})
}

func linkMissing() error {
	return errs.New(errs.Precondition, ReasonLinkMissing, "no link of the order works").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Send a link first.", "OrderService.SendOrder")})
}

// NextStep says, to whoever holds a link, what to do now. It tells nothing that is the customer's secret.
func (o *Order) NextStep() string {
	switch o.State {
	case Draft:
		return "Sign in as a person of the customer, read the terms, and submit the order."
	case Processing:
		return "The order was submitted. Sign in to see how it goes."
	case Querying:
		return "The order was submitted and waits for somebody. Sign in to see for whom and what."
	case Completed:
		return "The order is complete. Nothing is left to do."
	case Failed, Deleted:
	}
	return "The order has ended. Ask who sent the link."
}
