package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/handover/pkg/errs"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// ending is the order by which the agreement of a customer is to end.
type ending struct {
	orderID    string // empty: none is open
	byReseller bool   // Operations has ordered it
	number     int    // of the orders that are over
	reviews    int    // of this one that are over
}

// mostEndings is how often one agreement is ordered to end, and how often Operations decides on one order.
const mostEndings = 3

// The phases of a termination in which somebody may act.
const (
	reviewed    = ordersv1.TerminationPhase_TERMINATION_PHASE_REVIEW
	planned     = ordersv1.TerminationPhase_TERMINATION_PHASE_APPROVED
	withdrawing = ordersv1.TerminationPhase_TERMINATION_PHASE_WITHDRAWING
	dated       = ordersv1.TerminationPhase_TERMINATION_PHASE_ENDING
)

// ends has one side order the end of the agreement of a purchase, if that is its habit, and does what is to be done about the order.
func (r *resident) ends(ctx context.Context, p *population, purchaseID, accountID string, today time.Time) error {
	if r.ending.orderID == "" {
		return r.ordersEnd(ctx, p, purchaseID, today)
	}
	o, err := p.operator.Order(ctx, r.ending.orderID)
	if err != nil {
		return err
	}
	if o.GetEndTime() != nil {
		r.ending, r.news = ending{number: r.ending.number + 1}, true
		return nil
	}
	switch o.GetTermination().GetPhase() {
	case reviewed:
		return errors.Join(r.reviews(ctx, p, o, today), r.takesBack(ctx, p, today))
	case planned:
		return r.takesBack(ctx, p, today)
	case withdrawing:
		return r.agrees(ctx, p, o, accountID, today)
	default: // it goes on by itself
		return nil
	}
}

// about is what this order is asked.
func (e ending) about(what string) string { return fmt.Sprint(what, " ", e.number, "/", e.reviews) }

func (r *resident) ordersEnd(ctx context.Context, p *population, purchaseID string, today time.Time) error {
	key := r.ending.about("order the end")
	if r.ending.number >= mostEndings || !r.meets(key, r.seldom(key, 40, 40), today) {
		return nil
	}
	purchase, err := p.operator.Order(ctx, purchaseID)
	if err != nil {
		return err
	}
	who := p.operator.Person
	if r.ending.byReseller = r.draw(r.ending.about("who ends"), 1, 60, byCustomer, byReseller).what == byReseller; !r.ending.byReseller {
		person, err := r.person(p)
		if err != nil {
			return err
		}
		who = person.Person
	}
	o, err := who.RequestTermination(ctx, purchase.GetAgreementId(), "We go apart.")
	r.ending.orderID = o.GetOrderId()
	return refusable(err) // AWS may have an end already
}

// reviews has Operations decide. What it may not decide it decides otherwise.
func (r *resident) reviews(ctx context.Context, p *population, o *ordersv1.Order, today time.Time) error {
	key := r.ending.about("review")
	if r.ending.reviews >= mostEndings || !r.meets(key, r.draw(key, 8, 100, "", ""), today) {
		return nil
	}
	now := ordersv1.TerminationOutcome_TERMINATION_OUTCOME_GRANT_EXCEPTION
	if o.GetTermination().GetCheck().GetOver() {
		now = ordersv1.TerminationOutcome_TERMINATION_OUTCOME_APPROVE_NOW
	}
	outcome := []ordersv1.TerminationOutcome{
		now, now, ordersv1.TerminationOutcome_TERMINATION_OUTCOME_SCHEDULE, ordersv1.TerminationOutcome_TERMINATION_OUTCOME_REFUSE,
	}[r.chance(key+" decides").IntN(4)]
	r.ending.reviews++
	_, err := p.operator.ReviewTermination(ctx, o.GetOrderId(), outcome, "It was agreed.")
	return refusable(err)
}

// errTakenBack is what no customer may do.
var errTakenBack = errors.New("the customer has taken back what Operations has ordered")

// takesBack has who ordered the end take that back. Where that is Operations, the customer tries first.
func (r *resident) takesBack(ctx context.Context, p *population, today time.Time) error {
	if key := r.ending.about("take back"); !r.meets(key, r.seldom(key, 30, 15), today) {
		return nil
	}
	person, err := r.person(p)
	if err != nil {
		return err
	}
	err = person.TakeBackTermination(ctx, r.ending.orderID, "We go on.")
	if !r.ending.byReseller {
		return refusable(err)
	}
	if err == nil {
		return fmt.Errorf("%s: %w", r.ending.orderID, errTakenBack)
	} else if errs.KindOf(err) != errs.Denied && refusable(err) != nil {
		return err
	}
	return refusable(p.operator.TakeBackTermination(ctx, r.ending.orderID, "We go on."))
}

// agrees has the customer answer AWS, which asks it to end the service term early.
func (r *resident) agrees(ctx context.Context, p *population, o *ordersv1.Order, accountID string, today time.Time) error {
	key := r.ending.about("agree to the end")
	a := r.draw(key, 8, 80, accepts, declines)
	if o.GetWaiting().GetOwner() != typev1.Party_PARTY_CUSTOMER || !r.meets(key, a, today) {
		return nil
	}
	if a.what == declines {
		return refusable(p.aws.RejectTerm(ctx, accountID))
	}
	return refusable(p.aws.AcceptTerm(ctx, accountID))
}

// termination wants somebody named in each that is under way until AWS has its end, a case where Operations is late, and no end that
// passes.
func (j *verdict) termination(o *ordersv1.Order) {
	t := o.GetTermination()
	switch t.GetPhase() {
	case dated:
		if overdue(t.GetEndTime().AsTime().AddDate(0, 0, 1), j.now) {
			j.add("%s should have ended at %s", o.GetOrderId(), t.GetEndTime().AsTime().Format(time.RFC3339))
		}
		return
	case withdrawing: // who is late has a case of the connection
	default:
		if o.GetWaiting().GetEscalated() && !j.open[o.GetOrderId()] {
			j.add("%s has taken longer than planned, and nobody has a case of it: %s", o.GetOrderId(), o.GetWaiting().GetWhat())
		}
	}
	j.rests(o.GetOrderId(), t.GetPhase().String(), o.GetWaiting())
}
