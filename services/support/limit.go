package support

import (
	"context"

	"example.com/handover/pkg/store"
)

// limit draws a permit for each call of the instance, which all replicas share: ServiceNow counts a user's calls by the
// hour and does not say how many are left. A minute's worth may be called at once.
func limit(db *store.DB, perHour int) func(context.Context) error {
	return func(ctx context.Context) error {
		return db.Admit(ctx, "servicenow", "table", float64(perHour)/3600, max(1, perHour/60))
	}
}
