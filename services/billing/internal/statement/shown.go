package statement

import "example.com/handover/services/billing/internal/pricebook"

// shown is which support plans AWS charges in the month, by account.
type shown map[string]map[Plan]*sum

// shows sums up what AWS charges for each plan: a refund or a credit for an earlier month shows none, nor does a charge that is taken back
// in the same month.
func (in *Input) shows() shown {
	all := shown{}
	for _, c := range in.Charges {
		plan := in.Rules.planOf(c.Service)
		if plan == "" || CategoryOf(c, in.Rules.Plans) != pricebook.Support {
			continue
		}
		for _, id := range []string{c.Account, anyAccount} {
			if all[id] == nil {
				all[id] = map[Plan]*sum{}
			}
			if all[id][plan] == nil {
				all[id][plan] = newSum(c.Amount.Currency())
			}
			all[id][plan].add(c.Amount)
		}
	}
	return all
}

// anyAccount stands for all of them.
const anyAccount = "*"

// has reports whether AWS charges an account for a plan.
func (s shown) has(account string, plan Plan) bool {
	of := s[account][plan]
	return of != nil && (of.err != nil || of.of.Sign() > 0)
}

// planOf is the plan that a service is by its whole name; empty: another one, or none.
func (r Rules) planOf(service string) Plan {
	switch {
	case r.Enterprise.named(service):
		return enterprisePlan
	case r.Business.named(service):
		return BusinessPlan
	case r.Developer.named(service):
		return DeveloperPlan
	}
	return ""
}
