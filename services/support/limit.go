package support

import (
	"context"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// limit draws a permit for each call of the instance, which all replicas share: ServiceNow counts a user's calls by the
// hour and does not say how many are left. A minute's worth may be called at once.
func limit(db *store.DB, perHour int) func(context.Context) error {
	return func(ctx context.Context) error {
		wait, err := db.Permit(ctx, "servicenow", "table", float64(perHour)/3600, max(1, perHour/60))
		if err != nil || wait == 0 {
			return err
		}
		e := errs.New(errs.Exhausted, "RATE_LIMITED", "ServiceNow has had its calls for now")
		e.RetryAfter = wait
		return e
	}
}
