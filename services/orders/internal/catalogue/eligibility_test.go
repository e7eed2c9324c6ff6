package catalogue_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/catalogue"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// clean is a question that every rule passes.
func clean(t *testing.T) catalogue.Question {
	t.Helper()
	p, err := catalogue.Find(catalogue.BillingTransferEssentials)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.Question{
		Product: p, Window: catalogue.WindowOf(p.ID, nil), CustomerCountry: "CH", SellerCountries: []string{"DE", "CH"}, SellerCurrency: "CHF",
		AccountOption: catalogue.TransferExisting, ManagementAccountID: "111122223333",
		Declared: catalogue.Declared{Partition: catalogue.PartitionAWS},
	}
}

func resultOf(t *testing.T, checks []catalogue.Check, rule string) catalogue.Result {
	t.Helper()
	i := slices.IndexFunc(checks, func(c catalogue.Check) bool { return c.Key == rule })
	if i < 0 {
		return ""
	}
	return checks[i].Result
}

func TestEligibility(t *testing.T) {
	tests := []struct {
		name string
		turn func(*catalogue.Question)
		rule string
		want catalogue.Result
	}{
		{"ORD-002 the commercial regions are covered", func(*catalogue.Question) {}, catalogue.RulePartition, catalogue.Passed},
		{"ORD-003 a country with the seller", func(*catalogue.Question) {}, catalogue.RuleCountry, catalogue.Passed},
		{
			"ORD-003 a country without the seller", func(q *catalogue.Question) { q.CustomerCountry = "BR" }, catalogue.RuleCountry,
			catalogue.Failed,
		},
		{
			"ORD-008 private pricing", func(q *catalogue.Question) { q.Declared.PrivatePricing = true }, catalogue.RulePrivatePricing,
			catalogue.Failed,
		},
		{
			"ORD-009 GovCloud", func(q *catalogue.Question) { q.Declared.Partition = catalogue.PartitionGovCloud },
			catalogue.RulePartition, catalogue.Failed,
		},
		{
			"ORD-009 China", func(q *catalogue.Question) { q.Declared.Partition = catalogue.PartitionChina }, catalogue.RulePartition,
			catalogue.Failed,
		},
		{"ORD-009 a partition not said", func(q *catalogue.Question) { q.Declared.Partition = "" }, catalogue.RulePartition, catalogue.Unknown},
		{
			"ORD-010 resold once more", func(q *catalogue.Question) { q.Declared.TierTwoResale = true }, catalogue.RuleTierTwoResale,
			catalogue.Failed,
		},
		{"ORD-012 a management account", func(*catalogue.Question) {}, catalogue.RuleManagementAccount, catalogue.Passed},
		{
			"ORD-012 eleven digits", func(q *catalogue.Question) { q.ManagementAccountID = "11112222333" },
			catalogue.RuleManagementAccount, catalogue.Failed,
		},
		{
			"ORD-012 not created yet", func(q *catalogue.Question) { q.ManagementAccountID = "" }, catalogue.RuleManagementAccount,
			catalogue.Unknown,
		},
		{"ORD-034 the seller's currency", func(q *catalogue.Question) { q.CurrencyCode = "CHF" }, catalogue.RuleCurrency, catalogue.Passed},
		{"ORD-034 another currency", func(q *catalogue.Question) { q.CurrencyCode = "USD" }, catalogue.RuleCurrency, catalogue.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := clean(t)
			tt.turn(&q)
			checks := catalogue.Eligibility(catalogue.StandardRules(), q, now)
			if got := resultOf(t, checks, tt.rule); got != tt.want {
				t.Fatalf("%s: got %q, want %q", tt.rule, got, tt.want)
			}
			err := catalogue.Refuse(checks)
			if (err != nil) != (tt.want == catalogue.Failed) || catalogue.Eligible(checks) != (err == nil) {
				t.Fatalf("result %q, but refusal %v", tt.want, err)
			}
			if e, ok := errs.As(err); ok && (e.Remedy == nil || len(e.Fields) != 1 || e.Fields[0].Reason != tt.rule) {
				t.Fatalf("the refusal does not say what to do: %+v", e)
			}
		})
	}
}

func TestEligibilityCoversTheRest(t *testing.T) {
	t.Run("ORD-007 whatever no rule excludes is covered", func(t *testing.T) {
		for _, c := range catalogue.Eligibility(catalogue.StandardRules(), clean(t), now) {
			if c.Result != catalogue.Passed {
				t.Errorf("%s: %s", c.Key, c.Result)
			}
		}
	})
	t.Run("every rule is filled in and answered", func(t *testing.T) {
		for _, r := range catalogue.StandardRules() {
			if r.Field == "" || r.Refusal == "" || r.Who == "" || r.Requirement().IsZero() || r.Instruct().IsZero() {
				t.Errorf("rule %s is not filled in", r.Key)
			}
			q := clean(t)
			q.Product.Generation = generationOf(r)
			if got := resultOf(t, catalogue.Eligibility([]catalogue.Rule{r}, q, now), r.Key); got == catalogue.Unknown {
				t.Errorf("rule %s is not answered", r.Key)
			}
		}
	})
	t.Run("a rule that this release does not know stops nobody", func(t *testing.T) {
		checks := catalogue.Eligibility([]catalogue.Rule{{Key: "SOMETHING_LATER"}}, clean(t), now)
		if len(checks) != 1 || checks[0].Result != catalogue.Unknown || !catalogue.Eligible(checks) {
			t.Fatalf("got %+v", checks)
		}
	})
}

func generationOf(r catalogue.Rule) catalogue.Generation {
	if r.Generation != "" {
		return r.Generation
	}
	return catalogue.BillingTransfer
}

func TestLegacyProduct(t *testing.T) {
	legacy, err := catalogue.Find(catalogue.ManagedService)
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Date(2026, time.February, 19, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name      string
		agreement bool
		at        time.Time
		want      catalogue.Result
	}{
		{"ORD-004 with an active agreement", true, now, catalogue.Passed},
		{"ORD-004 without an agreement", false, now, catalogue.Failed},
		{"ORD-005 from the first instant of 19 February 2026 on", false, deadline, catalogue.Failed},
		{"ORD-005 not a moment before", false, deadline.Add(-time.Nanosecond), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := clean(t)
			q.Product, q.Window, q.LegacyAgreement = legacy, catalogue.WindowOf(legacy.ID, nil), tt.agreement
			checks := catalogue.Eligibility(catalogue.StandardRules(), q, tt.at)
			if got := resultOf(t, checks, catalogue.RuleNewAgreement); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			if got := resultOf(t, checks, catalogue.RulePrivatePricing); got != "" {
				t.Fatalf("a rule of billing transfer was asked of the legacy product: %q", got)
			}
		})
	}
}

func TestRulesAreSwitches(t *testing.T) {
	t.Run("ORD-013 ending the exclusion of private pricing lets it in from that instant", func(t *testing.T) {
		rules := catalogue.StandardRules()
		for i := range rules {
			if rules[i].Key == catalogue.RulePrivatePricing {
				rules[i].Until = now
			}
		}
		q := clean(t)
		q.Declared.PrivatePricing = true
		if catalogue.Eligible(catalogue.Eligibility(rules, q, now.Add(-time.Second))) {
			t.Error("let in before the rule ended")
		}
		if !catalogue.Eligible(catalogue.Eligibility(rules, q, now)) {
			t.Error("kept out after the rule ended")
		}
	})
}
