package billing

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
)

// look asks AWS whether the month is finished, and if so collects all of it: what AWS answered as evidence, then the
// charges together with the period.
func (w *periodWork) look(ctx context.Context, a periodAttempt) (periodRecord, error) {
	rel, err := w.tables.relationships.Get(ctx, anyCustomer(), a.Doc.RelationshipID)
	if err != nil {
		return nil, err
	}
	served := a.Doc.Asked
	payer, err := w.vendor.enter(ctx, rel.Doc.PayerID)
	if err != nil {
		return nil, err
	}
	others, err := w.tables.othersOf(ctx, rel)
	if err != nil {
		return nil, err
	}
	seen, err := w.vendor.see(ctx, payer, rel.Doc, a.Doc.Month, others)
	switch {
	case err != nil:
		return nil, err
	case !seen.notYet.IsZero():
		return func(p *period.Period, now time.Time) ([]fact.Fact, error) { return p.NotYet(seen.notYet, served, now) }, nil
	}
	if err := w.evidence(ctx, a.ID, seen.pages, a.Now); err != nil {
		return nil, err
	}
	return nil, w.collect(ctx, a.ID, seen, served, a.Now)
}

// othersOf are the other relationships that bill accounts of the same payer's organization.
func (t *tables) othersOf(ctx context.Context, rel store.Row[relationship.Relationship]) (all []*relationship.Relationship, err error) {
	if rel.Doc.Basis != relationship.Membership {
		return nil, nil
	}
	q := store.Query{Where: []store.Cond{store.Eq("payer", rel.Doc.PayerID)}, Size: 500}
	for {
		page, err := t.relationships.List(ctx, anyCustomer(), q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if row.ID != rel.ID {
				all = append(all, row.Doc)
			}
		}
		if q.Token = page.Next; q.Token == "" {
			return all, nil
		}
	}
}

// evidence keeps what AWS answered.
func (w *periodWork) evidence(ctx context.Context, periodID string, answers map[string][]any, at time.Time) error {
	pages, err := json.Marshal(answers)
	if err != nil {
		return errs.Wrap(err, errs.Internal, reasonInternal, "what AWS answered cannot be kept")
	}
	return w.blobs.Put(ctx, classVendor, periodID+"/"+stamp(at)+".json", "application/json", bytes.NewReader(pages))
}

// collect keeps the charges together with the period.
func (w *periodWork) collect(ctx context.Context, periodID string, seen month, served int64, now time.Time) error {
	return w.tables.db.InTx(ctx, func(tx *store.Tx) error {
		kept := false
		_, err := w.tables.periods.Update(tx, anyCustomer(), periodID, "", func(p *period.Period) ([]fact.Fact, error) {
			facts, err := p.Seen(seen.bill, served, now)
			kept = len(facts) > 0
			return facts, err
		})
		if err != nil || !kept {
			return err
		}
		return replaceCharges(tx, periodID, seen.charges, now)
	})
}

// stamp is an instant as part of a blob's key.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405.000000Z") }
