package scenarios_test

import (
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestInvitationIsRecognised: what AWS shows the customer says who asks, for which order, and from when on, in the characters that AWS
// takes; and the suite finds its invitation by it again.
func TestInvitationIsRecognised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	if _, err := w.Sellers.UpdateSeller(w.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId: w.sellerID, Seller: &ordersv1.Seller{DisplayName: "Müller <Cloud> 株式会社"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name"}},
	}); err != nil {
		t.Fatalf("rename the seller: %v", err)
	}
	w.setFault(t, &sandboxv1.Fault{Operation: opInvite, Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries})
	o := c.invited(t) // AWS's answer got lost: it is found again by its name
	held := w.atAWS(t, c.account)
	if len(held) != 1 {
		t.Fatalf("AWS holds %v", held)
	}
	inv := w.transfer(t, o.GetTransferId()).GetConnection().GetInvitations()[0]
	want := "Muller Cloud, order " + o.GetOrderId() + ", from Mar 2026 [" + inv.GetName() + "]"
	if held[0].GetName() != want || inv.GetAwsName() != want || inv.GetAwsTransferId() != held[0].GetAwsTransferId() {
		t.Errorf("AWS shows %q, the suite says %q, want %q", held[0].GetName(), inv.GetAwsName(), want)
	}
	notes := held[0].GetNotes()
	if !mentions(notes, "Müller Cloud 株式会社", o.GetOrderId(), c.account, "1 March 2026", "27 February 2026") ||
		utf8.RuneCountInString(notes) > 1024 {
		t.Errorf("AWS shows the note %q", notes)
	}
	mails := w.mailed(t, &sandboxv1.ListMailRequest{WithText: true})
	found := 0
	for _, m := range mails {
		if mentions(m.GetText(), "Notes from the sender", o.GetOrderId()) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d mails of AWS name the order", found)
	}
}
