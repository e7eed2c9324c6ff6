package billing_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/pricebook"
)

// TestPricing: a relationship takes a pricebook of its own seller and currency, and none once nothing is left to bill;
// voided months are not left.
func TestPricing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := bound()
	rel := r.billed(c)
	book := func(seller, currency string) string {
		b := pricebook.Pricebook{ID: id.New("pbk"), SellerID: seller, DisplayName: "Own", CurrencyCode: currency}
		must(t, billing.Keep(t.Context(), r.env.DB, b))
		return b.ID
	}
	set := func(pricebookID string) (*billingv1.SetPricingResponse, error) {
		return r.billing.SetPricing(
			r.operator(t), &billingv1.SetPricingRequest{RelationshipId: rel.GetRelationshipId(), PricebookId: pricebookID},
		)
	}
	_, err := set(id.New("pbk"))
	refused(t, err, codes.InvalidArgument, "PRICEBOOK_UNKNOWN")
	_, err = set(book(id.New("sel"), "USD"))
	refused(t, err, codes.InvalidArgument, "PRICEBOOK_UNKNOWN")
	_, err = set(book(rel.GetSellerId(), "EUR"))
	refused(t, err, codes.InvalidArgument, "CURRENCY_MISMATCH")
	own := book(rel.GetSellerId(), "USD")
	done, err := set(own)
	if err != nil || done.GetRelationship().GetPricebookId() != own || done.GetEvents()[0].GetNote() != "Another pricebook was chosen." {
		t.Fatalf("set: %v, %v", done, err)
	}
	if again, err := set(own); err != nil || len(again.GetEvents()) != 0 {
		t.Errorf("the same again: %v, %v", again, err)
	}

	r.at(month(time.March).Start())
	r.period(rel.GetRelationshipId(), time.March)
	c.State, c.EndTime = ended, first(time.March)
	r.hearConnection(t, c)
	kittest.Until(t, "it has ended", func() bool {
		return r.ofConnection(t, c)[0].GetState() == billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED
	})
	_, err = set("")
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
}
