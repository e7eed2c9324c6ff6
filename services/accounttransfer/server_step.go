package accounttransfer

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

func (s *transferServer) CompleteStep(ctx context.Context, req *accounttransferv1.CompleteStepRequest) (*accounttransferv1.CompleteStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CompleteStepResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			word := transfer.Word{Evidence: req.GetEvidence(), SourceAccountID: req.GetSourceAccountId()}
			facts, err := t.CompleteStep(req.GetStepKey(), word, tx.Call().Actor, tx.Now())
			if err != nil || word.SourceAccountID == "" {
				return facts, err
			}
			return facts, s.accountFree(tx, t.AccountHeld(), t.ID) // last: nobody learns of an account that it could not have entered
		})
		return &accounttransferv1.CompleteStepResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

func (s *transferServer) SkipStep(ctx context.Context, req *accounttransferv1.SkipStepRequest) (*accounttransferv1.SkipStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SkipStepResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			return t.SkipStep(req.GetStepKey(), req.GetReason(), tx.Call().Actor, tx.Now())
		})
		return &accounttransferv1.SkipStepResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

func (s *transferServer) ReopenStep(ctx context.Context, req *accounttransferv1.ReopenStepRequest) (*accounttransferv1.ReopenStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ReopenStepResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			return t.ReopenStep(req.GetStepKey(), req.GetReason(), tx.Call().Actor, tx.Now())
		})
		return &accounttransferv1.ReopenStepResponse{Transfer: shown(tx.Call(), row)}, err
	})
}

func (s *transferServer) RetryStep(ctx context.Context, req *accounttransferv1.RetryStepRequest) (*accounttransferv1.RetryStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RetryStepResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			return t.RetryStep(req.GetStepKey(), tx.Call().Actor, tx.Now())
		})
		return &accounttransferv1.RetryStepResponse{Transfer: shown(tx.Call(), row)}, err
	})
}
