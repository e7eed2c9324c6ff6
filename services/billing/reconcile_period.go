package billing

import (
	"context"
	"time"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
)

// periodReconciler does the one next thing of a period.
type periodReconciler struct {
	tables      *tables
	blobs       blob.Store
	vendor      *vendor
	parties     *parties
	paymentDays int
}

type periodClaim = store.Claim[period.Period]

func (r *periodReconciler) work(ctx context.Context, c *periodClaim) error {
	now := c.Now()
	switch period.NextAction(c.Doc, now) {
	case period.Begin:
		return c.Finish(ctx, func(p *period.Period) ([]fact.Fact, error) { return p.MonthEnded(now) })
	case period.Look:
		return r.look(ctx, c)
	case period.Rate:
		return r.rate(ctx, c)
	case period.Compare:
		return c.Finish(ctx, func(p *period.Period) ([]fact.Fact, error) { return p.Compare(now) })
	case period.Issue:
		return r.issue(ctx, c)
	case period.None:
	}
	return c.Finish(ctx, nil)
}

// obstruct holds the period.
func (r *periodReconciler) obstruct(ctx context.Context, c *periodClaim, code string, why text.Text) error {
	now := c.Now()
	return c.Finish(ctx, func(p *period.Period) ([]fact.Fact, error) { return p.Obstruct(code, why, now) })
}

// stamp is an instant as part of a blob's key.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405.000000Z") }
