package kit

import (
	"context"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// watchFallback is how often a watch looks again without being told: NATS may lose a wake-up, the table never does.
const watchFallback = 15 * time.Second

// Watch sends each newer revision of one aggregate: read, follow its subject, read again. The resume token is the
// revision: after is the last one the caller has seen, 0 for none. It ends when last says so, when the caller goes
// away, and with UNAVAILABLE when the process shuts down.
func Watch[T any](
	ctx context.Context, e *Env, table *store.Table[T], id string, after int64, last func(*T) bool, send func(store.Row[T]) error,
) error {
	scope := call.From(ctx).Scope
	if _, err := table.Get(ctx, scope, id); err != nil { // a foreign or unknown id is refused before anything is followed
		return err
	}
	wake, stop := e.Bus.Follow(ctx, e.Name, table.Noun(), id)
	defer stop()
	again := time.NewTicker(watchFallback)
	defer again.Stop()
	for {
		row, err := table.Get(ctx, scope, id)
		if err != nil {
			return err
		}
		if row.Revision > after {
			if err := send(row); err != nil {
				return err
			}
			after = row.Revision
		}
		if last(row.Doc) {
			return nil
		}
		select {
		case <-wake:
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-e.Draining():
			return errs.New(errs.Unavailable, "SHUTTING_DOWN", "this replica is shutting down; watch again from revision %d", after)
		}
	}
}
