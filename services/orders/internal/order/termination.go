package order

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/review"
	"example.com/handover/services/orders/internal/termination"
)

// Terminable is an agreement that can be ended, as far as the order that ends it looks at it.
type Terminable struct {
	Amended
	ConnectionID string  // what binds the account
	Binding      EndView // how that ends, as last heard
	Term         termination.Term
}

// NewTermination orders the end of an agreement (ORD-054). Nothing is left to fill in, so that it is submitted at once, and Operations must
// review it: within reviewIn nobody is told that it takes long. What AccountTransfer ends already is followed at once.
func NewTermination(
	orderID string, of Terminable, reason string, reviewIn time.Duration, by call.Actor, now time.Time,
) (*Order, []fact.Fact) {
	o := amending(orderID, Termination, of.Amended, by, now)
	o.Binding, o.Termination = of.Binding, &termination.Termination{
		Reason: reason, Phase: termination.Review, ConnectionID: of.ConnectionID, ReviewIn: reviewIn, Check: of.Term.At(now),
		ByLeaving: of.Binding.ByLeaving,
	}
	o.Waiting = awaitsReview(o, now)
	check := o.Termination.Check
	told := tell(FactTerminationRequested, "term_end", stamp(check.TermEnd), "earliest_end", stamp(check.Earliest))
	return o, append(because(told, reason, by), follow(o, now)...)
}

// decidable refuses to decide on what is no termination, or is carried out already: AccountTransfer was asked, or is being asked.
func decidable(o *Order, verb string) error {
	t := o.Termination
	switch {
	case t == nil:
		return typeRefuses(o, verb)
	case o.Intents.AnyAsked(WithdrawEffect):
		return o.stateRefuses(verb).WithMeta("phase", string(t.Phase)).
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.await_withdrawal")})
	case t.Phase == termination.Review || t.Phase == termination.Approved || t.Asked():
		return nil
	case t.Phase == termination.Withdrawing:
		return o.stateRefuses(verb).WithMeta("phase", string(t.Phase)).
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.keep_connection")})
	}
	err := o.stateRefuses(verb).WithMeta("phase", string(t.Phase))
	switch t.Phase {
	case termination.Ending:
		return err.WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.end_stands")})
	case termination.Keeping:
		return err.WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.await_keep")})
	default:
		return err
	}
}

// Review records what Operations decided, held against the term as it is now (ORD-055). Refused with STATE_REFUSES, TYPE_REFUSES,
// COMMITMENT_NOT_OVER, COMMITMENT_OVER and FIELD_REQUIRED.
func Review(o *Order, d termination.Decision, term termination.Term, now time.Time) ([]fact.Fact, error) {
	if err := decidable(o, "reviewed"); err != nil {
		return nil, err
	}
	check := term.At(now)
	if err := termination.Against(d, check); err != nil {
		return nil, err
	}
	next := *o.Termination
	next.Check, next.Decision, next.Decisions = check, d, next.Decisions+1
	o.Termination = &next
	if d.Outcome == termination.Refuse {
		return stays(o, now), nil
	}
	next.Approve(d)
	o.State, o.Waiting = Processing, awaitsAct(o, now)
	return because(tell(FactTerminationApproved, "outcome", string(d.Outcome), "end", stamp(next.EndAt)), d.Reason, d.DecidedBy), nil
}

// TakeBack ends a termination that is not carried out yet: the agreement goes on. What Operations has ordered, Operations alone takes
// back. Refused with STATE_REFUSES, TYPE_REFUSES and ROLE_DENIED.
func TakeBack(o *Order, by call.Actor, reason string, now time.Time) ([]fact.Fact, error) {
	if err := decidable(o, "taken back"); err != nil {
		return nil, err
	}
	if err := mayTakeBack(o, by); err != nil {
		return nil, err
	}
	next := *o.Termination
	next.TakenBack = review.TakenBack{Reason: reason, By: by, At: now}
	o.Termination = &next
	return stays(o, now), nil
}

// stays has the agreement go on, once AccountTransfer has dropped what it could not carry out: until then somebody could carry that out.
func stays(o *Order, now time.Time) []fact.Fact {
	if !left(o) {
		return goesOn(o, now)
	}
	next := *o.Termination
	next.Stay(termination.Keeping)
	o.Termination, o.State, o.Waiting = &next, Processing, awaitsKeep(now)
	return []fact.Fact{fact.Internally(saying("order.termination_keeping", tell(FactProgressed)))}
}

// goesOn ends a termination whose agreement goes on. Why Operations refuses what the customer has ordered is for the customer to read.
func goesOn(o *Order, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Stay(termination.Over)
	o.Termination = &next
	f := &Failure{Code: CodeTerminationRefused}
	reason, by := next.Decision.Reason, next.Decision.DecidedBy
	if !next.TakenBack.At.IsZero() {
		f.Code, reason, by = CodeTerminationTakenBack, next.TakenBack.Reason, next.TakenBack.By
	} else if !ByReseller(o) {
		return o.end(Failed, f, fact.Because(tell(FactFailed, "code", f.Code), reason), now)
	}
	told := because(tell(FactFailed, "code", f.Code), reason, by)
	return append(o.end(Failed, f, told[0], now), told[1:]...)
}
