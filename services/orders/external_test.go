package orders_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestExternalIDs: the caller's own id finds the thing again, and nothing else may have it.
func TestExternalIDs(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	labels := map[string]string{"team": "finance", "region": "north"}
	customer := &ordersv1.Customer{SellerId: a.seller, DisplayName: "Other Customer", CountryCode: "CH", ExternalId: "D-4711", Labels: labels}
	create := func() (*ordersv1.CreateCustomerResponse, error) {
		return a.customers.CreateCustomer(
			a.operator(t), &ordersv1.CreateCustomerRequest{Customer: customer, Contacts: []*ordersv1.NewContact{newPerson("Olga", primary)}},
		)
	}
	other, err := create()
	if err != nil {
		t.Fatal(err)
	}
	_, err = create()
	isTaken(t, err, "customer.external_id")
	found, err := a.customers.ListCustomers(
		a.operator(t), &ordersv1.ListCustomersRequest{ExternalId: "D-4711", Labels: []string{"team=finance", "region=north"}},
	)
	if err != nil || len(found.GetCustomers()) != 1 || found.GetCustomers()[0].GetLabels()["team"] != "finance" {
		t.Errorf("found: %v, %v", found, err)
	}
	if none, err := a.customers.ListCustomers(
		a.operator(t), &ordersv1.ListCustomersRequest{Labels: []string{"team=finance", "region=nor"}},
	); err != nil || len(none.GetCustomers()) != 0 {
		t.Errorf("a part of a label finds %v, %v", none, err)
	}
	a.externalIDsOfOrders(t, other.GetCustomer().GetCustomerId())
}

func (a *alone) externalIDsOfOrders(t *testing.T, other string) {
	t.Helper()
	order := func(customer string) (*ordersv1.Order, error) {
		resp, err := a.orders.CreateOrder(a.operator(t), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
			CustomerId: customer, ProductId: "aws-billing-transfer-essentials", ExternalId: "PO-1",
		}})
		return resp.GetOrder(), err
	}
	first, err := order(a.customer)
	if err != nil {
		t.Fatal(err)
	}
	_, err = order(a.customer)
	isTaken(t, err, "order.external_id")
	if _, err := order(other); err != nil {
		t.Errorf("another customer has ids of its own: %v", err)
	}
	second := a.draft(t, "")
	set := func(o *ordersv1.Order, paths ...string) error {
		_, err := a.orders.UpdateOrder(
			a.operator(t), &ordersv1.UpdateOrderRequest{OrderId: second, Order: o, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths}},
		)
		return err
	}
	isTaken(t, set(&ordersv1.Order{ExternalId: "PO-1"}, "external_id"), "order.external_id")
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: second}); err != nil {
		t.Fatal(err)
	}
	if err := set(&ordersv1.Order{ExternalId: "PO-2", Labels: map[string]string{"quarter": "1"}}, "external_id", "labels"); err != nil {
		t.Errorf("of an order that has ended: %v", err)
	}
	isRefused(t, set(&ordersv1.Order{ExternalId: "PO-2"}, "external_id", "currency_code"), codes.FailedPrecondition, "STATE_REFUSES")
	found, err := a.orders.ListOrders(a.person(t), &ordersv1.ListOrdersRequest{
		Labels: []string{"quarter=1"}, ExternalId: "PO-2", States: []ordersv1.OrderState{ordersv1.OrderState_ORDER_STATE_DELETED},
	})
	if err != nil || len(found.GetOrders()) != 1 || found.GetOrders()[0].GetOrderId() != second {
		t.Errorf("found: %v, %v", found, err)
	}
	a.externalIDsOfAgreements(t, first.GetAgreementId(), found.GetOrders()[0].GetAgreementId())
}

func (a *alone) externalIDsOfAgreements(t *testing.T, one, another string) {
	t.Helper()
	set := func(agreementID string) error {
		_, err := a.agreements.UpdateAgreement(a.operator(t), &ordersv1.UpdateAgreementRequest{
			AgreementId: agreementID, Agreement: &ordersv1.Agreement{ExternalId: "V-1"},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"external_id"}},
		})
		return err
	}
	if err := set(one); err != nil {
		t.Fatal(err)
	}
	isTaken(t, set(another), "agreement.external_id")
	found, err := a.agreements.ListAgreements(a.person(t), &ordersv1.ListAgreementsRequest{ExternalId: "V-1"})
	if err != nil || len(found.GetAgreements()) != 1 || found.GetAgreements()[0].GetAgreementId() != one {
		t.Errorf("found: %v, %v", found, err)
	}
}

// isTaken wants a refusal that names the field.
func isTaken(t *testing.T, err error, field string) {
	t.Helper()
	isRefused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
	if e, _ := errs.As(rpc.FromStatus(err)); e == nil || len(e.Fields) != 1 || e.Fields[0].Path != field {
		t.Errorf("the refusal names another field than %s: %v", field, err)
	}
}
