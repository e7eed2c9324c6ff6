package journey

import (
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// overlong is a wait that takes longer than planned.
type overlong struct {
	key   string // stable while it lasts
	title text.Text
	since time.Time
	process.Waiting
}

// overlong returns all waits of the transfer that were escalated and last.
func (t *Transfer) overlong() []overlong {
	switch {
	case t.State.Ended():
		return nil
	case t.State == WaitingDecision:
		return escalated(overlong{"decision", instruct("title.decision"), t.Decision.NeededAt, *t.Waiting()})
	case t.Ending != nil:
		return escalated(overlong{"ending", instruct("title.ending"), t.Ending.RequestedAt, *t.Waiting()})
	}
	var all []overlong
	if w := unboundWait(t); w != nil {
		all = escalated(overlong{w.Name, instruct("title.connection"), w.Since, *w.Shown(t.Overlong)})
	}
	for i := range t.Steps {
		s := &t.Steps[i]
		if w := s.Waiting(); w != nil && s.Wait == nil { // who has it otherwise tells it itself
			all = append(all, escalated(overlong{s.Key + "/" + number(s.Round), s.Title(), s.OpenedAt, *w})...)
		}
	}
	return all
}

func escalated(o overlong) []overlong {
	if !o.Escalated {
		return nil
	}
	return []overlong{o}
}
