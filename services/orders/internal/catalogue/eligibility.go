package catalogue

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
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
}

// Eligibility holds every rule in force against the question. A failed rule is an answer, not an error.
func Eligibility(rules []Rule, q Question, now time.Time) []Check {
	var checks []Check
	for _, r := range rules {
		if r.InForce(q.Product.Generation, now) {
			c := Check{r, judge(r.Key, q)}
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
	for _, c := range bad {
		err = err.WithField(c.Field, c.Key, "the rule is not met")
	}
	return err
}

func failed(checks []Check) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Result != Failed })
}

// judge answers the one question of a rule. A key that this release does not know is shown as Unknown: it stops no sale.
func judge(key string, q Question) Result {
	switch key {
	case RuleNewAgreement:
		return result(q.LegacyAgreement)
	case RuleCountry:
		return result(slices.Contains(q.SellerCountries, q.CustomerCountry))
	case RuleCurrency:
		return result(q.CurrencyCode == "" || q.CurrencyCode == q.SellerCurrency)
	case RulePartition:
		if q.Declared.Partition == "" {
			return Unknown
		}
		return result(q.Declared.Partition == PartitionAWS)
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
