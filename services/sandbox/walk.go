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

// walk is one walk of the business clock.
type walk struct {
	world   world
	now, to time.Time
	step    time.Duration           // no move is longer; 0: as long as nothing is due
	stride  time.Duration           // no move is shorter but the last; 0: as short as until something is due
	timeout time.Duration           // of the wait at one instant
	moves   int32                   // how often the clock was moved
	tell    func(busy string) error // called again and again; what it returns ends the walk
}

// walk moves the business clock from due instant to due instant until it stands at the end, and waits before each move
// until the world is quiet.
func (w *walk) walk(ctx context.Context) error {
	for {
		next, err := w.quiet(ctx)
		if err != nil || !w.now.Before(w.to) {
			return err
		}
		next = w.stop(next)
		if err := w.set(ctx, next); err != nil {
			return err
		}
		w.now, w.moves = next, w.moves+1
	}
}

// stop is where the clock stands next, when something becomes due at an instant; zero: nothing does.
func (w *walk) stop(due time.Time) time.Time {
	if least := w.now.Add(w.stride); !due.IsZero() && due.Before(least) {
		due = least
	}
	if due.IsZero() || due.After(w.to) {
		due = w.to
	}
	if limit := w.now.Add(w.step); w.step > 0 && due.After(limit) {
		due = limit
	}
	return due
}

// set moves the clock. While NATS or the database is away, it is tried again for as long as a wait at one instant may take:
// both may just be changing the keys by which they know this process.
func (w *walk) set(call context.Context, next time.Time) error {
	ctx, cancel := context.WithTimeout(call, w.timeout)
	defer cancel()
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		err := w.world.SetClock(ctx, next)
		if err == nil {
			return nil
		}
		if told := w.tell(err.Error()); told != nil {
			return told
		}
		if (clock.Machine{}).Wait(ctx, pause) != nil {
			return errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "the business clock could not be set")
		}
	}
}

// quiet waits until every process stands at now and has nothing due, claimed, unpublished or unacknowledged, and
// returns the earliest instant at which something becomes due. One look is not enough: work may have passed from a
// service not yet looked at to one already counted, so two looks in a row must agree that nothing was committed.
func (w *walk) quiet(call context.Context) (next time.Time, err error) {
	ctx, cancel := context.WithTimeout(call, w.timeout)
	defer cancel()
	var before string
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		all, err := w.world.Statuses(ctx)
		if ctx.Err() != nil {
			return next, w.over(call, before)
		}
		busy := unsettled(all, w.now)
		if err != nil { // a process has just been lost, and its successor may have work: look again
			busy = err.Error()
		}
		if seen := fingerprint(all); busy == "" && seen == before {
			return earliest(all, w.now), nil
		} else if busy == "" {
			before, pause = seen, firstLook
		} else {
			before = busy
		}
		if err := w.tell(busy); err != nil {
			return next, err
		}
		if err := (clock.Machine{}).Wait(ctx, pause); err != nil {
			return next, w.over(call, before)
		}
	}
}

// over says why a wait for quiet has ended.
func (w *walk) over(call context.Context, busy string) error {
	if call.Err() != nil {
		return errs.New(errs.Deadline, "DEADLINE_EXCEEDED",
			"the deadline of the call ended when business time had come to %s: call again to go on, with a longer deadline",
			w.now.Format(time.RFC3339))
	}
	return errs.New(errs.Deadline, "NOT_QUIET", "the world is still busy: %s", busy)
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
