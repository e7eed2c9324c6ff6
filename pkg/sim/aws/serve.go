package aws

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/wire"
	"example.com/handover/pkg/sim/fault"
)

const summaryMax = 2048 // bytes of a call's input that the log keeps

// serve carries a request out, with the fault that is set for it, and answers.
func (s *Simulator) serve(ctx context.Context, w http.ResponseWriter, req request) {
	met, _ := s.faults.Take(req.name, req.operation, req.caller.Account)
	if met.Stops(fault.RequestReceived) {
		met.Strike(s.log)
	}
	if met.Drops() {
		lost := callOf(req, met, nil, nil, &state.Effect{})
		lost.Outcome, lost.Answered = fault.Dropped, false
		s.calls.Add(lost)
		met.Strike(s.log)
		met.Cut(w)
		return
	}
	if met.Kind == fault.Late {
		s.wait(met.Delay)
	}
	answer, call := s.process(ctx, req, met)
	if met.Kind == fault.Duplicate {
		s.calls.Add(call)
		answer, call = s.process(ctx, req, met)
	}
	call.Answered = met.Kind != fault.LostAnswer && !met.Kills(fault.EffectCommitted)
	s.calls.Add(call)
	if !call.Answered {
		met.Strike(s.log)
		met.Cut(w)
		return
	}
	if met.Stops(fault.EffectCommitted) {
		met.Strike(s.log)
	}
	if met.Kind == fault.Slow {
		s.wait(met.Delay)
	}
	if answer.WriteTo(w) == nil && (met.Kills(fault.AnswerSent) || met.Stops(fault.AnswerSent)) {
		_ = http.NewResponseController(w).Flush() // a caller that has gone is as good as dead
		met.Strike(s.log)
	}
}

// process runs the operation and encodes what came of it.
func (s *Simulator) process(ctx context.Context, req request, met fault.Fault) (wire.Answer, fault.Call) {
	ctx, effect := state.Watch(identity.With(ctx, req.caller))
	in, out, err := s.run(ctx, req, met)
	if err == nil {
		answer, encodeErr := req.service.protocol.Encode(req.operation, req.id, out)
		if encodeErr == nil {
			return answer, callOf(req, met, in, nil, effect)
		}
		err = encodeErr
	}
	failure, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		s.log.ErrorContext(ctx, "the AWS simulator failed", "service", req.name, "operation", req.operation, "error", err)
		failure = req.service.failed()
	}
	answer, encodeErr := req.service.protocol.EncodeError(req.id, failure, req.service.status(failure))
	if encodeErr != nil {
		answer = wire.Answer{Status: http.StatusInternalServerError}
	}
	return answer, callOf(req, met, in, failure, effect)
}

// run decodes the input and calls the operation, unless something forbids it. The input is nil until it is decoded.
func (s *Simulator) run(ctx context.Context, req request, met fault.Fault) (in, out any, err error) {
	switch {
	case met.Kind == fault.Throttle:
		return nil, nil, req.service.throttled()
	case met.Kind == fault.ServerError:
		return nil, nil, req.service.failed()
	case met.Kind == fault.Refuse:
		return nil, nil, &typed{Message: "refused as it was set", Reason: met.Reason, code: met.Code}
	case req.refused != nil:
		return nil, nil, req.refused
	case denies(s.state, req):
		return nil, nil, refusal("AccessDeniedException", req.caller.ARN+" is not authorized to perform: "+req.name+":"+req.operation)
	}
	method := req.service.methods[req.operation]
	in = method.NewInput()
	if err := req.service.protocol.Decode(req.message, in); err != nil {
		return nil, nil, refusal(req.service.codes.malformed, err.Error())
	}
	if makes(req.operation) {
		ctx = state.Asked(ctx, fmt.Sprintf("%s %s %x", req.caller.Account, req.operation, sha256.Sum256([]byte(wire.Summary(in, bodyMax)))))
	}
	out, err = method.Call(ctx, in)
	return in, out, err
}

// makes reports whether an operation makes something, which AWS would make twice.
func makes(operation string) bool {
	return strings.HasPrefix(operation, "Create") || strings.HasPrefix(operation, "Invite")
}

// callOf is what the log says of a request. It counts as answered.
func callOf(req request, met fault.Fault, in any, failure smithy.APIError, effect *state.Effect) fault.Call {
	c := fault.Call{
		RequestID: req.id, Service: req.name, Operation: req.operation, Account: req.caller.Account,
		Region: req.caller.Region, Outcome: fault.OK, Effect: effect.Committed(), Repeats: effect.Before(), Fault: met.Kind, Answered: true,
		Arrived: req.arrived,
	}
	if in != nil {
		c.Input = wire.Summary(in, summaryMax)
	}
	if failure != nil {
		c.Outcome, c.Reason = failure.ErrorCode(), wire.ReasonOf(failure)
	}
	return c
}

// wait holds a request back for machine time, or until the simulator closes.
func (s *Simulator) wait(d time.Duration) { _ = s.machine.Wait(s.closing, d) }

// denies reports whether the caller is a session of a role whose policies do not allow the operation.
func denies(all *state.State, req request) (denied bool) {
	if !req.caller.Session {
		return false
	}
	_ = all.View(func(tx *state.Tx) error { // reading cannot fail
		for _, role := range tx.Roles.Of(req.caller.Account) {
			if strings.Contains(req.caller.ARN, ":assumed-role/"+role.Name+"/") && slices.Contains(role.Denies, req.name+":"+req.operation) {
				denied = true
			}
		}
		return nil
	})
	return denied
}
