package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/wire"
)

const summaryMax = 2048 // bytes of a call's input that the log keeps

// serve carries a request out, with the fault that is set for it, and answers.
func (s *Simulator) serve(ctx context.Context, w http.ResponseWriter, req request) {
	fault, _ := s.faults.take(req.name, req.operation, req.caller.Account)
	if fault.kills(RequestReceived) {
		lost := callOf(req, fault, nil, nil, false)
		lost.Outcome, lost.Answered = Dropped, false
		s.calls.add(lost)
		s.kill(fault.PID)
		cut(w)
		return
	}
	if fault.Kind == Late {
		s.wait(fault.Delay)
	}
	answer, call := s.process(ctx, req, fault)
	if fault.Kind == Duplicate {
		s.calls.add(call)
		answer, call = s.process(ctx, req, fault)
	}
	call.Answered = fault.Kind != LostAnswer && !fault.kills(EffectCommitted)
	s.calls.add(call)
	if !call.Answered {
		s.kill(fault.PID)
		cut(w)
		return
	}
	if fault.Kind == Slow {
		s.wait(fault.Delay)
	}
	if answer.WriteTo(w) == nil && fault.kills(AnswerSent) {
		_ = http.NewResponseController(w).Flush() // a caller that has gone is as good as dead
		s.kill(fault.PID)
	}
}

// process runs the operation and encodes what came of it.
func (s *Simulator) process(ctx context.Context, req request, fault Fault) (wire.Answer, Call) {
	ctx, effect := state.Watch(identity.With(ctx, req.caller))
	in, out, err := s.run(ctx, req, fault)
	if err == nil {
		answer, encodeErr := req.service.protocol.Encode(req.operation, req.id, out)
		if encodeErr == nil {
			return answer, callOf(req, fault, in, nil, effect.Committed())
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
	return answer, callOf(req, fault, in, failure, effect.Committed())
}

// run decodes the input and calls the operation, unless something forbids it. The input is nil until it is decoded.
func (s *Simulator) run(ctx context.Context, req request, fault Fault) (in, out any, err error) {
	switch {
	case fault.Kind == Throttle:
		return nil, nil, req.service.throttled()
	case fault.Kind == ServerError:
		return nil, nil, req.service.failed()
	case req.refused != nil:
		return nil, nil, req.refused
	}
	method := req.service.methods[req.operation]
	in = method.NewInput()
	if err := req.service.protocol.Decode(req.body, in); err != nil {
		return nil, nil, refusal(req.service.codes.malformed, err.Error())
	}
	out, err = method.Call(ctx, in)
	return in, out, err
}

// callOf is what the log says of a request. It counts as answered.
func callOf(req request, fault Fault, in any, failure smithy.APIError, effect bool) Call {
	c := Call{
		RequestID: req.id, Service: req.name, Operation: req.operation, Account: req.caller.Account,
		Region: req.caller.Region, Outcome: OK, Effect: effect, Fault: fault.Kind, Answered: true,
		Arrived: req.arrived,
	}
	if in != nil {
		c.Input = wire.Summary(in, summaryMax)
	}
	if failure != nil {
		c.Outcome, c.Reason = failure.ErrorCode(), organizations.ReasonOf(failure)
	}
	return c
}

// wait holds a request back for machine time, or until the simulator closes.
func (s *Simulator) wait(d time.Duration) { _ = s.machine.Wait(s.closing, d) }

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, fmt.Sprintf("cannot lose an answer on this connection: %v", err), http.StatusInternalServerError)
		return
	}
	_ = conn.Close()
}
