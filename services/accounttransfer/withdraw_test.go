package accounttransfer

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/connection"
)

// TestWithdrawalThatASweepHasSeen: the answer to a withdrawal was lost, and a sweep tells of its end before it is looked for. Nothing
// is left to ask AWS, and the intent is settled.
func TestWithdrawalThatASweepHasSeen(t *testing.T) {
	e := (&outside{}).withdraw() // AWS cannot be asked
	ending := &connection.Connection{State: connection.Ending, Invitations: []connection.Invitation{{State: connection.Withdrawn}}}
	for name, look := range map[string]func() (record, error){
		"looked for": func() (record, error) { return e.Find(t.Context(), attempt{Doc: ending}) },
		"asked":      func() (record, error) { return e.Do(t.Context(), attempt{Doc: ending}) },
	} {
		note, err := look()
		if err != nil || note == nil {
			t.Fatalf("%s: %v", name, err)
		}
		if facts, err := note(ending, time.Time{}); facts != nil || err != nil || ending.State != connection.Ending {
			t.Errorf("%s: told %v, %v", name, facts, err)
		}
	}
}
