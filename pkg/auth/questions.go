package auth

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/limit"
)

// Questions are calls whose refusal tells something about other customers, such as who is one. A person who sees its own
// customers alone may ask so often in an hour: by trying without effect, and by calls that are refused so.
type Questions struct {
	asked   *limit.Calls
	machine clock.Machine
	log     *slog.Logger
	about   string
}

// NewQuestions limits questions about something, for the log: "the account of another customer".
func NewQuestions(perHour int, about string, machine clock.Machine, log *slog.Logger) *Questions {
	return &Questions{limit.NewCalls(float64(perHour)/time.Hour.Seconds(), perHour), machine, log, about}
}

// Ask makes the call unless the caller has asked too often, which is RATE_LIMITED; tried says that it has no effect, told
// that its refusal tells something.
func (q *Questions) Ask(ctx context.Context, resource string, tried bool, told func(error) bool, do func() error) error {
	c, now := call.From(ctx), q.machine.Now()
	if c.Scope.All() {
		return do()
	}
	who, count := c.KeyOwner+" "+strings.Join(c.Scope.List(), " "), q.asked.Check
	if tried {
		count = q.asked.Take
	}
	if err := count(who, now); err != nil {
		Note(ctx, q.log, "asks too often for "+q.about, "resource", resource)
		return err
	}
	err := do()
	if told(err) {
		if !tried {
			_ = q.asked.Take(who, now) // checked above; of two at once both are answered
		}
		Note(ctx, q.log, "asked for "+q.about, "resource", resource, "tried", tried)
	}
	return err
}
