package billing_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/sim/aws/state"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestSearch: an invoice is found by its number, and a month by AWS's invoice for it, which is a cost, by the reseller's people alone.
func TestSearch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	kittest.SearchesByIndex(t, r.env, 5)
	r.joined(customerAccount)
	c := connected()
	c.StartTime = timestamppb.New(time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC))
	rel := r.billed(c)
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "100"})
	p := r.period(rel.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	month := r.steps(p.GetPeriodId())
	if month.GetState() != invoiced {
		t.Fatalf("March is %v", month)
	}
	issued := r.invoices(rel.GetRelationshipId())[0]
	finds := func(caller context.Context, by typev1.MatchedBy, value string) (ids []string) {
		t.Helper()
		resp, err := opsv1.NewOperationsServiceClient(r.Conn()).Search(caller, &opsv1.SearchRequest{
			Service: "billing", Tokens: []*opsv1.SearchToken{{By: by, Value: value}},
		})
		must(t, err)
		for _, hit := range resp.GetHits() {
			ids = append(ids, hit.GetResourceId())
			if hit.GetOrderId() != c.GetOrderId() || hit.GetCustomerId() != c.GetCustomerId() {
				t.Errorf("by %s: %v", value, hit)
			}
		}
		return ids
	}
	owner := r.As(t, kittest.Customer("customer-1", c.GetCustomerId()))
	stranger := r.As(t, kittest.Customer("customer-2", id.New("cus")))
	ofAWS := month.GetVendorInvoices()[0].GetVendorInvoiceId()
	for _, tt := range []struct {
		by    typev1.MatchedBy
		value string
		want  string
		open  bool // to the customer
	}{
		{typev1.MatchedBy_MATCHED_BY_INVOICE_NUMBER, issued.GetNumber(), issued.GetInvoiceId(), true},
		{typev1.MatchedBy_MATCHED_BY_VENDOR_INVOICE_ID, ofAWS, p.GetPeriodId(), false},
		{typev1.MatchedBy_MATCHED_BY_ID, p.GetPeriodId(), p.GetPeriodId(), true},
		{typev1.MatchedBy_MATCHED_BY_ID, rel.GetRelationshipId(), rel.GetRelationshipId(), true},
	} {
		want := []string{tt.want}
		if got := finds(r.operator(t), tt.by, tt.value); !slices.Equal(got, want) {
			t.Errorf("an operator finds %v by %s", got, tt.value)
		}
		if !tt.open {
			want = nil
		}
		if got := finds(owner, tt.by, tt.value); !slices.Equal(got, want) {
			t.Errorf("the customer finds %v by %s", got, tt.value)
		}
		if got := finds(stranger, tt.by, tt.value); len(got) != 0 {
			t.Errorf("a stranger finds %v by %s", got, tt.value)
		}
	}
}
