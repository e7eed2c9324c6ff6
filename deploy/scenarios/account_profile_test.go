package scenarios_test

import (
	"testing"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// profileIsOpened finds a customer among others by the beginning of its name.
func (w *world) profileIsOpened(t *testing.T) {
	w.newCustomer(t)
	c := w.newCustomer(t)
	if _, err := w.Customers.UpdateCustomer(w.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: c.id, Customer: &ordersv1.Customer{DisplayName: "Zebra Example"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name"}},
	}); err != nil {
		t.Fatal(err)
	}
	all, err := w.Customers.ListCustomers(w.operator(t), &ordersv1.ListCustomersRequest{PageSize: 500})
	if err != nil || len(all.GetCustomers()) < 2 {
		t.Fatalf("the list of customers has %v, %v", all.GetCustomers(), err)
	}
	found, err := w.Customers.ListCustomers(w.operator(t), &ordersv1.ListCustomersRequest{NamePrefix: "zebra ex"})
	if err != nil || len(found.GetCustomers()) != 1 {
		t.Fatalf("found are %v, %v", found.GetCustomers(), err)
	}
	opened, err := w.Customers.GetCustomer(w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: found.GetCustomers()[0].GetCustomerId()})
	p := opened.GetCustomer()
	if err != nil || p.GetCustomerId() != c.id || p.GetDisplayName() != "Zebra Example" || p.GetCountryCode() == "" ||
		len(p.GetContacts()) != 1 || p.GetProvider() != nil {
		t.Errorf("the profile is %v, %v", p, err)
	}
}

// pricebookIsEdited opens the pricebook by the id in the profile, and changes its prices.
func (w *world) pricebookIsEdited(t *testing.T) {
	c := w.setUp(t)
	profile, err := w.Customers.GetCustomer(w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	get := &billingv1.GetPricebookRequest{PricebookId: profile.GetCustomer().GetProvider().GetPricebookId()}
	opened, err := w.Pricebooks.GetPricebook(w.operator(t), get)
	if err != nil || opened.GetPricebook().GetEtag() == "" {
		t.Fatalf("the pricebook of the provider is %v, %v", opened, err)
	}
	next := &billingv1.Pricebook{Rules: []*billingv1.PriceRule{{
		Category: billingv1.ChargeCategory_CHARGE_CATEGORY_USAGE, Percent: "-3", FromMonth: &typev1.Month{Year: 2026, Month: 6},
	}}}
	if _, err := w.Pricebooks.UpdatePricebook(w.operator(t), &billingv1.UpdatePricebookRequest{
		PricebookId: get.GetPricebookId(), Pricebook: next, Etag: opened.GetPricebook().GetEtag(),
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"rules"}},
	}); err != nil {
		t.Fatalf("edit the pricebook: %v", err)
	}
	edited, err := w.Pricebooks.GetPricebook(w.operator(t), get)
	if rules := edited.GetPricebook().GetRules(); err != nil || len(rules) != 1 || rules[0].GetPercent() != "-3" ||
		edited.GetPricebook().GetDisplayName() != opened.GetPricebook().GetDisplayName() {
		t.Errorf("afterwards it is %v, %v", edited, err)
	}
}
