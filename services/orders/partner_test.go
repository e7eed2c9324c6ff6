package orders_test

import (
	"context"
	"fmt"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/kit/kittest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// moveTo gives the customer to a partner; empty: to none.
func (a *alone) moveTo(t *testing.T, partner string) {
	t.Helper()
	_, err := a.customers.UpdateCustomer(a.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: a.customer, Customer: &ordersv1.Customer{PartnerId: partner},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"partner_id"}},
	})
	if err != nil {
		t.Fatalf("move the customer to %q: %v", partner, err)
	}
}

// sees looks at the customer, its people, order and agreement in every way that a caller has.
func (a *alone) sees(t *testing.T, ctx context.Context, orderID string, want bool) {
	t.Helper()
	code := map[bool]codes.Code{true: codes.OK, false: codes.NotFound}[want]
	named := map[bool]codes.Code{true: codes.OK, false: codes.PermissionDenied}[want]
	order, err := a.orders.GetOrder(ctx, &ordersv1.GetOrderRequest{OrderId: orderID})
	isCode(t, "GetOrder", err, code)
	_, err = a.customers.GetCustomer(ctx, &ordersv1.GetCustomerRequest{CustomerId: a.customer})
	isCode(t, "GetCustomer", err, named)
	_, err = a.orders.ListOrders(ctx, &ordersv1.ListOrdersRequest{CustomerId: a.customer})
	isCode(t, "ListOrders of the customer", err, named)
	_, err = a.customers.AddPerson(ctx, &ordersv1.AddPersonRequest{
		CustomerId: a.customer, Person: newPerson("Tom", technical),
		ValidateOnly: true,
	})
	isCode(t, "AddPerson", err, named)
	timeline, err := ordersv1.NewTimelineServiceClient(a.Conn()).GetTimeline(ctx, &ordersv1.GetTimelineRequest{OrderId: orderID})
	isCode(t, "GetTimeline", err, code)
	orders, err := a.orders.ListOrders(ctx, &ordersv1.ListOrdersRequest{})
	isCode(t, "ListOrders", err, codes.OK)
	agreements, err := a.agreements.ListAgreements(ctx, &ordersv1.ListAgreementsRequest{})
	isCode(t, "ListAgreements", err, codes.OK)
	customers, err := a.customers.ListCustomers(ctx, &ordersv1.ListCustomersRequest{PageSize: 500})
	isCode(t, "ListCustomers", err, codes.OK)
	shown := 0
	for _, c := range customers.GetCustomers() {
		if c.GetCustomerId() == a.customer {
			shown++
		}
	}
	if n := len(orders.GetOrders()) + len(agreements.GetAgreements()) + shown; want && n != 3 || !want && n != 0 {
		t.Errorf("listed are %d, want all: %t", n, want)
	}
	if want && (order.GetOrder().GetCustomerId() != a.customer || len(timeline.GetEntries()) == 0) {
		t.Errorf("it sees %v and %d entries", order, len(timeline.GetEntries()))
	}
}

func isCode(t *testing.T, what string, err error, want codes.Code) {
	t.Helper()
	if got := status.Code(err); got != want {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

// TestPartnerSeesItsCustomers: by its id alone, however many they are, and a customer that moves is seen by the new
// partner and by nobody else.
func TestPartnerSeesItsCustomers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	orderID := a.draft(t, "")
	one, two := a.As(t, kittest.Partner("paula", "par_1")), a.As(t, kittest.Partner("petra", "par_2"))
	a.sees(t, one, orderID, false)
	for _, holder := range []string{"par_1", "par_2", ""} {
		a.moveTo(t, holder)
		a.sees(t, one, orderID, holder == "par_1")
		a.sees(t, two, orderID, holder == "par_2")
	}
	_, err := a.orders.CreateOrder(one, &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: a.customer,
		ProductId:  "aws-billing-transfer-essentials",
	}})
	isRefused(t, err, codes.PermissionDenied, "CUSTOMER_DENIED")
}

// TestPartnerOfManyCustomers: more than a token could list.
func TestPartnerOfManyCustomers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	partner := a.As(t, kittest.Partner("paula", "par_1"))
	const many = 200
	for i := range many {
		_, err := a.customers.CreateCustomer(partner, &ordersv1.CreateCustomerRequest{
			Customer: &ordersv1.Customer{SellerId: a.seller, DisplayName: fmt.Sprintf("Example Customer %d", i), CountryCode: "CH"},
			Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	page, err := a.customers.ListCustomers(partner, &ordersv1.ListCustomersRequest{PageSize: 500})
	if err != nil || len(page.GetCustomers()) != many {
		t.Fatalf("it sees %d customers, %v", len(page.GetCustomers()), err)
	}
	made, err := a.orders.CreateOrder(partner, &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: page.GetCustomers()[0].GetCustomerId(), ProductId: "aws-billing-transfer-essentials",
	}})
	if err != nil || made.GetOrder().GetPreparedBy().GetSubject() != "paula" {
		t.Errorf("ordered for one of them: %v, %v", made, err)
	}
}
