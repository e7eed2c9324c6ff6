package order

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/termination"
)

// What a termination waits for. Each wait for the suite itself, or for Operations, has a time at which Operations is told that it takes
// long; AccountTransfer tells of those that it has.

// awaitsReview is the wait for Operations, which is told when nobody does it.
func awaitsReview(o *Order, now time.Time) *Waiting {
	return &Waiting{Owner: Reseller, Text: text.New("wait.review_termination"), EscalateAt: o.Termination.ReviewBy(now)}
}

// awaitsAct is the wait for AccountTransfer to begin, when the time to act has come.
func awaitsAct(o *Order, now time.Time) *Waiting {
	t := o.Termination
	w := &Waiting{Owner: Platform, Text: text.New("wait.termination_due"), EscalateAt: t.ActBy()}
	if t.ActAt.After(now) {
		w.Text = text.New("wait.termination_scheduled", "end", stamp(t.EndAt), "act", stamp(t.ActAt))
	}
	return w
}

// awaitsKeep is the wait for AccountTransfer to drop what it could not carry out.
func awaitsKeep(now time.Time) *Waiting {
	return &Waiting{Owner: Platform, Text: text.New("wait.termination_keeping"), EscalateAt: now.Add(termination.ActIn)}
}

// awaitsDecision is the wait for Operations, which is told at once: what it decided last stands from then on.
func awaitsDecision(t *termination.Termination) *Waiting {
	return &Waiting{
		Owner: Reseller, Text: text.New("wait.termination_overrun_refused", "until", stamp(t.KeepAt)), Until: t.KeepAt, Escalated: true,
	}
}

// atAWS is the wait for AWS.
func atAWS() *Waiting { return &Waiting{Owner: AWS, Text: text.New("wait.termination_at_aws")} }

// terminationDue is when a termination takes long: Operations is told, or a later end is planned; zero: it was, or AccountTransfer tells.
func terminationDue(o *Order) time.Time {
	if o.Termination == nil || o.Waiting == nil {
		return time.Time{}
	}
	switch o.Termination.Phase {
	case termination.Review:
		if told, turns := o.Waiting.EscalateAt, o.Termination.Turns(); told.IsZero() || turns.Before(told) {
			return turns
		}
		return o.Waiting.EscalateAt
	case termination.Approved, termination.Keeping, termination.Ending:
		if o.Termination.Asked() {
			return o.Termination.KeepAt
		}
		return o.Waiting.EscalateAt
	default:
		return o.Termination.Lapses()
	}
}

// tickTermination tells Operations once that nobody has reviewed a termination in time, or that AccountTransfer does not do its part, which
// Operations must then see to.
func tickTermination(o *Order, now time.Time) []fact.Fact {
	if due := terminationDue(o); due.IsZero() || now.Before(due) {
		return nil
	}
	if o.Termination.Phase == termination.Withdrawing {
		return postponed(o, now)
	}
	if o.Termination.Asked() {
		return stays(o, now) // nobody has decided otherwise
	}
	if turns := o.Termination.Turns(); !turns.IsZero() && !now.Before(turns) {
		return turned(o, now)
	}
	escalate(o)
	switch {
	case underReview(o):
		return []fact.Fact{fact.Internally(tell(FactReviewEscalated))}
	case o.Termination.Phase == termination.Ending:
		return []fact.Fact{fact.Internally(tell(FactWaitEscalated, "owner", string(o.Waiting.Owner)))}
	}
	o.Waiting.Owner, o.Waiting.Text = Reseller, text.New("wait.termination_overdue")
	return []fact.Fact{fact.Internally(tell(FactTerminationOverdue))}
}

// turned holds a termination that nobody has decided on against the term anew: a month is over with which it could have ended.
func turned(o *Order, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Turn(now)
	o.Termination = &next
	return []fact.Fact{saying("order.termination_later", tell(FactProgressed, "end", stamp(next.Check.Earliest)))}
}

// postponed plans a later end: the month for which the end was planned is over, and AWS has not ended anything.
func postponed(o *Order, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Postpone(now)
	o.Termination = &next
	return []fact.Fact{tell(FactTerminationPostponed, "end", stamp(next.EndAt))}
}

// underReview reports whether Operations must decide on it.
func underReview(o *Order) bool {
	return o.Termination != nil && o.Termination.Phase == termination.Review
}
