package sandbox

import (
	"context"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
	"example.com/handover/pkg/sim/servicenow"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// faulty is a simulator that can be told to misbehave.
type faulty interface {
	SetFault(fault.Fault) error
	Faults() []fault.Fault
	ClearFaults()
}

// simulators are all of them; AWS comes first and takes the faults of every service that is not another's.
func (s *server) simulators() []faulty {
	return []faulty{s.worlds.aws, s.worlds.servicenow, s.worlds.mail}
}

func (s *server) simulator(service string) faulty {
	switch service {
	case servicenow.Service:
		return s.worlds.servicenow
	case mail.Service:
		return s.worlds.mail
	default:
		return s.worlds.aws
	}
}

func (s *server) SetFault(ctx context.Context, req *sandboxv1.SetFaultRequest) (*sandboxv1.SetFaultResponse, error) {
	f := fromFault(req.GetFault())
	if err := s.checkVictim(ctx, f); err != nil {
		return nil, refusal(err)
	}
	if err := s.simulator(f.Service).SetFault(f); err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.SetFaultResponse{Fault: toFault(f)}, nil
}

// startLimit is how long a process that is just starting is waited for, in machine time.
const startLimit = 3 * time.Second

// checkVictim lets a fault end processes of this deployment alone.
func (s *server) checkVictim(ctx context.Context, f fault.Fault) error {
	if !f.Aims() || f.PID <= 1 { // the simulator refuses those itself
		return nil
	}
	for begun := s.env.Machine.Now(); ; {
		runs, err := s.env.World.Runs(ctx, f.PID)
		if runs || err != nil {
			return err
		}
		if s.env.Machine.Now().Sub(begun) > startLimit {
			return errs.InvalidField("pid", "FAULT_INVALID", "%d is no process of this deployment on this machine", f.PID)
		}
		if err := s.env.Machine.Wait(ctx, startLimit/30); err != nil {
			return err
		}
	}
}

func (s *server) ClearFaults(context.Context, *sandboxv1.ClearFaultsRequest) (*sandboxv1.ClearFaultsResponse, error) {
	resp := &sandboxv1.ClearFaultsResponse{}
	for _, sim := range s.simulators() {
		for _, f := range sim.Faults() {
			resp.Faults = append(resp.Faults, toFault(f))
		}
		sim.ClearFaults()
	}
	return resp, nil
}

// ListAwsCalls pages by the number of a call: the token is the last one shown.
func (s *server) ListAwsCalls(_ context.Context, req *sandboxv1.ListAwsCallsRequest) (*sandboxv1.ListAwsCallsResponse, error) {
	after, err := place(req.GetPageToken())
	if err != nil {
		return nil, err
	}
	calls := s.worlds.aws.Calls(fault.CallQuery{
		Service: req.GetService(), Operation: req.GetOperation(), Account: req.GetAccountId(), After: int64(after),
	})
	resp := &sandboxv1.ListAwsCallsResponse{}
	if size := wire.PageSize(req.GetPageSize()); len(calls) > size {
		calls = calls[:size]
		resp.NextPageToken = strconv.FormatInt(calls[size-1].Number, 10)
	}
	for _, c := range calls {
		resp.Calls = append(resp.Calls, toCall(c))
	}
	return resp, nil
}

func toCall(c fault.Call) *sandboxv1.AwsCall {
	return &sandboxv1.AwsCall{
		Sequence: c.Number, Service: c.Service, Operation: c.Operation, AccountId: c.Account,
		BusinessTime: wire.Time(c.Time), MachineTime: wire.Time(c.Arrived), Outcome: c.Outcome, ErrorReason: c.Reason,
		Effect: c.Effect, Answered: c.Answered, Fault: wire.Value[sandboxv1.FaultKind](string(c.Fault)), Request: c.Input,
		RepeatsTime: wire.Time(c.Repeats),
	}
}

func fromFault(f *sandboxv1.Fault) fault.Fault {
	return fault.Fault{
		Service: f.GetService(), Operation: f.GetOperation(), Account: f.GetAccountId(), Kind: fault.Kind(wire.Name(f.GetKind())),
		Moment: fault.Moment(wire.Name(f.GetMoment())), Delay: f.GetDelay().AsDuration(), PID: int(f.GetPid()), Times: int(f.GetTimes()),
		Code: f.GetErrorCode(), Reason: f.GetErrorReason(),
	}
}

func toFault(f fault.Fault) *sandboxv1.Fault {
	return &sandboxv1.Fault{
		Service: f.Service, Operation: f.Operation, AccountId: f.Account, Kind: wire.Value[sandboxv1.FaultKind](string(f.Kind)),
		Moment: wire.Value[sandboxv1.FaultMoment](string(f.Moment)), Delay: durationpb.New(f.Delay), Pid: int32(f.PID), Times: int32(f.Times),
		ErrorCode: f.Code, ErrorReason: f.Reason,
	}
}
