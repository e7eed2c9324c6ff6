package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestPartner is what a partner may do with customers: make its own and keep them, but not give them away.
func TestPartner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	partner := kittest.Partner("partner-1", "par-1")
	c.moveTo(t, "par-1")

	create := &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: w.sellerID, DisplayName: "Partner's customer", CountryCode: "CH", PartnerId: "par-2"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com",
			Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
		}},
	}
	made, err := w.Customers.CreateCustomer(w.As(t, partner), create)
	if err != nil || made.GetCustomer().GetPartnerId() != "par-1" {
		t.Errorf("made for partner %q, %v", made.GetCustomer().GetPartnerId(), err)
	}

	_, err = w.Customers.UpdateCustomer(w.As(t, partner), moved(c.id, "par-2"))
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

func moved(customerID, partnerID string) *ordersv1.UpdateCustomerRequest {
	return &ordersv1.UpdateCustomerRequest{
		CustomerId: customerID, Customer: &ordersv1.Customer{PartnerId: partnerID},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"partner_id"}},
	}
}

// moveTo has Operations give the customer to a partner.
func (c customer) moveTo(t *testing.T, partnerID string) {
	t.Helper()
	if _, err := c.w.Customers.UpdateCustomer(c.w.operator(t), moved(c.id, partnerID)); err != nil {
		t.Fatalf("move the customer: %v", err)
	}
}

// TestPartnerInEveryService: a partner sees what belongs to its customers wherever it is kept, and loses sight of a
// customer that moves to another partner in every service.
func TestPartnerInEveryService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	c.moveTo(t, "par-1")
	c.submitted(t)
	for _, holder := range []string{"par-1", "par-2"} {
		c.moveTo(t, holder)
		w.Settle(t)
		for _, partner := range []string{"par-1", "par-2"} {
			ctx := w.As(t, kittest.Partner("partner of "+partner, partner))
			transfers, err := w.Transfers.ListTransfers(ctx, &accounttransferv1.ListTransfersRequest{})
			if err != nil || (len(transfers.GetTransfers()) == 1) != (partner == holder) {
				t.Errorf("%s holds the customer, and %s sees %d transfers, %v", holder, partner, len(transfers.GetTransfers()), err)
			}
			_, err = w.Cases.ListCases(ctx, &supportv1.ListCasesRequest{CustomerId: c.id})
			if want := map[bool]codes.Code{true: codes.OK, false: codes.PermissionDenied}[partner == holder]; status.Code(err) != want {
				t.Errorf("%s holds the customer, and the cases are shown to %s: %v", holder, partner, err)
			}
		}
	}
}
