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
)

// look asks AWS whether the month is finished, and if so collects all of it: what AWS answered as evidence, then the
// charges together with the period.
func (w *periodWork) look(ctx context.Context, a periodAttempt) (periodRecord, error) {
	rel, err := w.tables.relationships.Get(ctx, anyCustomer(), a.Doc.RelationshipID)
	if err != nil {
		return nil, err
	}
	served := a.Doc.Asked
	seen, err := w.vendor.see(ctx, rel.Doc, a.Doc.Month)
	if err != nil {
		return nil, err
	}
	if !seen.notYet.IsZero() {
		return func(p *period.Period, now time.Time) ([]fact.Fact, error) { return p.NotYet(seen.notYet, served, now) }, nil
	}
	pages, err := json.Marshal(seen.pages)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "what AWS answered cannot be kept")
	}
	key := a.ID + "/" + stamp(a.Now) + ".json"
	if err := w.blobs.Put(ctx, classVendor, key, "application/json", bytes.NewReader(pages)); err != nil {
		return nil, err
	}
	return nil, w.tables.db.InTx(ctx, func(tx *store.Tx) error {
		kept := false
		_, err := w.tables.periods.Update(tx, anyCustomer(), a.ID, "", func(p *period.Period) ([]fact.Fact, error) {
			facts, err := p.Seen(seen.bill, served, a.Now)
			kept = len(facts) > 0
			return facts, err
		})
		if err != nil || !kept {
			return err
		}
		return replaceCharges(tx, a.ID, seen.charges, a.Now)
	})
}

// stamp is an instant as part of a blob's key.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405.000000Z") }
