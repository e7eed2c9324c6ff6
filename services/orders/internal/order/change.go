package order

import (
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/review"
)

// Changeable is an agreement that can be changed, as far as the order that changes it looks at it.
type Changeable struct {
	Amended
	change.Held
}

// Patience is how long Operations may take to review an order: before it is reminded, and before the order ends by itself.
type Patience struct{ Review, Lapse time.Duration }

// NewChange orders other terms of an agreement. What needs no review is accepted at once, and carried out when its month has begun. It is
// refused with what change.Asked.Against says.
func NewChange(orderID string, of Changeable, a change.Asked, p Patience, by call.Actor, now time.Time) (*Order, []fact.Fact, error) {
	a = change.Ask(a, now)
	if err := a.Against(of.Held, by.Role, now); err != nil {
		return nil, nil, err
	}
	o := amending(orderID, Change, of.Amended, by, now)
	o.Change = &change.Change{Asked: a, Before: of.Terms.Of(a.Kind), Phase: change.Review, Changes: of.OrderID}
	if a.Kind == change.Contacts {
		return o, changeContacts(o, of.Held, by, now), nil
	}
	facts := because(tell(FactChangeRequested, changeDetails(o)...), a.Reason, by)
	if a.Kind.Reviewed() {
		o.Change.LapsesAt = now.Add(p.Lapse)
		o.Waiting = &Waiting{Owner: Reseller, Text: text.New("wait.review_change"), EscalateAt: now.Add(p.Review)}
		return o, facts, nil
	}
	decided := change.Decision{Outcome: change.Accept, DecidedBy: by, DecidedAt: now}
	more, err := decideChange(o, decided, a.From, of.Held, now)
	return o, append(facts, more...), err
}

// changeContacts completes an order that changes whom we write to: nothing is left to be decided or waited for.
func changeContacts(o *Order, h change.Held, by call.Actor, now time.Time) []fact.Fact {
	o.Change.Before, o.Change.Told = h.People.String(), strings.Join(h.Told(*o.Change.People), " ")
	o.Change.Phase, o.Change.Decision = change.Over, change.Decision{Outcome: change.Accept, DecidedBy: by, DecidedAt: now}
	done := o.end(Completed, nil, saying("order.contacts_changed", tell(FactCompleted, changeDetails(o)...)), now)
	return append(because(saying("order.contacts_ordered", tell(FactChangeRequested, changeDetails(o)...)), o.Change.Reason, by), done...)
}

// ReviewChange records what Operations decided on a change, and from which month it holds; zero: as was asked for. Refused with
// STATE_REFUSES, TYPE_REFUSES, and with what change.Change.Decide says.
func ReviewChange(o *Order, d change.Decision, from calendar.Month, h change.Held, now time.Time) ([]fact.Fact, error) {
	if err := changeIn(o, "reviewed", change.Review); err != nil {
		return nil, err
	}
	return decideChange(o, d, from, h, now)
}

// TakeBackChange ends a change whose month has not begun. What Operations has ordered, Operations alone takes back; what it did not order,
// it ends with a reason for the customer. Refused with STATE_REFUSES, TYPE_REFUSES, ROLE_DENIED and FIELD_REQUIRED.
func TakeBackChange(o *Order, by call.Actor, reason string, now time.Time) ([]fact.Fact, error) {
	if err := changeIn(o, "taken back", change.Review, change.Accepted); err != nil {
		return nil, err
	}
	if o.Change.Phase == change.Accepted && !now.Before(o.Change.From.Start()) { // it takes effect with the next tick
		return nil, o.stateRefuses("taken back").WithMeta("phase", string(o.Change.Phase)).
			WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.order_change")})
	}
	if err := mayTakeBack(o, by); err != nil {
		return nil, err
	}
	if by.Role == roleOperator && !ByReseller(o) && reason == "" {
		return nil, errs.InvalidField("reason", ReasonFieldRequired, "say why, for the customer to read").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.give_reason")})
	}
	next := *o.Change
	next.TakenBack = review.TakenBack{Reason: reason, By: by, At: now}
	o.Change = &next
	told := because(tell(FactFailed, "code", CodeChangeTakenBack), reason, by)
	if !ByReseller(o) { // why Operations ends what the customer has ordered is for the customer to read
		told = []fact.Fact{fact.Because(tell(FactFailed, "code", CodeChangeTakenBack), reason)}
	}
	return append(unchanged(o, CodeChangeTakenBack, told[0], now), told[1:]...), nil
}

