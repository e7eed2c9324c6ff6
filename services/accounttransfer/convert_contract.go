package accounttransfer

import (
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// addContract adds what follows the acceptance: what AWS holds of it, the role and the support channel.
func addContract(out *accounttransferv1.Transfer, t *transfer.Transfer) {
	if g := t.BillingGroup; g != nil {
		out.BillingGroup = &accounttransferv1.BillingGroup{Name: g.Name, Arn: g.ID, CreateTime: wire.Time(g.SeenAt)}
	}
	if r := t.Relationship; r != nil {
		out.Relationship = &accounttransferv1.PartnerRelationship{DisplayName: r.Name, RelationshipId: r.ID, CreateTime: wire.Time(r.SeenAt)}
	}
	for i := range t.Terms {
		out.ServiceTerms = append(out.ServiceTerms, toTerm(&t.Terms[i]))
	}
	if r := t.Role; r != nil && t.RoleWanted() {
		out.Role = &accounttransferv1.BootstrapRole{
			Arn: t.RoleARN(), ExternalId: t.ID, DeployUrl: r.DeployURL, CheckTime: wire.Time(r.CheckedAt),
			State: wire.Value[accounttransferv1.BootstrapRoleState](string(r.State)),
		}
	}
	if c := t.Channel; c != nil {
		out.ChannelId = c.ID
	}
}

func toTerm(term *transfer.ServiceTerm) *accounttransferv1.ServiceTerm {
	return &accounttransferv1.ServiceTerm{
		Attempt: int32(term.Attempt), HandshakeId: term.ID, State: wire.Value[accounttransferv1.ServiceTermState](string(term.State)),
		EndTime: wire.Time(term.EndAt), RequestTime: wire.Time(term.SeenAt), RespondTime: wire.Time(term.RespondedAt),
	}
}
