package scenarios_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestEligibility is whom the product is for: what is declared is refused before anything begins, what only AWS knows
// makes the order wait for whoever can mend it.
func TestEligibility(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("ORD-002 ORD-009 the commercial regions are served, GovCloud and China are not", w.partitions)
	t.Run("ORD-003 a seller sells only in countries where it is present", w.countries)
	t.Run("ORD-008 a declared private pricing agreement excludes the order", func(t *testing.T) {
		w.excluded(t, "PRIVATE_PRICING", func(d *ordersv1.DeclaredFacts) { d.PrivatePricing = true })
	})
	t.Run("ORD-008 a private pricing agreement that only AWS knows of makes the order wait for the customer", w.pricingKnownToAWS)
	t.Run("ORD-010 tier-2 resale excludes the order", func(t *testing.T) {
		w.excluded(t, "TIER_TWO_RESALE", func(d *ordersv1.DeclaredFacts) { d.TierTwoResale = true })
	})
	t.Run("ORD-012 an account that is no management account makes the order wait for another one", w.noManagementAccount)
}

// check asks for the verdicts on an order like the customer's, with other declared facts.
func (c customer) check(t *testing.T, productID string, declared *ordersv1.DeclaredFacts) *ordersv1.CheckEligibilityResponse {
	t.Helper()
	resp, err := c.w.Catalog.CheckEligibility(c.person(t), &ordersv1.CheckEligibilityRequest{
		ProductId: productID, CustomerId: c.id, AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING,
		ManagementAccountId: c.account, Declared: declared,
	})
	if err != nil {
		t.Fatalf("check the eligibility: %v", err)
	}
	return resp
}

func verdict(resp *ordersv1.CheckEligibilityResponse, rule string) ordersv1.EligibilityResult {
	i := slices.IndexFunc(resp.GetChecks(), func(c *ordersv1.EligibilityCheck) bool { return c.GetRule() == rule })
	if i < 0 {
		return ordersv1.EligibilityResult_ELIGIBILITY_RESULT_UNSPECIFIED
	}
	return resp.GetChecks()[i].GetResult()
}

const failedVerdict = ordersv1.EligibilityResult_ELIGIBILITY_RESULT_FAILED

// excluded fails unless a declared fact excludes an order, in the wizard and at the submission.
func (w *world) excluded(t *testing.T, rule string, declare func(*ordersv1.DeclaredFacts)) {
	t.Helper()
	c := w.newCustomer(t)
	facts := c.order().GetDeclared()
	if resp := c.check(t, actors.Product, facts); !resp.GetEligible() {
		t.Fatalf("not eligible from the start: %v", resp.GetChecks())
	}
	declare(facts)
	if resp := c.check(t, actors.Product, facts); resp.GetEligible() || verdict(resp, rule) != failedVerdict {
		t.Errorf("eligible %t, verdicts %v", resp.GetEligible(), resp.GetChecks())
	}
	o := c.draft(t, func(o *ordersv1.Order) { declare(o.Declared) })
	w.unchanged(t, o.GetOrderId(), func() {
		_, err := c.submit(t, o.GetOrderId())
		if e := refusal(t, err, codes.FailedPrecondition, "NOT_ELIGIBLE"); e.Remedy == nil || e.Remedy.Text.Params["what"] == "" {
			t.Errorf("refused with %+v", e)
		}
	})
}

func (w *world) partitions(t *testing.T) {
	for _, p := range []ordersv1.AwsPartition{ordersv1.AwsPartition_AWS_PARTITION_AWS_US_GOV, ordersv1.AwsPartition_AWS_PARTITION_AWS_CN} {
		w.excluded(t, "PARTITION", func(d *ordersv1.DeclaredFacts) { d.Partition = p })
	}
}

func (w *world) countries(t *testing.T) {
	_, err := w.Customers.CreateCustomer(w.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: w.sellerID, DisplayName: "Far Away", CountryCode: "FR"}, Contacts: []*ordersv1.NewContact{pat()},
	})
	if e := refusal(t, err, codes.InvalidArgument, "COUNTRY_NOT_SERVED"); e.Remedy == nil {
		t.Errorf("refused with %+v", e)
	}
	c := w.newCustomer(t)
	o := c.draft(t)
	w.soldIn(t, "DE") // no longer in Switzerland
	defer w.soldIn(t)
	if resp := c.check(t, actors.Product, o.GetDeclared()); resp.GetEligible() || verdict(resp, "COUNTRY") != failedVerdict {
		t.Errorf("verdicts %v", resp.GetChecks())
	}
	_, err = c.submit(t, o.GetOrderId())
	refused(t, err, codes.FailedPrecondition, "COUNTRY_NOT_SERVED")
}

// soldIn has the product sold in some countries alone; none: wherever the seller is present.
func (w *world) soldIn(t *testing.T, codes ...string) {
	t.Helper()
	w.sells(t, actors.Product, func(r *ordersv1.SetSaleWindowRequest) { r.SellerCountryCodes = codes })
}

// refusedByAWS submits an order whose invitation AWS refuses, and returns the order and its invitation.
func (c customer) refusedByAWS(t *testing.T) (*ordersv1.Order, *accounttransferv1.Invitation) {
	t.Helper()
	o := c.submitted(t)
	c.w.Settle(t)
	inv := c.w.transfer(t, o.GetTransferId()).GetConnection().GetInvitations()
	if len(inv) != 1 || inv[0].GetState() != accounttransferv1.InvitationState_INVITATION_STATE_REFUSED {
		t.Fatalf("the invitations are %v, want a refused one", inv)
	}
	return c.w.order(t, o.GetOrderId()), inv[0]
}

func (w *world) pricingKnownToAWS(t *testing.T) {
	c := w.newCustomer(t, &sandboxv1.OrganizationTraits{PrivatePricing: true})
	o, inv := c.refusedByAWS(t)
	if e := inv.GetError(); e.GetReason() != "UNSUPPORTED_PRICING" || e.GetOwner() != typev1.Party_PARTY_CUSTOMER || e.GetRemedy() == "" {
		t.Errorf("AWS refused with %v", e)
	}
	w.waitsForCustomer(t, o, "private pricing")
}

func (w *world) noManagementAccount(t *testing.T) {
	c := w.newCustomer(t)
	c.account = resellerAccount // an account that manages no organization
	o, inv := c.refusedByAWS(t)
	if e := inv.GetError(); e.GetReason() != "TARGET_NOT_SUPPORTED" || e.GetOwner() != typev1.Party_PARTY_CUSTOMER {
		t.Errorf("AWS refused with %v", e)
	}
	w.waitsForCustomer(t, o, "management account")
}

// waitsForCustomer fails unless the order says what the customer must mend, and where.
func (w *world) waitsForCustomer(t *testing.T, o *ordersv1.Order, what string) {
	t.Helper()
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	if wait := o.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || !mentions(wait.GetWhat(), what) || wait.GetWhere() == "" {
		t.Errorf("the order waits for %v", wait)
	}
}
