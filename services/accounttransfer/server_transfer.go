package accounttransfer

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/roles"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

type transferServer struct {
	accounttransferv1.UnimplementedTransferServiceServer
	env      *kit.Env
	tables   *tables
	role     string // name of the Bootstrap Role of new transfers
	template string // address of the template that deploys it; may be empty
}

func (s *transferServer) CreateTransfer(ctx context.Context, req *accounttransferv1.CreateTransferRequest) (*accounttransferv1.CreateTransferResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CreateTransferResponse, error) {
		tpl, err := transfer.FindTemplate(req.GetTemplateKey())
		if err != nil {
			return nil, err
		}
		p, err := s.admittingPayer(tx, req)
		if err != nil {
			return nil, err
		}
		t, facts, err := transfer.New(tpl, transfer.Subject{
			ID: req.GetTransferId(), OrderID: req.GetOrderId(), CustomerID: req.GetCustomerId(), PayerID: p.ID,
			SourceAccountID: req.GetSourceAccountId(), Note: req.GetNote(), AgreementID: req.GetAgreementId(),
			SupportModel: transfer.SupportModel(wire.Name(req.GetSupportModel())),
			RoleName:     s.role, DeployURL: roles.QuickCreate(s.template, req.GetTransferId()),
		}, tx.Now())
		if err != nil {
			return nil, err
		}
		if err := s.accountFree(tx, t.AccountHeld(), t.ID); err != nil {
			return nil, err
		}
		row, err := s.tables.transfers.Create(tx, t.ID, t, facts...)
		return &accounttransferv1.CreateTransferResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

// admittingPayer finds the payer of a new transfer, the named one or the seller's first active one, and asks whether it
// takes another.
func (s *transferServer) admittingPayer(tx *store.Tx, req *accounttransferv1.CreateTransferRequest) (*payer.Payer, error) {
	q := store.Query{OrderBy: "created_at", Size: 1, Where: []store.Cond{store.Eq("id", req.GetPayerId())}}
	if req.GetPayerId() == "" {
		q.Where = []store.Cond{store.Eq("seller", req.GetSellerId()), store.Eq("state", payer.Active)}
	}
	found, err := s.tables.payers.ListTx(tx, payersAreOurs(), q)
	if err != nil {
		return nil, err
	}
	if len(found.Rows) == 0 {
		return nil, payer.Unknown(req.GetPayerId())
	}
	p := found.Rows[0].Doc
	if p.SellerID != req.GetSellerId() {
		return nil, payer.Unknown(req.GetPayerId()) // the bill would reach another legal entity
	}
	used, err := s.tables.transfers.CountTx(tx, call.Everyone("the quota counts every customer"),
		store.Eq("payer", p.ID), store.Eq("uses_quota", true))
	if err != nil {
		return nil, err
	}
	return p, p.Admit(used)
}

// accountFree refuses a source account that another transfer holds; it is asked before a save, which the table's unique
// index would refuse without saying by whom. That index closes the race that is left. Which transfer holds it is told
// to those who may see it: others do not learn who else is a customer.
func (s *transferServer) accountFree(tx *store.Tx, accountID, transferID string) error {
	if accountID == "" {
		return nil
	}
	page, err := s.tables.transfers.ListTx(tx, call.Everyone("an account is unique over all customers"), store.Query{
		Where: []store.Cond{store.Eq("account_held", accountID)}, Size: 1,
	})
	if err != nil || len(page.Rows) == 0 || page.Rows[0].ID == transferID {
		return err
	}
	holder := page.Rows[0]
	if !tx.Call().Scope.Sees(holder.Customer) {
		return transfer.AccountInTransfer(accountID, "")
	}
	return transfer.AccountInTransfer(accountID, holder.ID)
}

func (s *transferServer) GetTransfer(ctx context.Context, req *accounttransferv1.GetTransferRequest) (*accounttransferv1.GetTransferResponse, error) {
	row, err := s.tables.transfers.Get(ctx, call.From(ctx).Scope, req.GetTransferId())
	if err != nil {
		return nil, err
	}
	return &accounttransferv1.GetTransferResponse{Transfer: shown(call.From(ctx), row)}, nil
}

func (s *transferServer) ListTransfers(ctx context.Context, req *accounttransferv1.ListTransfersRequest) (*accounttransferv1.ListTransfersResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	q = wire.Filter(q, "payer", req.GetPayerId())
	q = wire.Filter(q, "source_account", req.GetSourceAccountId())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	page, err := s.tables.transfers.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	each := func(r store.Row[transfer.Transfer]) *accounttransferv1.Transfer { return shown(call.From(ctx), r) }
	return &accounttransferv1.ListTransfersResponse{Transfers: wire.Rows(page.Rows, each), NextPageToken: page.Next}, nil
}

func (s *transferServer) CheckTransfer(ctx context.Context, req *accounttransferv1.CheckTransferRequest) (*accounttransferv1.CheckTransferResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CheckTransferResponse, error) {
		row, err := s.change(tx, req, (*transfer.Transfer).AskCheck)
		return &accounttransferv1.CheckTransferResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

func (s *transferServer) Reinvite(ctx context.Context, req *accounttransferv1.ReinviteRequest) (*accounttransferv1.ReinviteResponse, error) {
	start, err := moment("start_time", req.GetStartTime())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ReinviteResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			return t.Reinvite(start, tx.Now())
		})
		return &accounttransferv1.ReinviteResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

func (s *transferServer) CancelTransfer(ctx context.Context, req *accounttransferv1.CancelTransferRequest) (*accounttransferv1.CancelTransferResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CancelTransferResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			return t.CancelTransfer(req.GetReason(), tx.Call().Actor, tx.Now())
		})
		return &accounttransferv1.CancelTransferResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

func (s *transferServer) WatchTransfer(req *accounttransferv1.WatchTransferRequest, stream accounttransferv1.TransferService_WatchTransferServer) error {
	return kit.Watch(stream.Context(), s.env, s.tables.transfers, req.GetTransferId(), req.GetAfterRevision(),
		func(t *transfer.Transfer) bool { return t.State.Ended() },
		func(r store.Row[transfer.Transfer]) error {
			return stream.Send(&accounttransferv1.WatchTransferResponse{Transfer: shown(call.From(stream.Context()), r), Revision: r.Revision})
		})
}

// verb is what every request that changes a transfer has.
type verb interface {
	GetTransferId() string
	GetEtag() string
}

// change decides within what the caller may see.
func (s *transferServer) change(tx *store.Tx, req verb, decide func(*transfer.Transfer) ([]fact.Fact, error)) (store.Row[transfer.Transfer], error) {
	return s.tables.transfers.Update(tx, tx.Call().Scope, req.GetTransferId(), req.GetEtag(), decide)
}
