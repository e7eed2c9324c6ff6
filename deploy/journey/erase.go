package journey

import (
	"context"
	"fmt"
	"io"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// PlayPerson plays a life to its invoice and returns the words by which its person can be searched for, with the way to
// have the person erased: the deployment can be searched before and after.
func PlayPerson(ctx context.Context, t Target, out io.Writer) (words []string, erase func() error, err error) {
	l, err := Begin(ctx, t, out)
	if err != nil {
		return nil, nil, err
	}
	l.wait = wait
	if err := l.play(steps()...); err != nil {
		l.Close()
		return nil, nil, err
	}
	return []string{l.family, l.email}, func() error {
		defer l.Close()
		return l.Erase()
	}, nil
}

// Erase has every person of the customer erased, and looks that nobody is shown any more.
func (l *Life) Erase() error {
	before, err := l.Customers.GetCustomer(l.asOperator(), &ordersv1.GetCustomerRequest{CustomerId: l.customerID})
	if err != nil {
		return err
	}
	for _, p := range before.GetPersons() {
		if err := l.operator.ErasePerson(l.ctx, l.customerID, p.GetPersonId(), "Asked for by the person."); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
	}
	after, err := l.Customers.GetCustomer(l.asOperator(), &ordersv1.GetCustomerRequest{CustomerId: l.customerID})
	if err != nil {
		return err
	}
	for _, p := range after.GetPersons() {
		if p.GetFamilyName() != "" || p.GetEmail() != "" {
			return fmt.Errorf("the person %s is still shown", p.GetPersonId())
		}
	}
	return l.Quiet()
}
