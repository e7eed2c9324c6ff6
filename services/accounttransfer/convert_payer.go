package accounttransfer

import (
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/payer"
)

func toPayer(r store.Row[payer.Payer]) *accounttransferv1.Payer {
	if r.Doc == nil {
		return nil
	}
	out := &accounttransferv1.Payer{
		PayerId: r.ID, SellerId: r.Doc.SellerID, DisplayName: r.Doc.DisplayName, AccountId: r.Doc.AccountID,
		RoleArn: r.Doc.RoleARN, ExternalId: r.Doc.ExternalID, ProgramManagementAccountId: r.Doc.ProgramManagementAccountID,
		InboundQuota: int32(r.Doc.InboundQuota), State: wire.Value[accounttransferv1.PayerState](string(r.Doc.State)),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
		SweepTime: wire.Time(r.Doc.SweptAt),
	}
	for _, u := range r.Doc.Unclaimed {
		out.Unclaimed = append(out.Unclaimed, toUnclaimed(r.Doc, u))
	}
	return out
}

// toUnclaimed shows the case once support has it.
func toUnclaimed(p *payer.Payer, u payer.Unclaimed) *accounttransferv1.UnclaimedTransfer {
	return &accounttransferv1.UnclaimedTransfer{
		AwsTransferId: u.AWSTransferID, SourceAccountId: u.SourceAccountID, Name: u.Name, Status: string(u.Status),
		StartTime: wire.Time(u.StartAt), FindTime: wire.Time(u.FoundAt), CaseId: p.Wishes[payer.CaseKey(u)].ID,
	}
}

func fromPayer(p *accounttransferv1.Payer, id string) payer.Payer {
	return payer.Payer{
		ID: id, SellerID: p.GetSellerId(), DisplayName: p.GetDisplayName(), AccountID: p.GetAccountId(), RoleARN: p.GetRoleArn(),
		ExternalID: p.GetExternalId(), ProgramManagementAccountID: p.GetProgramManagementAccountId(),
		InboundQuota: int(p.GetInboundQuota()), State: payer.State(wire.Name(p.GetState())),
	}
}

func payerEdit(p *accounttransferv1.Payer, mask *fieldmaskpb.FieldMask) (e payer.Edit, err error) {
	paths, err := wire.Mask(mask, "display_name", "role_arn", "external_id", "program_management_account_id", "inbound_quota", "state")
	for _, path := range paths {
		switch path {
		case "display_name":
			e.DisplayName = &p.DisplayName
		case "role_arn":
			e.RoleARN = &p.RoleArn
		case "external_id":
			e.ExternalID = &p.ExternalId
		case "program_management_account_id":
			e.ProgramManagementAccountID = &p.ProgramManagementAccountId
		case "inbound_quota":
			e.InboundQuota = new(int(p.GetInboundQuota()))
		case "state":
			e.State = new(payer.State(wire.Name(p.GetState())))
		}
	}
	return e, err
}
