package scenarios_test

import (
	"context"
	"testing"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// customer is a company that buys, with its organization at AWS.
type customer struct {
	w       *world
	id      string
	subject string // of its person
	account string // management account
}

// newCustomer adds a customer; traits are what AWS knows about its organization.
func (w *world) newCustomer(t *testing.T, traits ...*sandboxv1.OrganizationTraits) customer {
	t.Helper()
	customerID, err := w.op(t).CreateCustomer(t.Context(), w.sellerID, pat())
	if err != nil {
		t.Fatalf("create the customer: %v", err)
	}
	return customer{w: w, id: customerID, subject: id.New("sub"), account: w.newOrganization(t, traits...)}
}

// pat is the one person of every customer.
func pat() *ordersv1.NewContact {
	return &ordersv1.NewContact{
		GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com",
		Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY, ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL},
	}
}

// newOrganization returns the management account of a new organization at AWS.
func (w *world) newOrganization(t *testing.T, traits ...*sandboxv1.OrganizationTraits) string {
	t.Helper()
	var known *sandboxv1.OrganizationTraits
	for _, trait := range traits {
		known = trait
	}
	account, err := w.aws(t).CreateOrganization(t.Context(), id.New("root")+"@example.com", known)
	if err != nil {
		t.Fatalf("create the organization at AWS: %v", err)
	}
	return account
}

// person is a context of the customer's person; hands are what it does.
func (c customer) person(t *testing.T) context.Context {
	t.Helper()
	return c.w.As(t, actors.PersonOf(c.subject, c.id))
}

func (c customer) hands(t *testing.T) actors.Customer {
	t.Helper()
	return actors.Customer{Person: c.w.signIn(t, actors.PersonOf(c.subject, c.id))}
}

// order is a complete order for the customer's existing account.
func (c customer) order() *ordersv1.Order { return actors.Draft(c.id, c.account) }

// draft has Operations prepare the order, as changed.
func (c customer) draft(t *testing.T, change ...func(*ordersv1.Order)) *ordersv1.Order {
	t.Helper()
	o := c.order()
	for _, f := range change {
		f(o)
	}
	o, err := c.w.op(t).CreateDraft(t.Context(), o)
	if err != nil {
		t.Fatalf("create the order: %v", err)
	}
	return o
}

// submit has the customer submit a draft with both terms.
func (c customer) submit(t *testing.T, orderID string) (*ordersv1.Order, error) {
	t.Helper()
	return c.hands(t).SubmitOrder(t.Context(), orderID)
}

// submitted is an order under way, just submitted.
func (c customer) submitted(t *testing.T, change ...func(*ordersv1.Order)) *ordersv1.Order {
	t.Helper()
	o, err := c.submit(t, c.draft(t, change...).GetOrderId())
	if err != nil {
		t.Fatalf("submit: %v", err)
	}
	return o
}

// invited is an order that waits for the customer to accept at AWS.
func (c customer) invited(t *testing.T) *ordersv1.Order {
	t.Helper()
	o := c.submitted(t)
	c.w.Settle(t)
	o = c.w.order(t, o.GetOrderId())
	if o.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Fatalf("order is %s and waits for %v, want the acceptance", o.GetState(), o.GetWaiting())
	}
	return o
}

// accept clicks as the customer in the AWS console.
func (c customer) accept(t *testing.T) {
	t.Helper()
	if _, err := c.w.aws(t).AcceptInvitation(t.Context(), c.account); err != nil {
		t.Fatalf("accept at AWS: %v", err)
	}
}

// process presses "Process" as the customer and waits for what comes of it.
func (c customer) process(t *testing.T, orderID string) *ordersv1.Order {
	t.Helper()
	if err := c.hands(t).ProcessOrder(t.Context(), orderID); err != nil {
		t.Fatalf("process: %v", err)
	}
	c.w.Settle(t)
	return c.w.order(t, orderID)
}

// goesOn fails unless the suite knows of the acceptance, has done its part at AWS, and the order waits for the customer's
// next step.
func goesOn(t *testing.T, o *ordersv1.Order) {
	t.Helper()
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	if wait := o.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || wait.GetStepKey() != "accept-service-term" {
		t.Errorf("the order waits for %v", wait)
	}
}
