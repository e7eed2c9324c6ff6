package store

import (
	"context"
	"fmt"
	"time"
)

// skew is by how much the clocks of replicas may differ. What was noted further ahead than that was noted before a clock
// was set back, and must not hold anything up until that time comes again.
const skew = 10 * time.Second

// warnOfStep says, after the commit, what the transaction did about such a note.
func (tx *Tx) warnOfStep(did string, attrs ...any) {
	attrs = append([]any{"so", did}, attrs...)
	tx.committed = append(tx.committed, func() {
		tx.db.log.WarnContext(tx.ctx, "a machine's clock has been set back", attrs...)
	})
}

// lapse lets claims and back-offs that were begun ahead of the clock lapse within a lease: whoever still works has that
// long to finish or to prolong.
func (t *Table[T]) lapse(ctx context.Context, lease time.Duration) error {
	return t.db.InTx(ctx, func(tx *Tx) error {
		n, err := tx.Exec(fmt.Sprintf(`UPDATE %s SET claimed_until = $1, claimed_at = $2,
  claim = CASE WHEN claim LIKE '%s%%' THEN '' ELSE claim END
WHERE parked = 0 AND claimed_until > $1 AND claimed_at > $3`, t.kind.Table, backsOff),
			int64(tx.machine.Add(lease)), int64(tx.machine), int64(tx.machine.Add(skew)))
		if n > 0 {
			tx.warnOfStep("claims and back-offs that were begun ahead of it lapse within a lease", "kind", t.kind.Noun, "rows", n)
		}
		return err
	})
}
