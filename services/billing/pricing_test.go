package billing_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/pricebook"
)

// preparesEuros gives the relationship a pricebook in a currency in which nothing is billed yet, which has to be named.
func (r *rig) preparesEuros(relationshipID, own, euros string) {
	r.t.Helper()
	set := func(pricebookID, currency string) (*billingv1.Relationship, error) {
		resp, err := r.billing.SetPricing(r.operator(r.t), &billingv1.SetPricingRequest{
			RelationshipId: relationshipID, PricebookId: pricebookID, CurrencyCode: currency,
		})
		return resp.GetRelationship(), err
	}
	_, err := set(euros, "CHF")
	refused(r.t, err, codes.InvalidArgument, "CURRENCY_MISMATCH")
	rel, err := set(euros, "EUR")
	if err != nil || rel.GetPricebookId() != own || len(rel.GetPricebooks()) != 2 || rel.GetPricebooks()[0].GetPricebookId() != euros {
		r.t.Errorf("with euros prepared: %v, %v", rel, err)
	}
	if rel, err = set("", "EUR"); err != nil || rel.GetPricebookId() != own || len(rel.GetPricebooks()) != 1 {
		r.t.Errorf("without them: %v, %v", rel, err)
	}
}

// TestPricingOfWhatIsInvoiced: a currency whose months are all invoiced has to be named, as one that is not billed yet.
func TestPricingOfWhatIsInvoiced(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, agreement := journey()
	byUs := agreement.GetSupportOption()
	agreement.TermsHistory = []*ordersv1.AgreementTerms{ // another order has replaced the dollars before their month
		{CurrencyCode: "EUR", SupportOption: byUs}, dated(time.May, "USD", byUs), dated(time.May, "EUR", byUs),
	}
	a.hearAgreement(t, agreement)
	a.hearConnection(t, connection)
	dollars := pricebook.Pricebook{ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Own", CurrencyCode: "USD"}
	must(t, billing.Keep(t.Context(), a.env.DB, dollars))
	set := &billingv1.SetPricingRequest{
		RelationshipId: a.relationships(t, connection.GetOrderId())[0].GetRelationshipId(), PricebookId: dollars.ID,
	}
	_, err := a.billing.SetPricing(a.operator(t), set)
	refused(t, err, codes.InvalidArgument, "CURRENCY_MISMATCH")
	set.CurrencyCode = "USD"
	if _, err = a.billing.SetPricing(a.operator(t), set); err != nil {
		t.Errorf("named: %v", err)
	}
}

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

	r.preparesEuros(rel.GetRelationshipId(), own, book(rel.GetSellerId(), "EUR"))

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
