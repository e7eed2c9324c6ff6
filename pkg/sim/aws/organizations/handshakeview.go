package organizations

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// handshakeView is a handshake as it stands now. It looks the same to both sides: its ARN is the sender's.
func handshakeView(tx *state.Tx, h state.Handshake) *types.Handshake {
	h = h.At(tx.Now())
	sender, _ := tx.Accounts.Get(h.Sender)
	to := recipient(h)
	view := &types.Handshake{
		Id:                  aws.String(h.ID),
		Arn:                 aws.String(arn(sender, "handshake", h.Organization, strings.ToLower(string(h.Action)), h.ID)),
		Action:              h.Action,
		State:               h.State,
		RequestedTimestamp:  aws.Time(h.RequestedAt),
		ExpirationTimestamp: aws.Time(h.ExpiresAt),
		Parties:             []types.HandshakeParty{to, {Id: aws.String(h.Organization), Type: types.HandshakePartyTypeOrganization}},
	}
	if h.Action == types.ActionTypeTransferResponsibility {
		view.Resources = transferResources(tx, h, sender)
	} else {
		view.Resources = joinResources(tx, h, sender)
	}
	view.Resources = append(view.Resources, resource(types.HandshakeResourceType(to.Type), *to.Id))
	if h.Notes != "" {
		view.Resources = append(view.Resources, resource(types.HandshakeResourceTypeNotes, h.Notes))
	}
	return view
}

// recipient is whom the handshake was addressed to.
func recipient(h state.Handshake) types.HandshakeParty {
	if h.Email != "" {
		return types.HandshakeParty{Id: aws.String(h.Email), Type: types.HandshakePartyTypeEmail}
	}
	return types.HandshakeParty{Id: aws.String(h.Recipient), Type: types.HandshakePartyTypeAccount}
}

func transferResources(tx *state.Tx, h state.Handshake, sender state.Account) []types.HandshakeResource {
	t, _ := tx.Transfers.Get(h.Transfer)
	return []types.HandshakeResource{
		resource(types.HandshakeResourceTypeTransferType, string(types.ResponsibilityTransferTypeBilling)),
		resource(types.HandshakeResourceTypeTransferStartTimestamp, t.StartsAt.Format(time.RFC3339)),
		resource(types.HandshakeResourceTypeResponsibilityTransfer, h.Transfer),
		resource(types.HandshakeResourceTypeManagementAccount, sender.ID,
			resource(types.HandshakeResourceTypeManagementEmail, sender.Email),
			resource(types.HandshakeResourceTypeManagementName, sender.Name)),
	}
}

func joinResources(tx *state.Tx, h state.Handshake, sender state.Account) []types.HandshakeResource {
	org, _ := tx.Organizations.Get(h.Organization)
	return []types.HandshakeResource{
		resource(types.HandshakeResourceTypeOrganization, h.Organization,
			resource(types.HandshakeResourceTypeMasterEmail, sender.Email),
			resource(types.HandshakeResourceTypeMasterName, sender.Name),
			resource(types.HandshakeResourceTypeOrganizationFeatureSet, string(org.FeatureSet))),
	}
}

func resource(kind types.HandshakeResourceType, value string, inner ...types.HandshakeResource) types.HandshakeResource {
	return types.HandshakeResource{Type: kind, Value: aws.String(value), Resources: inner}
}
