package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/auth"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestPartner is what a partner may do with customers: make its own and keep them, but not give them away.
func TestPartner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	partner := auth.Principal{Subject: "partner-1", Role: auth.Partner, Partner: "par-1", Customers: []string{c.id}}

	create := &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: w.sellerID, DisplayName: "Partner's customer", CountryCode: "CH", PartnerId: "par-2"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com", Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
		}},
	}
	made, err := w.Customers.CreateCustomer(w.As(t, partner), create)
	if err != nil || made.GetCustomer().GetPartnerId() != "par-1" {
		t.Errorf("made for partner %q, %v", made.GetCustomer().GetPartnerId(), err)
	}

	give := &ordersv1.UpdateCustomerRequest{
		CustomerId: c.id,
		Customer:   &ordersv1.Customer{PartnerId: "par-2"}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"partner_id"}},
	}
	_, err = w.Customers.UpdateCustomer(w.As(t, partner), give)
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	if given, err := w.Customers.UpdateCustomer(w.operator(t), give); err != nil || given.GetCustomer().GetPartnerId() != "par-2" {
		t.Errorf("given by Operations: %v, %v", given, err)
	}
}
