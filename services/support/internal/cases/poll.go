package cases

import "time"

// The interval at which a record is read: short while something happens in the case, then ever longer. A resolved case is
// followed for a while, in case the customer closes it or it is taken up again, and is then left alone.
const (
	shortestInterval = 5 * time.Minute
	longestInterval  = 6 * time.Hour
	resolvedFor      = 14 * 24 * time.Hour
)

// pollAt is when the record is next read; zero for never.
func (c *Case) pollAt() time.Time {
	last := c.Record.SyncedAt
	next := last.Add(min(max(last.Sub(c.ChangedAt)/8, shortestInterval), longestInterval))
	if c.State == Resolved && next.After(c.ChangedAt.Add(resolvedFor)) {
		return time.Time{}
	}
	return next
}
