package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/errs"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// inhabitant is a customer of the reseller, and who looks after it.
type inhabitant interface {
	// day does what the customer does today, and reports whether there is anything left to do.
	day(ctx context.Context, p *population, today time.Time) (bool, error)
	// work does what an operator does about one thing of the customer that the list of Operations shows.
	work(ctx context.Context, p *population, shown *typev1.Action, today time.Time) error
	self() *resident
}

// resident is what every inhabitant has.
type resident struct {
	agenda
	nature
	ending ending
	id     string    // of the customer
	again  time.Time // when it looks again
}

func (r *resident) self() *resident { return r }

// settle has a customer of this nature come to the reseller.
func (p *population) settle(ctx context.Context, number int) (resident, error) {
	r := resident{nature: nature{seed: p.flags.Seed, number: uint64(number)}}
	var err error
	if r.id, err = p.operator.CreateCustomer(ctx, p.sellerID, people(number)...); err != nil {
		return r, fmt.Errorf("create the customer: %w", err)
	}
	return r, nil
}

// person is somebody of the customer.
func (r *resident) person(p *population) (actors.Customer, error) {
	person, err := p.suite.signIn(actors.PersonOf("customer-1", r.id))
	return actors.Customer{Person: person}, err
}

// orders has the customer submit an order that Operations has prepared.
func (r *resident) orders(ctx context.Context, p *population, draft *ordersv1.Order) (*ordersv1.Order, error) {
	order, err := p.operator.CreateDraft(ctx, draft)
	if err != nil {
		return nil, fmt.Errorf("create the order: %w", err)
	}
	person, err := r.person(p)
	if err != nil {
		return nil, err
	}
	if order, err = person.SubmitOrder(ctx, order.GetOrderId()); err != nil {
		return nil, fmt.Errorf("submit the order: %w", err)
	}
	return order, nil
}

// insists has the customer press Process once a week while its order has no transfer: no payer takes it before its quota was raised.
func (r *resident) insists(ctx context.Context, p *population, orderID string, today time.Time) error {
	if !r.meets("process "+today.AddDate(0, 0, -int(today.Weekday())).Format(time.DateOnly), answer{}, today) {
		return nil
	}
	person, err := r.person(p)
	if err != nil {
		return err
	}
	return refusable(person.ProcessOrder(ctx, orderID))
}

// people are who decides and pays at a customer, and who knows its accounts.
func people(number int) []*ordersv1.NewContact {
	return []*ordersv1.NewContact{
		{
			GivenName: "Pat", FamilyName: fmt.Sprintf("Example-%d", number), Email: fmt.Sprintf("pat-%d@example.com", number),
			Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY, ordersv1.ContactRole_CONTACT_ROLE_BILLING},
		},
		{
			GivenName: "Kim", FamilyName: fmt.Sprintf("Example-%d", number), Email: fmt.Sprintf("kim-%d@example.com", number),
			Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL},
		},
	}
}

// nature is what chance makes of one inhabitant: the same question has the same answer, whoever asks, in whatever order.
type nature struct{ seed, number uint64 }

func (n nature) chance(key string) *rand.Rand { return chance(n.seed^hashed(key), n.number) }

// draw draws what it does about a thing, as the function draw does.
func (n nature) draw(key string, days, usual int, what, other string) answer {
	return draw(n.chance(key), days, usual, what, other)
}

// seldom draws what only so many of a hundred do; the others never do it.
func (n nature) seldom(key string, of, days int) answer {
	r := n.chance(key)
	a := answer{days: r.IntN(days)}
	if r.IntN(100) >= of {
		a.days = never
	}
	return a
}

// refusable passes over a refusal: what somebody does by habit may be too late, or not allowed.
func refusable(err error) error {
	if slices.Contains([]errs.Kind{errs.Precondition, errs.Conflict, errs.NotFound, errs.Invalid}, errs.KindOf(err)) {
		return nil
	}
	return err
}

// hashed makes a number of a text.
func hashed(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return h.Sum64()
}
