package accounttransfer

import (
	"context"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/payer"
)

type payerServer struct {
	accounttransferv1.UnimplementedPayerServiceServer
	tables *tables
}

func (s *payerServer) CreatePayer(
	ctx context.Context, req *accounttransferv1.CreatePayerRequest,
) (*accounttransferv1.CreatePayerResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CreatePayerResponse, error) {
		payerID := req.GetPayerId()
		if payerID == "" {
			payerID = id.New(prefixPayer)
		}
		p, facts, err := payer.New(fromPayer(req.GetPayer(), payerID), tx.Now())
		if err != nil {
			return nil, err
		}
		if err := s.accountFree(tx, p.AccountID); err != nil {
			return nil, err
		}
		if err := s.holdOwn(tx, p); err != nil {
			return nil, err
		}
		row, err := s.tables.payers.Create(tx, p.ID, p, facts...)
		return &accounttransferv1.CreatePayerResponse{Payer: toPayer(row)}, err
	})
}

// accountFree refuses an account that another payer is. The table's unique index closes the race that is left.
func (s *payerServer) accountFree(tx *store.Tx, accountID string) error {
	other, err := s.tables.payerOfAccount(tx, accountID)
	if err != nil || other == nil {
		return err
	}
	return payer.AccountTaken(accountID, other.ID)
}

// holdOwn keeps a payer's account from being bound for a customer. A connection that binds it already is that of the master account
// of its customer's own organization, or else there is no such payer.
func (s *payerServer) holdOwn(tx *store.Tx, p *payer.Payer) error {
	got, err := heldBy(tx, p.AccountID, p.ID)
	if err != nil || got {
		return err
	}
	holder, err := s.tables.holder(tx, p.AccountID)
	if err != nil {
		return err
	}
	row, err := s.tables.connections.GetTx(tx, accountsAreUnique(), holder)
	if err != nil {
		return err
	}
	if c := row.Doc; c.CustomerID != p.CustomerID || c.Basis != connection.Membership {
		return connection.AccountInTransfer(p.AccountID, c.TransferID)
	}
	return nil
}

func (s *payerServer) GetPayer(ctx context.Context, req *accounttransferv1.GetPayerRequest) (*accounttransferv1.GetPayerResponse, error) {
	row, err := s.tables.payers.Get(ctx, payersBelongToNobody(), req.GetPayerId())
	if err != nil {
		return nil, err
	}
	return &accounttransferv1.GetPayerResponse{Payer: toPayer(row)}, nil
}

func (s *payerServer) ListPayers(
	ctx context.Context, req *accounttransferv1.ListPayersRequest,
) (*accounttransferv1.ListPayersResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "seller", req.GetSellerId())
	q = wire.Filter(q, "state", wire.Name(req.GetState()))
	page, err := s.tables.payers.List(ctx, payersBelongToNobody(), q)
	if err != nil {
		return nil, err
	}
	return &accounttransferv1.ListPayersResponse{Payers: wire.Rows(page.Rows, toPayer), NextPageToken: page.Next}, nil
}

func (s *payerServer) UpdatePayer(
	ctx context.Context, req *accounttransferv1.UpdatePayerRequest,
) (*accounttransferv1.UpdatePayerResponse, error) {
	edit, err := payerEdit(req.GetPayer(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.UpdatePayerResponse, error) {
		row, err := s.tables.payers.Update(tx, payersBelongToNobody(), req.GetPayerId(), req.GetEtag(), func(
			p *payer.Payer,
		) ([]fact.Fact, error) {
			return p.Revise(edit, tx.Now())
		})
		return &accounttransferv1.UpdatePayerResponse{Payer: toPayer(row)}, err
	})
}

func toPayer(r store.Row[payer.Payer]) *accounttransferv1.Payer {
	if r.Doc == nil {
		return nil
	}
	out := &accounttransferv1.Payer{
		PayerId: r.ID, SellerId: r.Doc.SellerID, DisplayName: r.Doc.DisplayName, AccountId: r.Doc.AccountID,
		RoleArn: r.Doc.RoleARN, CustomerId: r.Doc.CustomerID, ExternalId: r.Doc.ExternalID,
		ProgramManagementAccountId: r.Doc.ProgramManagementAccountID,
		InboundQuota:               int32(r.Doc.InboundQuota), State: wire.Value[accounttransferv1.PayerState](string(r.Doc.State)),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
		SweepTime: wire.Time(r.Doc.SweptAt), InboundUsed: int32(r.Doc.Used), NearQuotaTime: wire.Time(r.Doc.NearAt),
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
		ID: id, SellerID: p.GetSellerId(), CustomerID: p.GetCustomerId(), DisplayName: p.GetDisplayName(),
		AccountID: p.GetAccountId(), RoleARN: p.GetRoleArn(),
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
