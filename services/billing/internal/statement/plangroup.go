package statement

import (
	"maps"
	"slices"

	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/pricebook"
)

// PlanGroup is how the support of an account is billed.
type PlanGroup string

// The groups. Without one AWS's charge is passed on, and somebody has to say that this is meant.
const (
	Passthrough     PlanGroup = "PASSTHROUGH" // the customer pays what AWS charges
	BusinessSupport PlanGroup = "BUSINESS"    // the customer pays a share of its usage in place of it, and the reseller keeps what is left
)

// Plan is the support plan that an account has by what was reported.
type Plan string

// The plans.
const (
	BasicPlan     Plan = "BASIC_NONE"
	DeveloperPlan Plan = "DEVELOPER"
	BusinessPlan  Plan = "BUSINESS"
)

// AccountSupport is what is known of an account's support in the month.
type AccountSupport struct {
	Group   PlanGroup // empty: nobody has set one
	Plan    Plan      // empty: is not known
	Changed bool      // the plan has changed in this month, so that AWS charges for both
	Awaited bool      // the account was made on request, which asks for a group: it is held without one
}

// supportOf reports whether a charge is of a support plan, or AWS's refund of one.
func (b *book) supportOf(c Charge, k kind) bool {
	return k.category == pricebook.Support || word(c.RecordType) == "refund" && b.in.Rules.Plans.supports(c.Service)
}

// replaces reports whether the group of the account bills something else in place of a support charge of AWS, also of one that is taken in
// advance. Where the reseller supports by the agreement the groups bill nothing.
func (b *book) replaces(c Charge, k kind) bool {
	return !b.ledBy && b.supportOf(c, k) && b.in.Terms.Support[c.Account].Group == BusinessSupport
}

// look notes what the charges say of the support of their accounts.
func (b *book) look(c Charge, k kind) {
	of := b.in.Terms.Support[c.Account]
	switch {
	case b.ledBy || k.category != pricebook.Support:
		return
	case of.Group == "":
		b.groupless[c.Account] = of.Awaited || b.in.Rules.GroupsRequired
	}
	ours := map[Plan]Plans{DeveloperPlan: b.in.Rules.Developer, BusinessPlan: b.in.Rules.Business}[of.Plan]
	if of.Plan != "" && !ours.named(c.Service) {
		b.otherPlan[c.Account] = true
	}
}

// businessSupport bills the accounts whose group says so their share of the usage.
func (b *book) businessSupport() error {
	rule, known := b.in.Book.Rule(pricebook.BusinessSupport, b.in.Month)
	if !known {
		rule.Percent = b.in.Rules.BusinessPercent
	}
	if b.ledBy || rule.Withheld {
		return nil
	}
	words := "AWS Business Support, " + rule.Percent.String() + " % of the usage"
	for _, id := range slices.Sorted(maps.Keys(b.accounts)) {
		base := b.accounts[id].base
		if base.err != nil {
			return base.err
		}
		if b.in.Terms.Support[id].Group != BusinessSupport || base.of.IsZero() {
			continue
		}
		share, err := percent(base.of, rule.Percent)
		if err != nil {
			return err
		}
		b.bill(kind{category: pricebook.BusinessSupport}, words, id, share)
	}
	return nil
}

// guardGroups holds where the support of an account is billed by no group, or by one for another plan.
func (b *book) guardGroups() {
	var missing, changed []string
	for _, id := range sorted(b.groupless) {
		if b.groupless[id] {
			missing = append(missing, id)
			continue
		}
		b.out.Warnings = append(b.out.Warnings, Warning{WarnPlanGroupMissing, id})
	}
	for _, id := range slices.Sorted(maps.Keys(b.in.Terms.Support)) {
		if b.accounts[id] != nil && b.in.Terms.Support[id].Changed && !b.ledBy {
			changed = append(changed, id)
			delete(b.otherPlan, id)
		}
	}
	for _, h := range []struct {
		code, why string
		accounts  []string
	}{
		{CodePlanGroupMissing, "hold.plan_group_missing", missing},
		{CodeSupportMismatch, "hold.support_plan_changed", changed},
		{CodeSupportMismatch, "hold.support_plan_differs", sorted(b.otherPlan)},
	} {
		if len(h.accounts) > 0 {
			b.out.Holds = append(b.out.Holds, Hold{h.code, text.New(h.why, "accounts", few(h.accounts))})
		}
	}
}

// few names the first accounts, and that there are more.
func few(ids []string) string {
	const most = 5
	if len(ids) > most {
		return joined(ids[:most]) + ", …"
	}
	return joined(ids)
}
