package sandbox

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// quietTimeout is how long a walk waits for quiet at one instant when the caller does not say, in machine time.
const quietTimeout = 30 * time.Second

// progressPause is how often a walk says how far it is, in machine time.
const progressPause = time.Second

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

// AdvanceClock implements sandboxv1.SandboxServiceServer.
func (s *server) AdvanceClock(req *sandboxv1.AdvanceClockRequest, to grpc.ServerStreamingServer[sandboxv1.AdvanceClockResponse]) error {
	w := walk{
		world: s.world, now: s.env.Business.Now(), to: wire.FromTime(req.GetToTime()),
		step: req.GetStep().AsDuration(), stride: req.GetStride().AsDuration(),
	}
	if w.to.Before(w.now) {
		return errs.InvalidField("to_time", "TIME_BACKWARD", "business time never goes backward: it is %s", w.now.Format(time.RFC3339))
	}
	if w.timeout = req.GetTimeout().AsDuration(); w.timeout == 0 {
		w.timeout = quietTimeout
	}
	sent := s.env.Machine.Stopwatch()
	w.tell = func(busy string) error {
		if sent() < progressPause {
			return nil
		}
		sent = s.env.Machine.Stopwatch()
		return to.Send(&sandboxv1.AdvanceClockResponse{Clock: s.clock(), InstantCount: w.moves, Busy: busy})
	}
	if err := w.walk(to.Context()); err != nil {
		return err
	}
	return to.Send(&sandboxv1.AdvanceClockResponse{Clock: s.clock(), InstantCount: w.moves, Done: true})
}
