package aws

import (
	"sync"
	"time"
)

// OK is the outcome of a call that did what it was asked for, Dropped of one that was not looked at.
const (
	OK      = "OK"
	Dropped = "DROPPED"
)

// Call is one request as the simulator saw it. A duplicated request is two.
type Call struct {
	Number    int64     // counts from 1 since the start of the process
	Time      time.Time // business time
	Arrived   time.Time // machine time
	RequestID string
	Service   string // signing name
	Operation string
	Account   string // of the caller; empty: unknown
	Region    string
	Input     string // one line of JSON, cut after 2 KiB; empty when it was not decoded
	Outcome   string // OK, Dropped, or the error's code: "DuplicateHandshakeException"
	Reason    string // of an error that has one: "UNSUPPORTED_PRICING"
	Effect    bool   // something was changed
	Answered  bool   // an answer was sent; it may have got lost further on
	Fault     FaultKind
}

// CallQuery chooses calls; empty fields choose all.
type CallQuery struct {
	Service, Operation, Account string
	After                       int64 // only calls with a greater number
	Effect                      bool  // only calls that changed something
	Limit                       int   // only the newest so many; zero: all that are kept
}

// Calls returns calls that the simulator saw, oldest first. Only the newest are kept, and none over a restart.
func (s *Simulator) Calls(q CallQuery) []Call { return s.calls.find(q) }

func (q CallQuery) chooses(c Call) bool {
	return c.Number > q.After && (c.Effect || !q.Effect) &&
		(q.Service == "" || q.Service == c.Service) &&
		(q.Operation == "" || q.Operation == c.Operation) &&
		(q.Account == "" || q.Account == c.Account)
}

// calls is the log: the newest max entries.
type calls struct {
	max int
	now func() time.Time

	mu   sync.Mutex
	last int64
	kept []Call
}

func (l *calls) add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	c.Number, c.Time = l.last, l.now()
	l.kept = append(l.kept, c)
	if len(l.kept) >= 2*l.max { // now and then, so that adding stays cheap
		l.kept = append([]Call(nil), l.newest()...)
	}
}

func (l *calls) newest() []Call { return l.kept[max(0, len(l.kept)-l.max):] }

func (l *calls) find(q CallQuery) []Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Call
	for _, c := range l.newest() {
		if q.chooses(c) {
			out = append(out, c)
		}
	}
	if q.Limit > 0 {
		out = out[max(0, len(out)-q.Limit):]
	}
	return out
}
