package order

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
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
	Opened    bool      `json:"opened,omitempty"`  // somebody opened it
	Expired   bool      `json:"expired,omitempty"` // its end has come, and the draft still stands
}

// Works reports whether the link can be opened at that time, if it is the newest.
func (l *Link) Works(now time.Time) bool { return !l.Revoked && now.Before(l.ExpiresAt) }

// linkOpen reports whether the customer is still to come by the link.
func (o *Order) linkOpen() bool {
	return o.State == Draft && o.Link != nil && !o.Link.Revoked && !o.Link.Expired
}

// MailOf is the mail with the link, as Notifications knows it; empty while it was not asked for.
func (o *Order) MailOf(l *Link) string {
	if wished, granted := o.Wished[l.LinkKey()]; granted {
		return wished.ID
	}
	if asked := o.Intents[intent.Key("wish", l.LinkKey())]; asked != nil {
		return asked.Token
	}
	return ""
}

// SendLink has a link to the draft sent to a person of the customer, the first one when nobody is named (ORD-021). A link
// that was sent before stops working.
func (o *Order) SendLink(personID string, c party.Customer, life time.Duration, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := draftOnly(o, "sent"); err != nil {
		return nil, err
	}
	if personID == "" {
		personID = c.First()
	}
	if !c.Knows(personID) {
		return nil, errs.InvalidField("person_id", ReasonContactUnknown, "there is no such person of the customer who can get the link").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.choose_person")})
	}
	next := Link{
		Number: 1, PersonID: personID, SentBy: by.Subject, SentAt: now, ExpiresAt: now.Add(life).Truncate(time.Microsecond),
	}
	if o.Link != nil {
		next.Number = o.Link.Number + 1
	}
	o.Link = &next
	return []fact.Fact{numbered(tell(FactLinkSent), next.Number)}, nil
}

// ResendLink sends a new link to who got the last one. Refused with LINK_MISSING when there was none.
func (o *Order) ResendLink(c party.Customer, life time.Duration, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := draftOnly(o, "sent"); err != nil {
		return nil, err
	}
	last := o.Link
	if last == nil {
		return nil, linkMissing()
	}
	return o.SendLink(last.PersonID, c, life, by, now)
}

// RevokeLink makes the link stop working, in every state. Refused with LINK_MISSING when none works.
func (o *Order) RevokeLink(reason string, now time.Time) ([]fact.Fact, error) {
	if amends(o) {
		return nil, typeRefuses(o, "sent, so that no link to it works")
	}
	last := o.Link
	if last == nil || !last.Works(now) {
		return nil, linkMissing()
	}
	next := *last
	next.Revoked = true
	o.Link = &next
	return []fact.Fact{fact.Because(numbered(tell(FactLinkRevoked), last.Number), reason)}, nil
}

// OpenLink lets the holder of the newest link in, whose number and end the link names, and tells of it the first time.
// Refused with LINK_INVALID.
func (o *Order) OpenLink(number int, expires, now time.Time) ([]fact.Fact, error) {
	last := o.Link
	if last == nil || last.Number != number || !last.ExpiresAt.Equal(expires) || !last.Works(now) {
		return nil, LinkInvalid()
	}
	if last.Opened {
		return nil, nil
	}
	next := *last
	next.Opened = true
	o.Link = &next
	return []fact.Fact{numbered(tell(FactLinkOpened), number)}, nil
}

// LinkInvalid is the one refusal of a link that does not work; it does not say why, for its holder is unknown.
func LinkInvalid() error {
	return errs.New(errs.NotFound, ReasonLinkInvalid, "the link does not work, or not any more").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.ask_for_link")})
}

func linkMissing() error {
	return errs.New(errs.Precondition, ReasonLinkMissing, "no link of the order works").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.send_link")})
}

// NextStep says, to the holder of a link, what to do now. It tells nothing that is the customer's secret.
func (o *Order) NextStep() text.Text {
	switch o.State {
	case Draft:
		return text.New("next.submit")
	case Processing:
		return text.New("next.under_way")
	case Querying:
		return text.New("next.waiting")
	case Completed:
		return text.New("next.complete")
	case Failed, Deleted:
	}
	return text.New("next.ended")
}
