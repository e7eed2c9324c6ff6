package servicenow

import (
	"net/http"
	"time"

	"example.com/handover/pkg/sim/fault"
)

// serve carries a request out, with the fault that is set for it, and answers. An instance finishes what it has begun,
// whether or not the caller is still there.
func (s *Simulator) serve(w http.ResponseWriter, req request) {
	met, _ := s.faults.Take(Service, req.operation(), req.user)
	if met.Stops(fault.RequestReceived) {
		met.Strike(s.log)
	}
	if met.Drops() {
		lost := callOf(req, met, answer{})
		lost.Outcome, lost.Answered = fault.Dropped, false
		s.calls.Add(lost)
		met.Strike(s.log)
		met.Cut(w)
		return
	}
	if met.Kind == fault.Late {
		s.wait(met.Delay)
	}
	a := s.process(req, met)
	if met.Kind == fault.Duplicate {
		s.calls.Add(callOf(req, met, a))
		a = s.process(req, met)
	}
	call := callOf(req, met, a)
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
	if a.writeTo(w, req) == nil && (met.Kills(fault.AnswerSent) || met.Stops(fault.AnswerSent)) {
		_ = http.NewResponseController(w).Flush() // a caller that has gone is as good as dead
		met.Strike(s.log)
	}
}

// process decides what is answered.
func (s *Simulator) process(req request, met fault.Fault) answer {
	switch {
	case met.Kind == fault.ServerError:
		return unavailable()
	case met.Kind == fault.Throttle:
		return throttled(time.Second, "Transaction rejected: too many requests")
	case req.path == tokenPath:
		return s.token(req)
	case req.refused != nil:
		return req.refused.answer()
	}
	header, wait := s.limit.count(req.user, s.machine.Now().Time())
	a := throttled(wait, s.limit.exceeded())
	if wait == 0 {
		a = s.table(req)
	}
	for name, values := range header {
		a.header[name] = values
	}
	return a
}

// callOf is what the log says of a request. It counts as answered.
func callOf(req request, met fault.Fault, a answer) fault.Call {
	return fault.Call{
		RequestID: req.id, Service: Service, Operation: req.operation(), Account: req.user, Input: req.input(),
		Outcome: a.outcome(), Reason: a.reason, Effect: a.effect, Fault: met.Kind, Answered: true, Arrived: req.arrived,
	}
}

// wait holds a request back for machine time, or until the simulator closes.
func (s *Simulator) wait(d time.Duration) { _ = s.machine.Wait(s.closing, d) }
