package statement_test

import (
	"testing"

	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

func TestCategories(t *testing.T) {
	for _, tt := range []struct {
		service, recordType, entity string
		want                        pricebook.Category
	}{
		{"Amazon S3", "Usage", "AWS", pricebook.Usage},
		{"Amazon EC2", "Recurring", "AWS", pricebook.Commitment},
		{"Amazon EC2", "DiscountedUsage", "AWS", pricebook.Commitment},
		{"Amazon EC2", "SavingsPlanRecurringFee", "AWS", pricebook.Commitment},
		{"Amazon EC2", "Savings Plan Covered Usage", "AWS", pricebook.Commitment},
		{"Amazon EC2", "SavingsPlanNegation", "AWS", pricebook.Commitment},
		{"AWS Support (Business)", "Fee", "AWS", pricebook.Support},
		{"AWS Support (Business)", "Support", "AWS", pricebook.Support},
		{"AWS Support (Business)", "Tax", "AWS", pricebook.Tax},
		{"AWS Premium Support", "Usage", "AWS", pricebook.Support},
		{"AWS Business Support+", "Usage", "AWS", pricebook.Support},
		{"AWS Enterprise Support", "Usage", "AWS", pricebook.Support},
		{"AWS Developer Support", "Fee", "AWS", pricebook.Support},
		{"AWSSupportBusiness", "Usage", "AWS", pricebook.Support},
		{"Support", "Usage", "AWS", pricebook.Support},
		{"AWS Unified Operations", "Usage", "AWS", pricebook.Support},
		{"AWSUnifiedOperations", "Usage", "AWS", pricebook.Support},
		{"Support desk", "Usage", "AWS Marketplace", pricebook.Marketplace},
		{"Amazon Connect", "Usage", "AWS", pricebook.Usage},
		{"Amazon EC2", "Solution Provider Program Discount", "AWS", pricebook.PartnerDiscount},
		{"Amazon EC2", "SppDiscount", "AWS", pricebook.PartnerDiscount},
		{"Amazon EC2", "SPPDiscount", "AWS", pricebook.PartnerDiscount},
		{"Amazon EC2", "sppdiscount", "AWS", pricebook.PartnerDiscount},
		{"Amazon EC2", "AWS SPP Discount 2026", "AWS", pricebook.PartnerDiscount},
		{"Amazon EC2", "AWS PPA Discount", "AWS", pricebook.Discount},
		{"Amazon EC2", "Customer's PPA Discount", "AWS", pricebook.Discount},
		{"Amazon EC2", "Special Discount 2026", "AWS", pricebook.Discount},
		{"Amazon EC2", "Volume Discounts", "AWS", pricebook.Discount},
		{"Amazon EC2", "Bundled Discount", "AWS", pricebook.Discount},
		{"Amazon EC2", "EdpDiscount", "AWS", pricebook.Discount},
		{"Amazon EC2", "Credit", "AWS", pricebook.Credit},
		{"Scanner", "Usage", "AWS Marketplace", pricebook.Marketplace},
		{"Scanner", "FlatRateSubscription", "AWS Marketplace", pricebook.Marketplace},
		{"Scanner", "Refund", "AWS Marketplace", pricebook.Credit},
		{"Scanner", "Tax", "AWS Marketplace", pricebook.Tax},
		{"Amazon EC2", "FlatRateSubscription", "AWS", pricebook.Other},
		{"Amazon EC2", "Something New", "AWS", pricebook.Other},
		{"Amazon EC2", "", "AWS", pricebook.Other},
	} {
		c := statement.Charge{Service: tt.service, RecordType: tt.recordType, Entity: statement.EntityOf(tt.entity)}
		if got := statement.CategoryOf(c, plans()); got != tt.want {
			t.Errorf("%s %q of %s is %s, want %s", tt.service, tt.recordType, tt.entity, got, tt.want)
		}
	}
}

// TestUnknownTypesStayApart: what nobody knows is neither lost nor mixed.
func TestUnknownTypesStayApart(t *testing.T) {
	groups := classify(t,
		charge(t, "Something New", statement.AWS, "1.10"), charge(t, "Usage", statement.AWS, "10"),
		charge(t, "Something Else", statement.AWS, "2"),
		charge(t, "Something New", statement.AWS, "0.005"), charge(t, "Usage", statement.AWS, "0.001"),
	)
	want := []statement.Group{
		{Category: pricebook.Usage, Entity: statement.AWS, Cost: usd(t, "10.001"), Charges: 2},
		{Category: pricebook.Other, RecordType: "Something Else", Entity: statement.AWS, Cost: usd(t, "2"), Charges: 1},
		{Category: pricebook.Other, RecordType: "Something New", Entity: statement.AWS, Cost: usd(t, "1.105"), Charges: 2},
	}
	if len(groups) != len(want) {
		t.Fatalf("got %v", groups)
	}
	for i := range want {
		if !groups[i].Equal(want[i]) {
			t.Errorf("got %v, want %v", groups[i], want[i])
		}
	}
}
