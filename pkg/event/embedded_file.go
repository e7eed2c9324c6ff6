package event

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"example.com/handover/pkg/clock"
)

// lookEvery is how often an embedded server looks whether the file of its accounts has changed.
const lookEvery = time.Second

// followFile has the server take changed accounts until ctx ends. Who is no longer a user of one is disconnected.
func (e *Embedded) followFile(ctx context.Context, log *slog.Logger, options func() (*server.Options, error), known []byte) {
	defer close(e.followed)
	for (clock.Machine{}).Wait(ctx, lookEvery) == nil {
		now, err := os.ReadFile(e.file)
		if err == nil && bytes.Equal(now, known) {
			continue
		}
		if err == nil {
			known = now // one that is wrong is said once
			var o *server.Options
			if o, err = options(); err == nil {
				err = e.server.ReloadOptions(o)
			}
		}
		if err != nil {
			log.WarnContext(ctx, "embedded NATS keeps its accounts", "error", err)
			continue
		}
		log.InfoContext(ctx, "embedded NATS has new accounts", "file", e.file)
	}
}
