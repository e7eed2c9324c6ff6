package channel

import "example.com/handover/pkg/aws/channel/types"

// plan checks the support plan that was asked for, if one was.
func (f *findings) plan(plan types.SupportPlan) {
	switch p := plan.(type) {
	case *types.SupportPlanMemberResoldEnterprise:
		f.coverage(p.Value.Coverage, p.Value.TamLocation)
		f.check(chargeAccount, p.Value.ChargeAccountId)
	case *types.SupportPlanMemberResoldUnifiedOperations:
		f.coverage(p.Value.Coverage, p.Value.TamLocation)
		f.check(chargeAccount, p.Value.ChargeAccountId)
	case *types.SupportPlanMemberPartnerLedSupport:
		f.coverage(p.Value.Coverage, p.Value.TamLocation)
		if p.Value.Provider != "" {
			checkEnums(f, "requestedSupportPlan.provider", p.Value.Provider)
		}
	}
}

func (f *findings) coverage(coverage types.Coverage, location *string) {
	requireEnum(f, "requestedSupportPlan.coverage", coverage)
	f.require(tamLocation, location)
}

// planText is how the state keeps a plan; empty: none was asked for.
func planText(plan types.SupportPlan) string {
	if plan == nil {
		return ""
	}
	return asJSON(plan)
}
