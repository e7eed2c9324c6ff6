package process_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Operations is told once of a wait, after its limit, and again of a later one for the same.
func TestWaitIsToldOnce(t *testing.T) {
	begun := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	const limit = 48 * time.Hour
	since := func(at time.Time) *process.Wait {
		return process.NewWait(process.AWS, text.New("wait.consent-review"), "review", at, limit)
	}
	told := ""
	for _, c := range []struct {
		wait      *process.Wait
		now       time.Time
		tells     bool
		escalated bool
		next      time.Time
	}{
		{nil, begun, false, false, time.Time{}},
		{since(begun), begun.Add(limit - time.Second), false, false, begun.Add(limit)},
		{since(begun), begun.Add(limit), true, true, time.Time{}},
		{since(begun), begun.Add(10 * limit), false, true, time.Time{}},
		{since(begun.Add(10 * limit)), begun.Add(10 * limit), false, false, begun.Add(11 * limit)},
		{since(begun.Add(10 * limit)), begun.Add(12 * limit), true, true, time.Time{}},
		{
			process.NewWait(process.Reseller, text.New("wait.consent-refused"), "refused", begun, 0), begun.AddDate(1, 0, 0),
			false, false,
			time.Time{},
		},
	} {
		if got := c.wait.Tell(&told, c.now); got != c.tells {
			t.Errorf("at %s of %+v: tells %t", c.now, c.wait, got)
		}
		shown := c.wait.Shown(told)
		if c.wait == nil {
			if shown != nil || !c.wait.TellAt(told).IsZero() {
				t.Errorf("nothing is shown as %+v", shown)
			}
			continue
		}
		if shown.Escalated != c.escalated || !shown.EscalateAt.Equal(c.next) || !shown.Until.IsZero() || shown.Owner != c.wait.Owner {
			t.Errorf("at %s it is shown as %+v", c.now, shown)
		}
	}
}
