package billing

import (
	"bytes"
	"context"
	"encoding/json"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
)

// look asks AWS whether the month is finished, and if so collects all of it: what AWS answered as evidence, then the
// charges together with the period.
func (r *periodReconciler) look(ctx context.Context, c *periodClaim) error {
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	rel, err := r.tables.relationships.Get(ctx, followsAll(), c.Doc.RelationshipID)
	if err != nil {
		return err
	}
	served := c.Doc.Asked
	seen, err := r.vendor.see(calls, rel.Doc, c.Doc.Month)
	if err != nil {
		return err
	}
	now := c.Now()
	if seen.notYet != "" {
		return c.Finish(ctx, func(p *period.Period) ([]fact.Fact, error) { return p.NotYet(seen.notYet, served, now) })
	}
	pages, err := json.Marshal(seen.pages)
	if err != nil {
		return err
	}
	key := c.ID + "/" + stamp(now) + ".json"
	if err := r.blobs.Put(ctx, classVendor, key, "application/json", bytes.NewReader(pages)); err != nil {
		return err
	}
	return r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		kept := false
		err := c.FinishTx(tx, func(p *period.Period) ([]fact.Fact, error) {
			facts, err := p.Seen(seen.bill, served, now)
			kept = len(facts) > 0
			return facts, err
		})
		if err != nil || !kept {
			return err
		}
		return replaceCharges(tx, c.ID, seen.charges, now)
	})
}
