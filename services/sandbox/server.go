package sandbox

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// quietTimeout is how long a walk waits for quiet at one instant when the caller does not say, in machine time.
const quietTimeout = 30 * time.Second

type server struct {
	sandboxv1.UnimplementedSandboxServiceServer
	env      *kit.Env
	world    world
	worlds   worlds
	reseller string // twelve digits of the account that roles of customers trust
}

func (s *server) GetClock(context.Context, *sandboxv1.GetClockRequest) (*sandboxv1.GetClockResponse, error) {
	return &sandboxv1.GetClockResponse{Clock: s.clock()}, nil
}

func (s *server) clock() *sandboxv1.Clock {
	return &sandboxv1.Clock{BusinessTime: wire.Time(s.env.Business.Now()), MachineTime: wire.Time(s.env.Machine.Now().Time())}
}

func (s *server) AdvanceClock(ctx context.Context, req *sandboxv1.AdvanceClockRequest) (*sandboxv1.AdvanceClockResponse, error) {
	now, to := s.env.Business.Now(), wire.FromTime(req.GetToTime())
	if to.Before(now) {
		return nil, errs.InvalidField("to_time", "TIME_BACKWARD", "business time never goes backward: it is %s", now.Format(time.RFC3339))
	}
	wait := req.GetTimeout().AsDuration()
	if wait == 0 {
		wait = quietTimeout
	}
	moves, err := walk(ctx, s.world, now, to, req.GetStep().AsDuration(), wait)
	if err != nil {
		return nil, err
	}
	return &sandboxv1.AdvanceClockResponse{Clock: s.clock(), InstantCount: int32(moves)}, nil
}
