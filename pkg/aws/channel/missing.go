package channel

import (
	"example.com/handover/pkg/aws/channel/types"
)

// member is a required member and whether it is not set.
type member struct {
	name  string
	unset bool
}

func text(name string, value *string) member { return member{name, value == nil} }

func choice[E ~string](name string, value E) member { return member{name, value == ""} }

func names(members ...member) []string {
	var out []string
	for _, m := range members {
		if m.unset {
			out = append(out, m.name)
		}
	}
	return out
}

func (in *CreateRelationshipInput) missing() []string {
	return append(names(text("AssociatedAccountId", in.AssociatedAccountId), choice("AssociationType", in.AssociationType),
		text("Catalog", in.Catalog), text("DisplayName", in.DisplayName),
		text("ProgramManagementAccountIdentifier", in.ProgramManagementAccountIdentifier), choice("Sector", in.Sector)),
		missingOfPlan(in.RequestedSupportPlan)...)
}

func (in *GetRelationshipInput) missing() []string {
	return names(text("Catalog", in.Catalog), text("Identifier", in.Identifier),
		text("ProgramManagementAccountIdentifier", in.ProgramManagementAccountIdentifier))
}

func (in *UpdateRelationshipInput) missing() []string {
	return append(names(text("Catalog", in.Catalog), text("Identifier", in.Identifier),
		text("ProgramManagementAccountIdentifier", in.ProgramManagementAccountIdentifier)), missingOfPlan(in.RequestedSupportPlan)...)
}

func (in *DeleteRelationshipInput) missing() []string {
	return names(text("Catalog", in.Catalog), text("Identifier", in.Identifier),
		text("ProgramManagementAccountIdentifier", in.ProgramManagementAccountIdentifier))
}

func (in *CreateChannelHandshakeInput) missing() []string {
	out := names(text("AssociatedResourceIdentifier", in.AssociatedResourceIdentifier), text("Catalog", in.Catalog),
		choice("HandshakeType", in.HandshakeType))
	switch payload := in.Payload.(type) {
	case *types.ChannelHandshakePayloadMemberStartServicePeriodPayload:
		out = append(out, names(
			text("Payload.ProgramManagementAccountIdentifier", payload.Value.ProgramManagementAccountIdentifier),
			choice("Payload.ServicePeriodType", payload.Value.ServicePeriodType))...)
	case *types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload:
		out = append(out, names(
			text("Payload.ProgramManagementAccountIdentifier", payload.Value.ProgramManagementAccountIdentifier))...)
	}
	return out
}

func (in *AcceptChannelHandshakeInput) missing() []string {
	return names(text("Catalog", in.Catalog), text("Identifier", in.Identifier))
}

func (in *RejectChannelHandshakeInput) missing() []string {
	return names(text("Catalog", in.Catalog), text("Identifier", in.Identifier))
}

func (in *CancelChannelHandshakeInput) missing() []string {
	return names(text("Catalog", in.Catalog), text("Identifier", in.Identifier))
}

func (in *ListRelationshipsInput) missing() []string { return names(text("Catalog", in.Catalog)) }

func (in *ListChannelHandshakesInput) missing() []string {
	return names(text("Catalog", in.Catalog), choice("HandshakeType", in.HandshakeType), choice("ParticipantType", in.ParticipantType))
}

func (in *ListProgramManagementAccountsInput) missing() []string {
	return names(text("Catalog", in.Catalog))
}

func missingOfPlan(plan types.SupportPlan) []string {
	switch p := plan.(type) {
	case *types.SupportPlanMemberResoldEnterprise:
		return names(choice("RequestedSupportPlan.Coverage", p.Value.Coverage), text("RequestedSupportPlan.TamLocation", p.Value.TamLocation))
	case *types.SupportPlanMemberResoldUnifiedOperations:
		return names(choice("RequestedSupportPlan.Coverage", p.Value.Coverage), text("RequestedSupportPlan.TamLocation", p.Value.TamLocation))
	case *types.SupportPlanMemberPartnerLedSupport:
		return names(choice("RequestedSupportPlan.Coverage", p.Value.Coverage), text("RequestedSupportPlan.TamLocation", p.Value.TamLocation))
	}
	return nil
}
