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

	enterprisePlan Plan = "ENTERPRISE" // of the whole organization; no account is reported with it
)

// AccountSupport is what is known of an account's support in the month.
type AccountSupport struct {
	Group   PlanGroup // empty: nobody has set one
	Plan    Plan      // empty: is not known
	Changed bool      // the plan has changed in this month, so that AWS charges for both
	Awaited bool      // the account was made on request, which asks for a group: it is held without one
}

// replaces reports whether the group of the account bills something else in place of a support charge of AWS, also of one that is taken in
// advance. Enterprise support is never replaced: nobody sells that by the group.
func (b *book) replaces(c Charge, k kind) bool {
	return b.inBusiness(c.Account) && b.in.Rules.Plans.supports(c.Service) && !b.in.Rules.Enterprise.named(c.Service) && ofPlan(c, k)
}

// asCharged reports whether the customer pays for a support charge what AWS charges, whatever the pricebook says of support.
func (b *book) asCharged(c Charge, k kind) bool {
	return k.category == pricebook.Support && b.in.Terms.Support[c.Account].Group == Passthrough
}

// inBusiness reports whether an account is billed by the group Business: AWS has to show the plan as well.
func (b *book) inBusiness(account string) bool {
	return b.in.Terms.Support[account].Group == BusinessSupport && b.shown.has(account, BusinessPlan)
}

// unseen reports whether AWS does not show the plan that an account with usage has by what is known here.
func (b *book) unseen(account string) bool {
	of, a := b.in.Terms.Support[account], b.accounts[account]
	return a != nil && a.base.of.Sign() > 0 && (of.Group == BusinessSupport && !b.shown.has(account, BusinessPlan) ||
		(of.Plan == BusinessPlan || of.Plan == DeveloperPlan) && !b.shown.has(account, of.Plan))
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
	if of.Plan != "" && of.Plan != b.in.Rules.planOf(c.Service) {
		b.otherPlan[c.Account] = true
	}
}

// businessSupport bills the accounts whose group says so their share of the usage, in the months in which AWS shows the plan. Where the
// reseller supports by the agreement it bills nothing.
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
		if !b.inBusiness(id) || base.of.Sign() <= 0 {
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
	var missing, changed, unseen []string
	for _, id := range sorted(b.groupless) {
		if b.groupless[id] {
			missing = append(missing, id)
			continue
		}
		b.out.Warnings = append(b.out.Warnings, Warning{WarnPlanGroupMissing, id})
	}
	for _, id := range slices.Sorted(maps.Keys(b.in.Terms.Support)) {
		switch {
		case b.ledBy || b.accounts[id] == nil:
		case b.in.Terms.Support[id].Changed:
			changed = append(changed, id)
			delete(b.otherPlan, id)
		case !b.otherPlan[id] && b.unseen(id):
			unseen = append(unseen, id)
		}
	}
	for _, h := range []struct {
		code, why string
		accounts  []string
	}{
		{CodePlanGroupMissing, "hold.plan_group_missing", missing},
		{CodeSupportMismatch, "hold.support_plan_changed", changed},
		{CodeSupportMismatch, "hold.support_plan_differs", sorted(b.otherPlan)},
		{CodeSupportMismatch, "hold.support_plan_unseen", unseen},
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
