package event

import (
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
)

// unmarked are the revisions that the stream has and the database still offers. Each mark is a commit, and SQLite has
// one writer: a mark for every save would make the next save wait. A message does not wait for its mark, and a crash
// before the mark repeats the message.
type unmarked struct {
	pause     time.Duration // between two marks
	full      int           // so many do not wait
	revisions []store.Revision
	newest    map[string]int64 // by aggregate
	marked    func() time.Duration
}

// newUnmarked lets the first mark follow at once.
func newUnmarked(pause time.Duration, full int) *unmarked {
	return &unmarked{pause: pause, full: full, newest: map[string]int64{}, marked: func() time.Duration { return pause }}
}

func (u *unmarked) add(acked []store.Revision) {
	u.revisions = append(u.revisions, acked...)
	for _, r := range acked {
		u.newest[r.Aggregate] = max(u.newest[r.Aggregate], r.Revision)
	}
}

// others are the revisions of a batch that are still to be sent.
func (u *unmarked) others(batch []store.Revision) []store.Revision {
	var left []store.Revision
	for _, r := range batch {
		if r.Revision > u.newest[r.Aggregate] {
			left = append(left, r)
		}
	}
	return left
}

// due reports whether the mark may wait no longer.
func (u *unmarked) due() bool {
	return len(u.revisions) >= u.full || len(u.revisions) > 0 && u.marked() >= u.pause
}

// wait is how long a relay with nothing to send waits before it marks, and most when there is nothing to mark: SQLite's
// writer is free once it has been quiet.
func (u *unmarked) wait(most, quiet time.Duration) time.Duration {
	if len(u.revisions) == 0 {
		return most
	}
	return min(most, quiet, max(u.pause-u.marked(), 0))
}

// clear forgets what has been marked.
func (u *unmarked) clear() {
	u.revisions = u.revisions[:0]
	clear(u.newest)
	u.marked = clock.Machine{}.Stopwatch()
}
