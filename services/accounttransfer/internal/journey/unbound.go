package journey

import (
	"time"

	"example.com/handover/services/accounttransfer/internal/process"
)

// unboundWait is the wait for AWS to show the accounts of a membership in the organization, when every step is done; nil: it has, or there
// is more to do. Operations is told of one that takes as long as a decision may.
func unboundWait(t *Transfer) *process.Wait {
	if !t.underWay() || !t.Finished() {
		return nil
	}
	var since time.Time
	for i := range t.Steps {
		for _, at := range []time.Time{t.Steps[i].OpenedAt, t.Steps[i].DoneAt} {
			if at.After(since) {
				since = at
			}
		}
	}
	return process.NewWait(process.AWS, instruct("wait.member-looked-for"), "members", since, t.DecideIn)
}
