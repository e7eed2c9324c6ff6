package accounttransfer

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
)

func toConnection(words text.Words, r store.Row[connection.Connection]) *accounttransferv1.Connection {
	c := r.Doc
	if c == nil {
		return nil
	}
	out := &accounttransferv1.Connection{
		ConnectionId: r.ID, CustomerId: c.CustomerID, PayerId: c.PayerID, TransferId: c.TransferID, OrderId: c.OrderID,
		AgreementId: c.AgreementID, AccountId: c.AccountID, Basis: wire.Value[accounttransferv1.ConnectionBasis](string(c.Basis)),
		State: wire.Value[accounttransferv1.ConnectionState](string(c.State)), StartTime: wire.Time(c.StartAt), EndTime: wire.Time(c.EndAt),
		EndReason:     wire.Value[accounttransferv1.ConnectionEndReason](string(c.EndReason)),
		ChargesPaidBy: wire.Value[accounttransferv1.ChargesPayer](string(c.ChargesPaidBy)),
		Waiting:       toWaiting(words, c.Waiting()), CheckTime: wire.Time(c.CheckedAt), Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt),
		UpdateTime: wire.Time(r.UpdatedAt),
	}
	for _, inv := range c.Invitations {
		out.Invitations = append(out.Invitations, toInvitation(words, inv))
	}
	if g, there := c.Made[connection.GroupCreated]; there {
		out.BillingGroup = &accounttransferv1.BillingGroup{Name: g.Name, Arn: g.ID, CreateTime: wire.Time(g.SeenAt)}
	}
	if r, there := c.Made[connection.RelationCreated]; there {
		out.Relationship = &accounttransferv1.PartnerRelationship{DisplayName: r.Name, RelationshipId: r.ID, CreateTime: wire.Time(r.SeenAt)}
	}
	for i := range c.Contract.Terms {
		out.ServiceTerms = append(out.ServiceTerms, toTerm(&c.Contract.Terms[i]))
	}
	if connection.RoleAsked(c) {
		out.Role = &accounttransferv1.BootstrapRole{
			Arn: c.Role.ARN(c.AccountID), ExternalId: c.Role.ExternalID, DeployUrl: c.Role.DeployURL, CheckTime: wire.Time(c.Role.CheckedAt),
			State: wire.Value[accounttransferv1.BootstrapRoleState](string(c.Role.State)),
		}
	}
	return out
}

func toInvitation(words text.Words, inv connection.Invitation) *accounttransferv1.Invitation {
	out := &accounttransferv1.Invitation{
		Attempt: int32(inv.Attempt), Name: inv.Name, State: wire.Value[accounttransferv1.InvitationState](string(inv.State)),
		AwsTransferId: inv.AWSTransferID, AwsHandshakeId: inv.AWSHandshakeID, StartTime: wire.Time(inv.StartAt),
		AcceptByTime: wire.Time(inv.AcceptBy), ExpireTime: wire.Time(inv.ExpiresAt), RequestTime: wire.Time(inv.RequestedAt),
		RespondTime: wire.Time(inv.RespondedAt), EndTime: wire.Time(inv.EndsAt), Supersedes: int32(inv.Supersedes),
	}
	if e := inv.Error; e != nil {
		remedy, _ := words.Instruct(e.Remedy)
		out.Error = &accounttransferv1.InvitationError{
			Reason: e.Reason, Message: words.Say(e.Text), Owner: wire.Value[typev1.Party](string(e.Owner)), Remedy: remedy,
		}
	}
	return out
}

func toTerm(t *contract.Term) *accounttransferv1.ServiceTerm {
	return &accounttransferv1.ServiceTerm{
		Attempt: int32(t.Attempt), HandshakeId: t.ID, State: wire.Value[accounttransferv1.ServiceTermState](string(t.State)),
		EndTime: wire.Time(t.EndAt), RequestTime: wire.Time(t.SeenAt), RespondTime: wire.Time(t.RespondedAt),
	}
}