// ObserveAgreementEnd ends a change of an agreement of which nothing is billed any more when it would take effect. One that was accepted
// for a month before the end takes effect, however late that is seen: the last months are billed with it. What is not accepted by then
// ends.
func ObserveAgreementEnd(o *Order, end time.Time, ended bool, now time.Time) ([]fact.Fact, error) {
	if o.Change == nil || o.State.Ended() || !ended && !change.Ends(o.Change.From, end) {
		return nil, nil
	}
	if o.Change.Phase == change.Accepted && !end.IsZero() && !change.Ends(o.Change.From, end) {
		return takeEffect(o, now), nil
	}
	return unchanged(o, CodeAgreementEnds, tell(FactFailed, "code", CodeAgreementEnds), now), nil
}

// changeIn refuses a verb on what is no change, or is in another phase.
func changeIn(o *Order, verb string, phases ...change.Phase) error {
	if o.Change == nil {
		return typeRefuses(o, verb)
	}
	for _, p := range phases {
		if o.Change.Phase == p {
			return nil
		}
	}
	err := o.stateRefuses(verb).WithMeta("phase", string(o.Change.Phase))
	if o.Change.Phase == change.Accepted {
		return err.WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.take_change_back")})
	}
	return err.WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.order_change")})
}

func decideChange(o *Order, d change.Decision, from calendar.Month, h change.Held, now time.Time) ([]fact.Fact, error) {
	next := *o.Change
	if err := next.Decide(d, from, h); err != nil {
		return nil, err
	}
	o.Change = &next
	if d.Outcome == change.Refuse {
		return unchanged(o, CodeChangeRefused, fact.Because(tell(FactFailed, "code", CodeChangeRefused), d.Reason), now), nil
	}
	o.State = Processing
	o.Waiting = &Waiting{Owner: Platform, Text: text.New("wait.change_scheduled", "from", next.From.String())}
	facts := because(tell(FactChangeAccepted, changeDetails(o)...), d.Reason, d.DecidedBy)
	return append(facts, takeEffect(o, now)...), nil
}

// takeEffect completes an accepted change whose month has begun: the agreement is shown on its terms. Billing has had them since they were
// accepted, so that nothing is billed otherwise when this comes late.
func takeEffect(o *Order, now time.Time) []fact.Fact {
	if now.Before(o.Change.From.Start()) {
		return nil
	}
	next := *o.Change
	next.Phase = change.Over
	o.Change = &next
	return o.end(Completed, nil, saying("order.changed", tell(FactCompleted, changeDetails(o)...)), now)
}

// WantsChannel wants the support channel of those who support from now on, once the support option has changed: Support ends the one of
// before when its people have set it up.
func WantsChannel(o *Order) []intent.Want {
	if o.Change == nil || o.Change.Kind != change.SupportOption || o.State != Completed || o.Change.ChannelID != "" {
		return nil
	}
	return intent.Now()
}

// RecordChannel notes the support channel that was asked for.
func RecordChannel(o *Order, channelID string) ([]fact.Fact, error) {
	if o.Change.ChannelID != "" {
		return nil, nil
	}
	next := *o.Change
	next.ChannelID = channelID
	o.Change = &next
	return []fact.Fact{saying("order.channel_requested", tell(FactProgressed, "channel_id", channelID))}, nil
}

// unchanged ends a change of which nothing comes.
func unchanged(o *Order, code string, told fact.Fact, now time.Time) []fact.Fact {
	next := *o.Change
	next.Phase, next.LapsesAt = change.Over, time.Time{}
	o.Change = &next
	return o.end(Failed, &Failure{Code: code}, told, now)
}

// changeDue is when something comes of a change by itself: Operations is told that nobody reviews it, it lapses, or its month begins; zero:
// never.
func changeDue(o *Order) time.Time {
	switch {
	case o.Change == nil || o.State.Ended():
		return time.Time{}
	case o.Change.Phase == change.Accepted:
		return o.Change.From.Start()
	case o.Waiting.EscalateAt.IsZero() || o.Change.LapsesAt.Before(o.Waiting.EscalateAt):
		return o.Change.LapsesAt
	}
	return o.Waiting.EscalateAt
}

func tickChange(o *Order, now time.Time) []fact.Fact {
	if due := changeDue(o); due.IsZero() || now.Before(due) {
		return nil
	}
	switch {
	case o.Change.Phase == change.Accepted:
		return takeEffect(o, now)
	case !now.Before(o.Change.LapsesAt):
		return unchanged(o, CodeChangeLapsed, tell(FactFailed, "code", CodeChangeLapsed), now)
	}
	escalate(o)
	return []fact.Fact{fact.Internally(saying("order.change_review_escalated", tell(FactReviewEscalated)))}
}

func changeDetails(o *Order) []string {
	c := o.Change
	return []string{"kind", string(c.Kind), "before", c.Before, "value", c.Value(), "from", c.From.String()}
}
