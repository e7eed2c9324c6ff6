package catalogue_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/catalogue"
)

func TestValidity(t *testing.T) {
	before, later, last := now.Add(-time.Hour), now.Add(time.Hour), now.Add(2*time.Hour)
	for name, tt := range map[string]struct {
		was, set catalogue.Validity
		reason   string // of the refusal; empty: none
		facts    int
	}{
		"it ended and begins again": {was: catalogue.Validity{Until: before}, set: catalogue.Validity{From: later, Reason: "r"}, facts: 1},
		"its beginning is left out": {
			was: catalogue.Validity{From: before}, set: catalogue.Validity{Until: later, Reason: "r"}, facts: 1,
		},
		"it is in force and would begin later": {
			was: catalogue.Validity{Until: later}, set: catalogue.Validity{From: last, Reason: "r"}, reason: "VALIDITY_PAST",
		},
		"it began and would have begun later": {
			was: catalogue.Validity{From: before}, set: catalogue.Validity{From: later, Reason: "r"}, reason: "VALIDITY_PAST",
		},
		"it ended, and nobody says from when on": {
			was: catalogue.Validity{Until: before}, set: catalogue.Validity{Reason: "r"}, reason: "FIELD_REQUIRED",
		},
		"it ended and would not have": {
			was: catalogue.Validity{Until: before}, set: catalogue.Validity{From: before.Add(-time.Hour), Reason: "r"}, reason: "VALIDITY_PAST",
		},
		"an end to come": {set: catalogue.Validity{Until: later, Reason: "r"}, facts: 1},
		"an end now":     {set: catalogue.Validity{Until: now.Add(-time.Second), Reason: "r"}, facts: 1},
		"a span to come": {
			was: catalogue.Validity{From: later}, set: catalogue.Validity{From: later, Until: last, Reason: "r"}, facts: 1,
		},
		"the same again": {was: catalogue.Validity{Until: later, Reason: "r"}, set: catalogue.Validity{Until: later, Reason: "r"}},
		"a past that stays": {
			was: catalogue.Validity{From: before}, set: catalogue.Validity{From: before, Until: later, Reason: "r"}, facts: 1,
		},
		"an end that is taken back": {was: catalogue.Validity{Until: later}, set: catalogue.Validity{Reason: "r"}, facts: 1},
		"no reason":                 {set: catalogue.Validity{Until: later}, reason: "FIELD_REQUIRED"},
		"an end in the past":        {set: catalogue.Validity{Until: before, Reason: "r"}, reason: "VALIDITY_PAST"},
		"a beginning in the past":   {set: catalogue.Validity{From: before, Reason: "r"}, reason: "VALIDITY_PAST"},
		"an end before the beginning": {
			was: catalogue.Validity{From: last}, set: catalogue.Validity{From: last, Until: later, Reason: "r"}, reason: "VALIDITY_EMPTY",
		},
		"an end that is the beginning": {
			was: catalogue.Validity{From: last}, set: catalogue.Validity{From: later, Until: later, Reason: "r"}, reason: "VALIDITY_EMPTY",
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := tt.was
			facts, err := v.Set(tt.set, now)
			if errs.ReasonOf(err) != tt.reason || len(facts) != tt.facts {
				t.Fatalf("%v, %v", facts, err)
			}
			if err != nil && v != tt.was {
				t.Errorf("refused, and yet changed: %+v", v)
			}
			if err == nil && v.Until.Before(now) && !v.Until.IsZero() {
				t.Errorf("in force until %s, which is past", v.Until)
			}
			inForce := func(v catalogue.Validity) bool {
				return catalogue.Rule{From: v.From, Until: v.Until}.InForce("", now.Add(-time.Second))
			}
			if err == nil && inForce(v) && !inForce(tt.was) {
				t.Error("it was not in force a second ago, and now it was")
			}
		})
	}
}

// What invoices depend on is always asked for, and whether a product is sold.
func TestSwitches(t *testing.T) {
	for _, r := range catalogue.StandardRules() {
		fixed := slices.Contains([]string{
			catalogue.RuleCountry, catalogue.RuleCurrency, catalogue.RuleSaleBegun, catalogue.RuleSaleOpen,
		}, r.Key)
		if got := r.Switchable(); errs.ReasonOf(got) == "RULE_FIXED" != fixed {
			t.Errorf("%s: %v", r.Key, got)
		}
	}
}

// Exceptions are for what a contract may allow.
func TestExceptions(t *testing.T) {
	for _, r := range catalogue.StandardRules() {
		want := r.Key == catalogue.RulePrivatePricing || r.Key == catalogue.RuleTierTwoResale || r.Key == catalogue.RuleNewAgreement
		if got := r.Exceptional() == nil; got != want {
			t.Errorf("%s: exceptions %t", r.Key, got)
		}
	}
	q := clean(t)
	q.Declared.PrivatePricing, q.Declared.Partition = true, catalogue.PartitionChina
	q.Excepted = []string{catalogue.RulePrivatePricing, catalogue.RulePartition}
	checks := catalogue.Eligibility(catalogue.StandardRules(), q, now)
	if got := resultOf(t, checks, catalogue.RulePrivatePricing); got != catalogue.Excepted {
		t.Errorf("private pricing: %s", got)
	}
	if got := resultOf(t, checks, catalogue.RulePartition); got != catalogue.Failed || catalogue.Eligible(checks) {
		t.Errorf("the partition: %s", got)
	}
	q.Declared = catalogue.Declared{Partition: catalogue.PartitionAWS}
	if got := resultOf(t, catalogue.Eligibility(catalogue.StandardRules(), q, now), catalogue.RulePrivatePricing); got != catalogue.Passed {
		t.Errorf("what is met needs no exception: %s", got)
	}
}
