package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
)

// world is what a walk needs of the deployment.
type world interface {
	Statuses(context.Context) ([]kit.Status, error)
	SetClock(context.Context, time.Time) error
}

// Between two looks at a busy world; it grows, because a world that is busy for long is waiting for a back-off.
const (
	firstLook = time.Millisecond
	lastLook  = 50 * time.Millisecond
)

// walk moves the business clock from due instant to due instant until it stands at to, and waits before each move
// until the world is quiet. With a step, no move is longer than it. It returns how often the clock was moved.
func walk(ctx context.Context, w world, now, to time.Time, step, timeout time.Duration) (moves int, err error) {
	for {
		next, err := quiet(ctx, w, now, timeout)
		if err != nil || !now.Before(to) {
			return moves, err
		}
		if next.IsZero() || next.After(to) {
			next = to
		}
		if limit := now.Add(step); step > 0 && next.After(limit) {
			next = limit
		}
		if err := w.SetClock(ctx, next); err != nil {
			return moves, errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "the business clock could not be set")
		}
		now, moves = next, moves+1
	}
}

// quiet waits until every process stands at now and has nothing due, claimed, unpublished or unacknowledged, and
// returns the earliest instant at which something becomes due. One look is not enough: work may have passed from a
// service not yet looked at to one already counted, so two looks in a row must agree that nothing was committed.
func quiet(call context.Context, w world, now time.Time, timeout time.Duration) (next time.Time, err error) {
	ctx, cancel := context.WithTimeout(call, timeout)
	defer cancel()
	var before string
	over := func() error {
		if call.Err() != nil {
			return errs.New(errs.Deadline, "DEADLINE_EXCEEDED",
				"the deadline of the call ended when business time had come to %s: call again to go on, with a longer deadline",
				now.Format(time.RFC3339))
		}
		return errs.New(errs.Deadline, "NOT_QUIET", "the world is still busy: %s", before)
	}
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		all, err := w.Statuses(ctx)
		if ctx.Err() != nil {
			return next, over()
		}
		busy := unsettled(all, now)
		if err != nil { // a process has just been lost, and its successor may have work: look again
			busy = err.Error()
		}
		if seen := fingerprint(all); busy == "" && seen == before {
			return earliest(all, now), nil
		} else if busy == "" {
			before, pause = seen, firstLook
		} else {
			before = busy
		}
		if err := (clock.Machine{}).Wait(ctx, pause); err != nil {
			return next, over()
		}
	}
}

// unsettled names what keeps the world from being quiet; empty: nothing.
func unsettled(all []kit.Status, now time.Time) string {
	var out []string
	for _, p := range all {
		if p.BusinessTime.Before(now) {
			out = append(out, fmt.Sprintf("%s still stands at %s", p.Instance, p.BusinessTime.Format(time.RFC3339)))
		}
		for _, s := range p.Services {
			if s.Busy() > 0 {
				out = append(out, fmt.Sprintf("%s: %d due, %d claimed, %d backing off, %d unpublished, %d unacknowledged",
					s.Service, s.Due, s.Claimed, s.BackingOff, s.Unpublished, s.Unacked))
			}
		}
	}
	if len(all) == 0 {
		return "no process answers"
	}
	return strings.Join(out, "; ")
}

// fingerprint is the same while no process commits, in whatever order they answer.
func fingerprint(all []kit.Status) string {
	var seen []string
	for _, p := range all {
		seen = append(seen, fmt.Sprintf("%s=%d", p.Instance, p.Commits))
	}
	slices.Sort(seen)
	return strings.Join(seen, " ")
}

func earliest(all []kit.Status, now time.Time) (next time.Time) {
	for _, p := range all {
		for _, s := range p.Services {
			if s.NextDue.After(now) && (next.IsZero() || s.NextDue.Before(next)) {
				next = s.NextDue
			}
		}
	}
	return next
}
