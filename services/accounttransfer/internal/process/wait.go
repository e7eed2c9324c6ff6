package process

import (
	"time"

	"example.com/handover/pkg/text"
)

// Wait is what an aggregate waits for that has no step of its own: since when, and after how long Operations is told, once. The
// aggregate keeps the key of the wait that Operations was told of.
type Wait struct {
	Waiting
	Name  string        // tells it apart from the aggregate's other ones
	Since time.Time     //
	Limit time.Duration // until Operations is told; 0: never
}

// NewWait returns a wait without a deadline.
func NewWait(owner Party, instruction text.Text, name string, since time.Time, limit time.Duration) *Wait {
	return &Wait{Waiting{Owner: owner, Text: instruction}, name, since, limit}
}

// Key tells a wait apart from an earlier one for the same.
func (w *Wait) Key() string { return w.Name + "@" + w.Since.Format(time.RFC3339) }

// TellAt is when it becomes too long; zero: never, or it has become so already. A nil wait never does.
func (w *Wait) TellAt(told string) time.Time {
	if w == nil || w.Limit == 0 || told == w.Key() {
		return time.Time{}
	}
	return w.Since.Add(w.Limit)
}

// Shown is the wait for whoever reads the aggregate; nil for none.
func (w *Wait) Shown(told string) *Waiting {
	if w == nil {
		return nil
	}
	shown := w.Waiting
	shown.EscalateAt, shown.Escalated = w.TellAt(told), told == w.Key()
	return &shown
}

// Tell records in told that Operations is told of the wait, once it has become too long, and reports whether it has just done so.
func (w *Wait) Tell(told *string, now time.Time) bool {
	if !Due(w.TellAt(*told), now) {
		return false
	}
	*told = w.Key()
	return true
}
