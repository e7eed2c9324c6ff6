package support

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/support/internal/cases"
)

// saveCase applies a change to a claimed case; the channel that the case sets up follows in the same transaction.
func (t *tables) saveCase(portalURL string) kit.Save[cases.Case] {
	return func(ctx context.Context, c *store.Claim[cases.Case], s kit.Saving[cases.Case]) error {
		return t.db.InTx(ctx, func(tx *store.Tx) error {
			if err := t.lock(tx, c.ID, c.Doc); err != nil {
				return err
			}
			var after *cases.Case
			err := c.SettleTx(tx, func(k *cases.Case) ([]fact.Fact, error) {
				after = k
				return s.Apply(k)
			}, s.Then)
			if err != nil {
				return err
			}
			return t.follow(tx, after, portalURL)
		})
	}
}
