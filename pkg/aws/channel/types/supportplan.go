package types

// SupportPlan is the support that the partner asks AWS for: one of the three members below.
type SupportPlan interface{ isSupportPlan() }

// SupportPlanMemberResoldEnterprise is Enterprise Support, resold.
type SupportPlanMemberResoldEnterprise struct{ Value ResoldEnterprise }

// SupportPlanMemberResoldUnifiedOperations is Unified Operations, resold.
type SupportPlanMemberResoldUnifiedOperations struct{ Value ResoldUnifiedOperations }

// SupportPlanMemberPartnerLedSupport is the partner's own support.
type SupportPlanMemberPartnerLedSupport struct{ Value PartnerLedSupport }

func (*SupportPlanMemberResoldEnterprise) isSupportPlan()        {}
func (*SupportPlanMemberResoldUnifiedOperations) isSupportPlan() {}
func (*SupportPlanMemberPartnerLedSupport) isSupportPlan()       {}

// MarshalJSON writes the member's name and value.
func (m *SupportPlanMemberResoldEnterprise) MarshalJSON() ([]byte, error) {
	return member("resoldEnterprise", m.Value)
}

// MarshalJSON writes the member's name and value.
func (m *SupportPlanMemberResoldUnifiedOperations) MarshalJSON() ([]byte, error) {
	return member("resoldUnifiedOperations", m.Value)
}

// MarshalJSON writes the member's name and value.
func (m *SupportPlanMemberPartnerLedSupport) MarshalJSON() ([]byte, error) {
	return member("partnerLedSupport", m.Value)
}
