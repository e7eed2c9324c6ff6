package actors

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Clock is the business time of a sandbox. The person has the sandbox's rights.
type Clock struct {
	Person
	Timeout time.Duration // how long a busy world is waited for at one instant, in machine time
	Absent  time.Duration // how long the sandbox may be away, in machine time; 0: not at all
	Stride  time.Duration // no move is shorter, but the last one of a walk; 0: as short as until something is due
}

// walkPause lies before each repetition.
const walkPause = 50 * time.Millisecond

// Now is the business time.
func (c Clock) Now(ctx context.Context) (time.Time, error) {
	resp, err := c.Sandbox.GetClock(c.In(ctx), &sandboxv1.GetClockRequest{})
	return resp.GetClock().GetBusinessTime().AsTime(), err
}

// AdvanceTo lets business time pass until an instant, with everything that becomes due on the way, and returns at how
// many instants it stopped. A walk that the sandbox's end has ended is taken up again, and so is one that came forward and was
// longer than a call may take.
func (c Clock) AdvanceTo(ctx context.Context, to time.Time) (instants int, err error) {
	machine := clock.Machine{}
	for answered := machine.Now(); ; {
		walked, heard, err := c.walk(ctx, to)
		instants += walked
		if err == nil {
			return instants, nil
		}
		if heard {
			answered = machine.Now()
		}
		if walked > 0 && errs.ReasonOf(err) == "DEADLINE_EXCEEDED" {
			continue
		}
		if errs.KindOf(err) != errs.Unavailable || machine.Now().Sub(answered) >= c.Absent || machine.Wait(ctx, walkPause) != nil {
			return instants, fmt.Errorf("until %s: %w", to.Format(time.RFC3339), err)
		}
	}
}

// walk is one call. It says whether the sandbox has answered at all.
func (c Clock) walk(ctx context.Context, to time.Time) (instants int, heard bool, err error) {
	req := &sandboxv1.AdvanceClockRequest{ToTime: timestamppb.New(to), Timeout: durationpb.New(c.Timeout)}
	if c.Stride > 0 {
		req.Stride = durationpb.New(c.Stride)
	}
	walk, err := c.Sandbox.AdvanceClock(c.In(ctx), req)
	for err == nil {
		var at *sandboxv1.AdvanceClockResponse
		if at, err = walk.Recv(); err == nil {
			instants, heard = int(at.GetInstantCount()), true
		}
		if at.GetDone() {
			return instants, heard, nil
		}
	}
	return instants, heard, err
}

// Settle waits until nothing is under way. It moves no clock: walking to where it stands is waiting for quiet.
func (c Clock) Settle(ctx context.Context) error {
	now, err := c.Now(ctx)
	if err == nil {
		_, err = c.AdvanceTo(ctx, now)
	}
	return err
}
