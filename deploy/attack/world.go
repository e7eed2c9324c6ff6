package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// world is a reseller with two customers that have an order each.
type world struct {
	operator actors.Operator
	seller   string
	own      party // whose person attacks
	foreign  party
}

type party struct {
	customer, account, order string
	person                   actors.Customer
}

func (t *target) prepare(ctx context.Context) error {
	someone, err := t.person(actors.OperatorOne())
	if err != nil {
		return err
	}
	w := &t.world
	w.operator = actors.Operator{Person: someone}
	if w.seller, err = w.operator.CreateSeller(ctx); err != nil {
		return fmt.Errorf("create the seller: %w", err)
	}
	if _, err = w.operator.CreatePayer(ctx, w.seller); err != nil {
		return fmt.Errorf("create the payer: %w", err)
	}
	if err := t.settle(ctx); err != nil {
		return err
	}
	for _, p := range []*party{&w.own, &w.foreign} {
		if err := t.enter(ctx, p); err != nil {
			return fmt.Errorf("a customer: %w", err)
		}
	}
	return t.settle(ctx)
}

func (t *target) settle(ctx context.Context) error {
	return actors.Clock{Person: t.world.operator.Person, Timeout: time.Minute}.Settle(ctx)
}

// enter makes a customer with a submitted order.
func (t *target) enter(ctx context.Context, p *party) (err error) {
	w := &t.world
	contact := &ordersv1.NewContact{
		GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com",
		Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY, ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL},
	}
	if p.customer, err = w.operator.CreateCustomer(ctx, w.seller, contact); err != nil {
		return err
	}
	aws := actors.AWS{Person: w.operator.Person}
	if p.account, err = aws.CreateOrganization(ctx, id.New("root")+"@example.com", nil); err != nil {
		return err
	}
	someone, err := t.person(actors.PersonOf(id.New("sub"), p.customer))
	if err != nil {
		return err
	}
	p.person = actors.Customer{Person: someone}
	draft, err := w.operator.CreateDraft(ctx, actors.Draft(p.customer, p.account))
	if err != nil {
		return err
	}
	p.order = draft.GetOrderId()
	_, err = p.person.SubmitOrder(ctx, p.order)
	return err
}
