package actors

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Clock is the business time of a sandbox. The person has the sandbox's rights.
type Clock struct {
	Person
	Timeout time.Duration // how long a busy world is waited for at one instant, in machine time
}

// Now is the business time.
func (c Clock) Now(ctx context.Context) (time.Time, error) {
	resp, err := c.Sandbox.GetClock(c.In(ctx), &sandboxv1.GetClockRequest{})
	return resp.GetClock().GetBusinessTime().AsTime(), err
}

// AdvanceTo lets business time pass until an instant, with everything that becomes due on the way, and returns at how
// many instants it stopped.
func (c Clock) AdvanceTo(ctx context.Context, to time.Time) (instants int, err error) {
	walk, err := c.Sandbox.AdvanceClock(c.In(ctx), &sandboxv1.AdvanceClockRequest{
		ToTime: timestamppb.New(to), Timeout: durationpb.New(c.Timeout),
	})
	for err == nil {
		var at *sandboxv1.AdvanceClockResponse
		if at, err = walk.Recv(); at.GetDone() {
			return int(at.GetInstantCount()), nil
		}
	}
	return 0, fmt.Errorf("until %s: %w", to.Format(time.RFC3339), err)
}

// Settle waits until nothing is under way. It moves no clock: walking to where it stands is waiting for quiet.
func (c Clock) Settle(ctx context.Context) error {
	now, err := c.Now(ctx)
	if err == nil {
		_, err = c.AdvanceTo(ctx, now)
	}
	return err
}
