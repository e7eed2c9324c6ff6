package scenarios_test

import (
	"context"
	"testing"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
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
	c, err := w.customers.CreateCustomer(w.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: w.sellerID, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{pat()},
	})
	if err != nil {
		t.Fatalf("create the customer: %v", err)
	}
	return customer{w: w, id: c.GetCustomer().GetCustomerId(), subject: id.New("sub"), account: w.newOrganization(t, traits...)}
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
	req := &sandboxv1.CreateOrganizationRequest{Name: "Example Customer", Email: id.New("root") + "@example.com"}
	for _, trait := range traits {
		req.Traits = trait
	}
	org, err := w.sandbox.CreateOrganization(w.operator(t), req)
	if err != nil {
		t.Fatalf("create the organization at AWS: %v", err)
	}
	return org.GetOrganization().GetAccountId()
}

// person calls as the customer's person.
func (c customer) person(t *testing.T) context.Context {
	t.Helper()
	return c.w.As(t, kittest.Customer(c.subject, c.id))
}

// order is a complete order for the customer's existing account.
func (c customer) order() *ordersv1.Order {
	return &ordersv1.Order{
		CustomerId: c.id, ProductId: product, AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING,
		ManagementAccountId: c.account, SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD,
		Declared: &ordersv1.DeclaredFacts{Partition: ordersv1.AwsPartition_AWS_PARTITION_AWS, PermissionsConfirmed: true},
	}
}

// draft has Operations prepare the order, as changed.
func (c customer) draft(t *testing.T, change ...func(*ordersv1.Order)) *ordersv1.Order {
	t.Helper()
	o := c.order()
	for _, f := range change {
		f(o)
	}
	resp, err := c.w.orders.CreateOrder(c.w.operator(t), &ordersv1.CreateOrderRequest{Order: o})
	if err != nil {
		t.Fatalf("create the order: %v", err)
	}
	return resp.GetOrder()
}

// submit has the customer submit a draft with both terms.
func (c customer) submit(t *testing.T, orderID string) (*ordersv1.Order, error) {
	t.Helper()
	resp, err := c.w.orders.SubmitOrder(c.person(t), &ordersv1.SubmitOrderRequest{OrderId: orderID, Terms: bothTerms()})
	return resp.GetOrder(), err
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
	_, err := c.w.sandbox.AcceptBillingTransfer(c.w.operator(t), &sandboxv1.AcceptBillingTransferRequest{AccountId: c.account})
	if err != nil {
		t.Fatalf("accept at AWS: %v", err)
	}
}

// process presses "Process" as the customer and waits for what comes of it.
func (c customer) process(t *testing.T, orderID string) *ordersv1.Order {
	t.Helper()
	if _, err := c.w.orders.ProcessOrder(c.person(t), &ordersv1.ProcessOrderRequest{OrderId: orderID}); err != nil {
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

func bothTerms() []*ordersv1.AcceptedTerm {
	return []*ordersv1.AcceptedTerm{
		{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: "2026-02"},
		{Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: "2026-02"},
	}
}
