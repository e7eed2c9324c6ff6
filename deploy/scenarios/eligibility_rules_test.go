package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestEligibilityRules is what Operations decides about the rules without a release: since when they are in force, and for whom not.
func TestEligibilityRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("ORD-007 nothing is excluded but what the rules list", w.rulesAreListed)
	t.Run("one customer is let off a rule, with a reason and until a day", w.exceptionIsGranted)
	t.Run("ORD-013 the exclusion of private pricing ends on the day that Operations sets", w.exclusionEnds) // last: it moves the clock
}

func (w *world) rulesAreListed(t *testing.T) {
	rules := w.rules(t)
	var excluding []string
	for key, r := range rules {
		if r.GetRequirement() == "" || r.GetRemedy() == "" || !r.GetInForce() {
			t.Errorf("%v", r)
		}
		excluding = append(excluding, key)
	}
	slices.Sort(excluding)
	want := []string{
		"COUNTRY", "CURRENCY", "MANAGEMENT_ACCOUNT", "NEW_AGREEMENT", "PARTITION", "PRIVATE_PRICING", "SALE_BEGUN", "SALE_OPEN",
		"TIER_TWO_RESALE",
	}
	if !slices.Equal(excluding, want) {
		t.Errorf("the rules are %v", excluding)
	}
	c := w.newCustomer(t)
	for _, check := range c.check(t, actors.Product, c.order().GetDeclared()).GetChecks() {
		if check.GetResult() != ordersv1.EligibilityResult_ELIGIBILITY_RESULT_PASSED {
			t.Errorf("%v", check)
		}
	}
	o := w.order(t, c.submitted(t).GetOrderId())
	d := o.GetEligibility()
	if len(d.GetChecks()) != 8 || !d.GetDecideTime().AsTime().Equal(o.GetSubmitTime().AsTime()) || d.GetCustomerCountryCode() != "CH" {
		t.Errorf("what the order was held against: %v", d)
	}
}

// rules are the eligibility rules by name.
func (w *world) rules(t *testing.T) map[string]*ordersv1.EligibilityRule {
	t.Helper()
	resp, err := w.Catalog.ListEligibilityRules(w.operator(t), &ordersv1.ListEligibilityRulesRequest{})
	if err != nil {
		t.Fatalf("list the rules: %v", err)
	}
	out := map[string]*ordersv1.EligibilityRule{}
	for _, r := range resp.GetRules() {
		out[r.GetRule()] = r
	}
	return out
}

func (w *world) exceptionIsGranted(t *testing.T) {
	c := w.newCustomer(t)
	declared := c.order().GetDeclared()
	declared.TierTwoResale = true
	grant := &ordersv1.GrantExceptionRequest{
		CustomerId: c.id, Rule: "TIER_TWO_RESALE", Reason: "A pilot with AWS.", ExpireTime: timestamppb.New(w.Now(t).Add(24 * time.Hour)),
	}
	w.exceptionsRefused(t, c)
	granted, err := w.Customers.GrantException(w.operator(t), grant)
	if has := granted.GetCustomer().GetExceptions(); err != nil || len(has) != 1 || has[0].GetGrantedBy().GetSubject() == "" {
		t.Fatalf("%v, %v", has, err)
	}
	const excepted = ordersv1.EligibilityResult_ELIGIBILITY_RESULT_EXCEPTED
	if resp := c.check(t, actors.Product, declared); !resp.GetEligible() || verdict(resp, "TIER_TWO_RESALE") != excepted {
		t.Errorf("with the exception: %v", resp.GetChecks())
	}
	o := c.submitted(t, func(o *ordersv1.Order) { o.Declared = declared })
	if !slices.ContainsFunc(o.GetEligibility().GetChecks(), func(c *ordersv1.EligibilityCheck) bool { return c.GetResult() == excepted }) {
		t.Errorf("the order does not say why it was let through: %v", o.GetEligibility())
	}
	other := w.newCustomer(t)
	if resp := other.check(t, actors.Product, declared); resp.GetEligible() {
		t.Errorf("another customer is let off, too: %v", resp.GetChecks())
	}
	revoke := &ordersv1.RevokeExceptionRequest{CustomerId: c.id, Rule: grant.GetRule()}
	if _, err := w.Customers.RevokeException(w.operator(t), revoke); err != nil {
		t.Fatal(err)
	}
	if resp := c.check(t, actors.Product, declared); resp.GetEligible() {
		t.Errorf("after it was taken back: %v", resp.GetChecks())
	}
}

