package order

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/termination"
)

// Terminable is an agreement that can be ended, as far as the order that ends it looks at it.
type Terminable struct {
	AgreementID, CustomerID, SellerID, ProductID, AccountID, CurrencyCode string

	SupportOption catalogue.SupportOption
	ConnectionID  string // what binds the account
	Term          termination.Term
}

// NewTermination orders the end of an agreement (ORD-054). Nothing is left to fill in, so that it is submitted at once, and Operations must
// review it: within reviewIn nobody is told that it takes long.
func NewTermination(
	orderID string, of Terminable, reason string, reviewIn time.Duration, by call.Actor, now time.Time,
) (*Order, []fact.Fact) {
	o := &Order{
		ID: orderID, Type: Termination, CustomerID: of.CustomerID, SellerID: of.SellerID, ProductID: of.ProductID, State: Querying,
		AgreementID: of.AgreementID, ManagementAccountID: of.AccountID, CurrencyCode: of.CurrencyCode, SupportOption: of.SupportOption,
		PreparedBy: by, SubmittedBy: by, SubmittedAt: now,
		Termination: &termination.Termination{
			Reason: reason, Phase: termination.Review, ConnectionID: of.ConnectionID, ReviewIn: reviewIn, Check: of.Term.At(now),
		},
	}
	o.Waiting = awaitsReview(o, now)
	check := o.Termination.Check
	return o, []fact.Fact{fact.Because(
		tell(FactTerminationRequested, "term_end", stamp(check.TermEnd), "earliest_end", stamp(check.Earliest)), reason)}
}

// awaitsReview is the wait for Operations, which is told when nobody does it.
func awaitsReview(o *Order, now time.Time) *Waiting {
	return &Waiting{Owner: Reseller, Text: text.New("wait.review_termination"), EscalateAt: now.Add(o.Termination.ReviewIn)}
}

// underReview reports whether Operations must decide on it.
func underReview(o *Order) bool {
	return o.Termination != nil && o.Termination.Phase == termination.Review
}

// decidable refuses to decide on what is no termination, or is carried out already: AccountTransfer was asked, or is being asked.
func decidable(o *Order, verb string) error {
	t := o.Termination
	switch {
	case t == nil:
		return typeRefuses(o, verb)
	case t.Phase != termination.Review && t.Phase != termination.Approved, o.Intents.AnyAsked(WithdrawEffect),
		o.Binding.Phase == withdrawalGoesOn: // which somebody has begun at AccountTransfer
		return o.stateRefuses(verb)
	}
	return nil
}

// Review records what Operations decided, held against the term as it is now (ORD-055). Refused with STATE_REFUSES, TYPE_REFUSES,
// COMMITMENT_NOT_OVER, COMMITMENT_OVER and FIELD_REQUIRED.
func Review(o *Order, d termination.Decision, term termination.Term, now time.Time) ([]fact.Fact, error) {
	if err := decidable(o, "reviewed"); err != nil {
		return nil, err
	}
	check := term.At(now)
	if err := d.Against(check); err != nil {
		return nil, err
	}
	next := *o.Termination
	next.Check, next.Decision, next.Decisions = check, d, next.Decisions+1
	o.Termination = &next
	if d.Outcome == termination.Refuse {
		return agreementGoesOn(o, CodeTerminationRefused, d.Reason, now), nil
	}
	next.Approve(d)
	o.State, o.Waiting = Processing, nil
	if next.ActAt.After(now) {
		next.Drop()
		o.Waiting = &Waiting{Owner: Platform, Text: text.New("wait.termination_scheduled", "end", stamp(next.EndAt))}
	}
	told := tell(FactTerminationApproved, "outcome", string(d.Outcome), "end", stamp(next.EndAt))
	inside := fact.Because(fact.Internally(saying("order.termination_reason", tell(FactProgressed))), d.Reason)
	if d.Reason == "" {
		return []fact.Fact{told}, nil
	}
	return []fact.Fact{told, inside}, nil
}

// TakeBack ends a termination that is not carried out yet: the agreement goes on. What Operations has ordered, Operations alone takes
// back. Refused with STATE_REFUSES, TYPE_REFUSES and ROLE_DENIED.
func TakeBack(o *Order, by call.Actor, reason string, now time.Time) ([]fact.Fact, error) {
	if err := decidable(o, "taken back"); err != nil {
		return nil, err
	}
	if o.SubmittedBy.Role == roleOperator && by.Role != roleOperator {
		return nil, errs.New(errs.Denied, ReasonRoleDenied, "Operations has ordered the end: only Operations takes it back")
	}
	next := *o.Termination
	o.Termination = &next
	return agreementGoesOn(o, CodeTerminationTakenBack, reason, now), nil
}

// agreementGoesOn ends a termination whose agreement goes on. What AccountTransfer could not carry out for it is dropped.
func agreementGoesOn(o *Order, code, reason string, now time.Time) []fact.Fact {
	t := o.Termination
	t.Drop()
	t.Phase, t.ActAt, t.EndAt, t.Problem = termination.Over, time.Time{}, time.Time{}, text.Text{}
	f := &Failure{Code: code}
	return o.end(Failed, f, fact.Because(tell(FactFailed, "code", code), reason), now)
}

// typeRefuses is the refusal of a verb that is not for this type of order.
func typeRefuses(o *Order, verb string) error {
	return errs.New(errs.Precondition, ReasonTypeRefuses, "an order of type %s cannot be %s", o.Type, verb).
		WithMeta("type", string(o.Type))
}

// tickReview tells once that nobody has reviewed a termination in time.
func tickReview(o *Order, now time.Time) []fact.Fact {
	if due := reviewDue(o); due.IsZero() || now.Before(due) {
		return nil
	}
	next := *o.Waiting
	next.Escalated, next.EscalateAt = true, time.Time{}
	o.Waiting = &next
	return []fact.Fact{fact.Internally(tell(FactReviewEscalated))}
}

// reviewDue is when that is told; zero: it was, or nothing is under review.
func reviewDue(o *Order) time.Time {
	if !underReview(o) || o.Waiting == nil {
		return time.Time{}
	}
	return o.Waiting.EscalateAt
}
