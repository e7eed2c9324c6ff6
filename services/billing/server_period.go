package billing

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
)

func (s *billingServer) GetPeriod(ctx context.Context, req *billingv1.GetPeriodRequest) (*billingv1.GetPeriodResponse, error) {
	row, err := s.tables.periods.Get(ctx, call.From(ctx).Scope, req.GetPeriodId())
	if err != nil {
		return nil, err
	}
	return &billingv1.GetPeriodResponse{Period: toPeriod(s.words(ctx), row, depthOf(ctx))}, nil
}

func (s *billingServer) ListPeriods(ctx context.Context, req *billingv1.ListPeriodsRequest) (*billingv1.ListPeriodsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "relationship", req.GetRelationshipId())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	words, shown := s.words(ctx), depthOf(ctx)
	if shown >= handled { // otherwise the filter would tell what the period does not
		asked := wire.Attention{WaitingOwners: wire.Names(req.GetWaitingOwners()), Escalated: req.GetEscalated(), Parked: req.GetParked()}
		var err error
		if q, err = asked.Add(ctx, q); err != nil {
			return nil, err
		}
	}
	page, err := s.tables.periods.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	to := func(row store.Row[period.Period]) *billingv1.Period { return toPeriod(words, row, shown) }
	return &billingv1.ListPeriodsResponse{Periods: wire.Rows(page.Rows, to), NextPageToken: page.Next}, nil
}

func (s *billingServer) HoldPeriod(ctx context.Context, req *billingv1.HoldPeriodRequest) (*billingv1.HoldPeriodResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.HoldPeriodResponse, error) {
		row, err := s.change(tx, req, func(p *period.Period) ([]fact.Fact, error) { return p.AskHold(req.GetReason(), tx.Now()) })
		return &billingv1.HoldPeriodResponse{Period: toPeriod(s.words(ctx), row, costed)}, err
	})
}

func (s *billingServer) ReleasePeriod(ctx context.Context, req *billingv1.ReleasePeriodRequest) (*billingv1.ReleasePeriodResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.ReleasePeriodResponse, error) {
		row, err := s.change(tx, req, func(p *period.Period) ([]fact.Fact, error) {
			switch {
			case !req.GetAcceptHold():
				return p.Release(req.GetReason(), tx.Now())
			case req.GetEtag() == "":
				return nil, errs.InvalidField("etag", pricebook.ReasonFieldRequired, "who accepts a hold says which figures were seen")
			}
			return p.Accept(req.GetReason(), tx.Now())
		})
		return &billingv1.ReleasePeriodResponse{Period: toPeriod(s.words(ctx), row, costed)}, err
	})
}

func (s *billingServer) RunPeriod(ctx context.Context, req *billingv1.RunPeriodRequest) (*billingv1.RunPeriodResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.RunPeriodResponse, error) {
		row, err := s.change(tx, req, (*period.Period).AskLook)
		return &billingv1.RunPeriodResponse{Period: toPeriod(s.words(ctx), row, costed)}, err
	})
}

// verb is what every request that changes a period has.
type verb interface {
	GetPeriodId() string
	GetEtag() string
}

// change decides within what the caller may see.
func (s *billingServer) change(tx *store.Tx, req verb, decide func(*period.Period) ([]fact.Fact, error)) (store.Row[period.Period], error) {
	return s.tables.periods.Update(tx, tx.Call().Scope, req.GetPeriodId(), req.GetEtag(), decide)
}