func (w *world) exceptionsRefused(t *testing.T, c customer) {
	t.Helper()
	for reason, req := range map[string]*ordersv1.GrantExceptionRequest{
		"RULE_UNKNOWN":            {Rule: "GRAVITY", Reason: "r"},
		"RULE_WITHOUT_EXCEPTIONS": {Rule: "PARTITION", Reason: "r"},
		"FIELD_REQUIRED":          {Rule: "TIER_TWO_RESALE"},
		"VALIDITY_PAST":           {Rule: "TIER_TWO_RESALE", Reason: "r", ExpireTime: timestamppb.New(w.Now(t).Add(-time.Second))},
	} {
		req.CustomerId = c.id
		if _, err := w.Customers.GrantException(w.operator(t), req); refusedWith(err) != reason {
			t.Errorf("%v, want %s", err, reason)
		}
	}
	_, err := w.Customers.RevokeException(w.operator(t), &ordersv1.RevokeExceptionRequest{CustomerId: c.id, Rule: "TIER_TWO_RESALE"})
	refused(t, err, codes.FailedPrecondition, "EXCEPTION_MISSING")
}

func (w *world) exclusionEnds(t *testing.T) {
	const rule = "PRIVATE_PRICING"
	c := w.newCustomer(t)
	declared := c.order().GetDeclared()
	declared.PrivatePricing = true
	day := w.Now(t).Add(48 * time.Hour).Truncate(24 * time.Hour)
	set := &ordersv1.SetRuleValidityRequest{Rule: rule, ValidUntilTime: timestamppb.New(day), Reason: "AWS allows it from then on."}
	_, err := w.Catalog.SetRuleValidity(c.person(t), set)
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	first, err := w.Catalog.SetRuleValidity(w.operator(t), set)
	if err != nil || first.GetRule().GetEtag() == "" || !first.GetRule().GetInForce() {
		t.Fatalf("%v, %v", first, err)
	}
	set.Etag, set.ValidUntilTime = first.GetRule().GetEtag(), timestamppb.New(day.Add(time.Hour))
	if _, err := w.Catalog.SetRuleValidity(w.operator(t), set); err != nil {
		t.Fatal(err)
	}
	_, err = w.Catalog.SetRuleValidity(w.operator(t), set) // with the etag of before
	refused(t, err, codes.Aborted, "ETAG_MISMATCH")
	set.Etag, set.ValidUntilTime = "", timestamppb.New(w.Now(t).Add(-time.Hour))
	_, err = w.Catalog.SetRuleValidity(w.operator(t), set)
	refused(t, err, codes.InvalidArgument, "VALIDITY_PAST")

	_, err = w.Catalog.SetRuleValidity(w.operator(t), &ordersv1.SetRuleValidityRequest{Rule: "COUNTRY", Reason: "r"})
	refused(t, err, codes.FailedPrecondition, "RULE_FIXED")

	if resp := c.check(t, actors.Product, declared); resp.GetEligible() {
		t.Errorf("before that instant: %v", resp.GetChecks())
	}
	w.Advance(t, day.Add(time.Hour))
	if resp := c.check(t, actors.Product, declared); !resp.GetEligible() {
		t.Errorf("from that instant on: %v", resp.GetChecks())
	}
	if r := w.rules(t)[rule]; r.GetInForce() || r.GetChangeReason() != set.GetReason() {
		t.Errorf("%v", r)
	}
	c.submitted(t, func(o *ordersv1.Order) { o.Declared = declared })
}
