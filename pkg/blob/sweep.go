package blob

import (
	"context"

	"example.com/handover/pkg/clock"
)

func sweep(ctx context.Context, s Store, class string, before clock.Instant) (int, error) {
	n := 0
	for entry, err := range s.List(ctx, class, "") {
		if err != nil {
			return n, err
		}
		if entry.PutAt >= before {
			continue
		}
		if err := s.Delete(ctx, class, entry.Key); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
