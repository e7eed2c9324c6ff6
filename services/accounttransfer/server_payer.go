package accounttransfer

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
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
		row, err := s.tables.payers.Create(tx, p.ID, p, facts...)
		return &accounttransferv1.CreatePayerResponse{Payer: toPayer(row)}, err
	})
}

// accountFree refuses an account that another payer is. The table's unique index closes the race that is left.
func (s *payerServer) accountFree(tx *store.Tx, accountID string) error {
	page, err := s.tables.payers.ListTx(tx, payersBelongToNobody(), store.Query{Where: []store.Cond{store.Eq("account", accountID)}, Size: 1})
	if err != nil || len(page.Rows) == 0 {
		return err
	}
	return payer.AccountTaken(accountID, page.Rows[0].ID)
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
			return p.Revise(edit)
		})
		return &accounttransferv1.UpdatePayerResponse{Payer: toPayer(row)}, err
	})
}
