package billing

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/period"
)

type reportServer struct {
	billingv1.UnimplementedReportServiceServer
	tables *tables
	words  func(context.Context) text.Words
}

func (s *reportServer) GetReconciliation(
	ctx context.Context, req *billingv1.GetReconciliationRequest,
) (*billingv1.GetReconciliationResponse, error) {
	row, err := s.tables.periods.Get(ctx, call.From(ctx).Scope, req.GetPeriodId())
	if err != nil {
		return nil, err
	}
	found, err := row.Doc.Reconcile()
	if err != nil {
		return nil, err
	}
	out := &billingv1.Reconciliation{
		PeriodId: row.ID, Month: wire.Month(row.Doc.Month), VendorTotal: toMoney(found.Vendor), CostTotal: toMoney(found.Cost),
		Difference: toMoney(found.Difference),
	}
	for _, r := range found.Rows {
		out.Rows = append(out.Rows, toReconciliationRow(r))
	}
	return &billingv1.GetReconciliationResponse{Reconciliation: out}, nil
}

// GetMargin shows the statement that the period was priced with last: of an issued invoice, the one that it rests on.
func (s *reportServer) GetMargin(ctx context.Context, req *billingv1.GetMarginRequest) (*billingv1.GetMarginResponse, error) {
	row, err := s.tables.periods.Get(ctx, call.From(ctx).Scope, req.GetPeriodId())
	if err != nil {
		return nil, err
	}
	found, err := row.Doc.Statement()
	if err != nil {
		return nil, err
	}
	return &billingv1.GetMarginResponse{Statement: toStatement(s.words(ctx), found)}, nil
}

func toReconciliationRow(r period.Row) *billingv1.ReconciliationRow {
	return &billingv1.ReconciliationRow{
		Category: wire.Value[billingv1.ChargeCategory](string(r.Category)), Cost: toMoney(r.Cost), Price: toMoney(r.Price),
		ChargeCount: int32(r.Charges),
	}
}
