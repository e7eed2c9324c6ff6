package notifications

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/notifications/internal/notification"
)

// saveMail applies a change to a claimed mail. Before a provider is asked, in the transaction that keeps the intent, it
// looks whether the reminder of the mail still wants it.
func (t *tables) saveMail() kit.Save[notification.Notification] {
	return func(ctx context.Context, c *store.Claim[notification.Notification], s kit.Saving[notification.Notification]) error {
		if !s.Midway {
			return c.Settle(ctx, s.Apply, s.Then)
		}
		return t.db.InTx(ctx, func(tx *store.Tx) error {
			wanted, err := t.wanted(tx, c.Doc)
			if err != nil {
				return err
			}
			return c.SaveTx(tx, func(n *notification.Notification) ([]fact.Fact, error) {
				if !wanted && !n.Asked() {
					return n.Suppress()
				}
				return s.Apply(n)
			})
		})
	}
}
