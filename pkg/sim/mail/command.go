package mail

import (
	"encoding/json"
	"net"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/sim/fault"
)

const (
	// Service is the inbox's name in faults and calls; its operations are MAIL, RCPT and DATA, its account the user of
	// AUTH.
	Service = "smtp"

	summaryMax = 2048 // bytes of a call's input that the log keeps
)

// SetFault adds a fault. THROTTLE and SERVER_ERROR refuse for now, with 451. It returns errs.Invalid for a fault that
// makes no sense.
func (b *Inbox) SetFault(f fault.Fault) error { return b.faults.Add(f) }

// ClearFaults removes every fault.
func (b *Inbox) ClearFaults() { b.faults.Clear() }

// Faults returns the faults that are still set, with the times that are left.
func (b *Inbox) Faults() []fault.Fault { return b.faults.All() }

// Calls returns the commands that the inbox saw, oldest first. Only the newest are kept, and none over a restart.
func (b *Inbox) Calls(q fault.CallQuery) []fault.Call { return b.calls.Find(q) }

// command is a step of SMTP that can be carried out, and met by a fault.
type command struct {
	operation string
	input     map[string]any // for the log
	effect    bool           // it stores something
	run       func() error
}

// carryOut runs a command with the fault that is set for it, notes it, and returns the answer.
func (s *session) carryOut(c command) error {
	b := s.inbox
	f, _ := b.faults.Take(Service, c.operation, s.user)
	call := fault.Call{
		RequestID: id.New("req"), Service: Service, Operation: c.operation, Account: s.user, Input: summary(c.input),
		Arrived: b.machine.Now().Time(), Outcome: fault.Dropped, Fault: f.Kind,
	}
	if f.Stops(fault.RequestReceived) {
		f.Strike(b.options.Log)
	}
	if f.Drops() {
		b.calls.Add(call)
		return s.cut(f)
	}
	if f.Kind == fault.Late && !b.wait(f.Delay) {
		b.calls.Add(call)
		return s.cut(f)
	}
	call.Answered = f.Kind != fault.LostAnswer && !f.Kills(fault.EffectCommitted)
	err := b.process(c, f, call)
	if f.Kind == fault.Duplicate {
		err = b.process(c, f, call)
	}
	if f.Stops(fault.EffectCommitted) {
		f.Strike(b.options.Log)
	}
	switch {
	case !call.Answered:
		return s.cut(f)
	case f.Kind == fault.Slow && !b.wait(f.Delay):
		return s.cut(f)
	case f.Kills(fault.AnswerSent), f.Stops(fault.AnswerSent):
		s.afterAnswer(func() { f.Strike(b.options.Log) })
	}
	return err
}

// process runs a command once and notes what came of it.
func (b *Inbox) process(c command, f fault.Fault, call fault.Call) error {
	answer, reason := b.answer(c.attempt(f))
	call.Outcome, call.Reason, call.Effect = fault.OK, reason, c.effect && answer == nil
	if answer == nil {
		b.calls.Add(call)
		return nil
	}
	call.Outcome = code(answer)
	b.calls.Add(call)
	return answer
}

// attempt runs a command, unless the fault stands in its way.
func (c command) attempt(f fault.Fault) error {
	switch f.Kind {
	case fault.Throttle:
		return errs.New(errs.Unavailable, "THROTTLED", "too much mail at once, try later")
	case fault.ServerError:
		return errs.New(errs.Unavailable, "SERVER_ERROR", "local error in processing")
	default:
		return c.run()
	}
}

// cut ends the connection without an answer, and the caller if the fault says so.
func (s *session) cut(f fault.Fault) error {
	f.Strike(s.inbox.options.Log)
	conn := s.conn.Conn()
	if l, ok := conn.(*line); ok {
		conn = l.Conn
	}
	f.CutConn(conn)
	return net.ErrClosed // nobody hears it
}

func (s *session) afterAnswer(then func()) {
	if l, ok := s.conn.Conn().(*line); ok {
		l.afterAnswer(then)
	}
}

// wait holds a command back for machine time and reports whether the inbox is still open then.
func (b *Inbox) wait(d time.Duration) bool { return b.machine.Wait(b.closing, d) == nil }

func summary(input map[string]any) string {
	data, err := json.Marshal(input)
	if err != nil {
		return ""
	}
	return string(data[:min(len(data), summaryMax)])
}
