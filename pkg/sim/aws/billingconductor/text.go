package billingconductor

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// text is what AWS demands of a string member. The SDK does not check it, so a client's mistake shows only here.
type text struct {
	name     string
	max      int // in characters; zero: no bound
	pattern  *regexp.Regexp
	optional bool
}

var (
	groupName   = text{name: "Name", max: 128, pattern: regexp.MustCompile(`^[a-zA-Z0-9_+=.@-]+$`)}
	description = text{name: "Description", max: 1024, optional: true}
	clientToken = text{name: "ClientToken", max: 64, pattern: regexp.MustCompile(`^[a-zA-Z0-9-]+$`), optional: true}
	groupID     = text{
		name: "Arn", pattern: regexp.MustCompile(`^(arn:aws(-cn)?:billingconductor::[0-9]{12}:billinggroup/)?[a-zA-Z0-9]{10,12}$`),
	}
	planPattern = regexp.MustCompile(
		`^arn:aws(-cn)?:billingconductor::(aws|[0-9]{12}):pricingplan/(BasicPricingPlan|Passthrough|[a-zA-Z0-9]{10})$`,
	)
)

func optional(t text) text {
	t.optional = true
	return t
}

// check returns the violation of the first rule that v breaks.
func (t text) check(v *string) error {
	switch {
	case v == nil && t.optional:
		return nil
	case v == nil:
		return invalid(fieldFailed, t.name, t.name+" is required.")
	case t.max > 0 && utf8.RuneCountInString(*v) > t.max:
		return invalid(fieldFailed, t.name, t.name+" is too long.")
	case t.pattern != nil && !t.pattern.MatchString(*v):
		return invalid(fieldFailed, t.name, t.name+" does not match the required pattern.")
	}
	return nil
}

// plans are AWS's own pricing plans.
func plans() []string { return []string{bill.BasicPlan, bill.PassthroughPlan} }

// planExists wants a plan that is AWS's own; the owner has none, and sees none of others.
func planExists(arn string, owner state.Account) error {
	switch {
	case !planPattern.MatchString(arn):
		return invalid(types.ValidationExceptionReasonInvalidArn, "PricingPlanArn", "This is not the ARN of a pricing plan.")
	case slices.Contains(plans(), arn):
		return nil
	case !strings.Contains(arn, "::"+owner.ID+":") && !strings.Contains(arn, "::aws:"):
		return invalid(types.ValidationExceptionReasonMismatchedPricingplanArn, "PricingPlanArn", "The pricing plan is not the account's own.")
	}
	return invalid(types.ValidationExceptionReasonMissingPricingplan, "PricingPlanArn", "There is no such pricing plan.")
}

// first returns the first violation.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
