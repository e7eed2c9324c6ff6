package catalogue

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Result is what came of a check.
type Result string

// The results.
const (
	Passed  Result = "PASSED"  // met, as declared or known
	Failed  Result = "FAILED"  // not met: an order is refused
	Unknown Result = "UNKNOWN" // cannot be known yet; found out during the journey

	Excepted Result = "EXCEPTED" // not met, and Operations lets the customer order nevertheless
)

// Question is everything that the rules look at.
type Question struct {
	Product             Product
	Window              Window   // when and where the product is sold
	CustomerCountry     string   // ISO 3166-1 alpha-2
	SellerCountries     []string // where the seller is present
	CurrencyCode        string   // wanted; empty: the seller's
	SellerCurrency      string
	AccountOption       AccountOption
	ManagementAccountID string
	Declared            Declared
	LegacyAgreement     bool     // the customer has an active agreement for the legacy product
	Excepted            []string // keys of the rules that the customer need not meet now
}

// Check is one rule held against a question.
type Check struct {
	Rule
	Result Result
	At     time.Time // when the sale begins or has ended, where the rule asks for that; zero: it has no such time
}

// Instruct is what to do when it is not so.
func (c Check) Instruct() text.Text {
	if c.At.IsZero() {
		return c.Rule.Instruct()
	}
	return c.Rule.Instruct().With("at", stamp(c.At))
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// Eligibility holds every rule in force against the question. A failed rule is an answer, not an error.
func Eligibility(rules []Rule, q Question, now time.Time) []Check {
	var checks []Check
	for _, r := range rules {
		if r.InForce(q.Product.Generation, now) {
			c := Check{Rule: r, Result: judge(r.Key, q, now), At: dateOf(r.Key, q.Window)}
			if c.Result == Failed && r.Exceptions && slices.Contains(q.Excepted, r.Key) {
				c.Result = Excepted
			}
			checks = append(checks, c)
		}
	}
	return checks
}

// Eligible reports whether no check failed. What cannot be known yet does not count against it.
func Eligible(checks []Check) bool { return len(failed(checks)) == 0 }

// Refuse returns nil, or the refusal that names every failed rule and what to do about the first.
func Refuse(checks []Check) error {
	bad := failed(checks)
	if len(bad) == 0 {
		return nil
	}
	first := bad[0]
	err := errs.New(errs.Precondition, first.Refusal, "not eligible: rule %s is not met", first.Key).
		WithRemedy(errs.Remedy{Who: first.Who, Text: first.Instruct()})
	if !first.At.IsZero() {
		err = err.WithMeta(map[string]string{RuleSaleBegun: "sale_start_time", RuleSaleOpen: "sale_end_time"}[first.Key], stamp(first.At))
	}
	for _, c := range bad {
		err = err.WithField(c.Field, c.Key, "the rule is not met")
	}
	return err
}

func failed(checks []Check) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Result != Failed })
}

// dateOf is the instant that decides a rule about the sale.
func dateOf(key string, w Window) time.Time {
	switch key {
	case RuleSaleBegun:
		return w.From
	case RuleSaleOpen:
		return w.Until
	}
	return time.Time{}
}

// judge answers the one question of a rule. A key that this release does not know is shown as Unknown: it stops no sale.
func judge(key string, q Question, now time.Time) Result {
	switch key {
	case RuleSaleBegun:
		return result(q.Window.begun(now))
	case RuleSaleOpen:
		return result(!q.Window.ended(now))
	case RuleNewAgreement:
		return result(q.LegacyAgreement)
	case RuleCountry:
		return result(q.Window.sells(q.SellerCountries, q.CustomerCountry))
	case RuleCurrency:
		return result(q.CurrencyCode == "" || q.CurrencyCode == q.SellerCurrency)
	case RulePartition:
		if q.Declared.Partition == "" {
			return Unknown
		}
		return result(slices.Contains(q.Window.Partitions, q.Declared.Partition))
	case RulePrivatePricing:
		return result(!q.Declared.PrivatePricing)
	case RuleTierTwoResale:
		return result(!q.Declared.TierTwoResale)
	case RuleManagementAccount:
		if q.ManagementAccountID == "" {
			return Unknown // CREATE_NEW: the journey's first step; TRANSFER_EXISTING: asked at submission
		}
		return result(ValidAccountID(q.ManagementAccountID))
	}
	return Unknown
}

func result(met bool) Result {
	if met {
		return Passed
	}
	return Failed
}
