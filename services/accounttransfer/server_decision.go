package accounttransfer

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

func (s *transferServer) RecordDecision(ctx context.Context, req *accounttransferv1.RecordDecisionRequest) (*accounttransferv1.RecordDecisionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RecordDecisionResponse, error) {
		row, err := s.change(tx, req, func(t *transfer.Transfer) ([]fact.Fact, error) {
			return t.RecordDecision(transfer.Verdict{
				Outcome:       transfer.DecisionOutcome(wire.Name(req.GetOutcome())),
				ChargesPaidBy: transfer.ChargesPayer(wire.Name(req.GetChargesPaidBy())), Reason: req.GetReason(),
			}, tx.Call().Actor, tx.Now())
		})
		return &accounttransferv1.RecordDecisionResponse{Transfer: shown(tx.Call(), row)}, err
	})
}
