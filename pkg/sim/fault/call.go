package fault

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// OK is the outcome of a call that did what it was asked for, Dropped of one that was not looked at.
const (
	OK      = "OK"
	Dropped = "DROPPED"
)

// Call is one request as a simulator saw it. A duplicated request is two.
type Call struct {
	Number    int64     // counts from 1 since the start of the process
	Time      time.Time // business time
	Arrived   time.Time // machine time
	RequestID string
	Service   string // as the simulator names it: "organizations", "servicenow"
	Operation string
	Account   string    // of the caller; empty: unknown
	Region    string    // empty: the service has none
	Input     string    // one line of JSON, cut after 2 KiB; empty when it was not decoded
	Outcome   string    // OK, Dropped, or the error's code: "DuplicateHandshakeException"
	Reason    string    // of an error that has one: "UNSUPPORTED_PRICING"
	Effect    bool      // something was changed
	Repeats   time.Time // when the same request had its effect before, business time; zero: it had none, or nobody asks
	Answered  bool      // an answer was sent; it may have got lost further on
	Fault     Kind      // that it met; empty: none
}

// CallQuery chooses calls; empty fields choose all.
type CallQuery struct {
	Service, Operation, Account string
	After                       int64 // only calls with a greater number
	Effect                      bool  // only calls that changed something
	Limit                       int   // only the newest so many; zero: all that are kept
}

func (q CallQuery) chooses(c Call) bool {
	return c.Number > q.After && (c.Effect || !q.Effect) &&
		(q.Service == "" || q.Service == c.Service) &&
		(q.Operation == "" || q.Operation == c.Operation) &&
		(q.Account == "" || q.Account == c.Account)
}

// Log keeps the newest calls, and none over a restart. It is safe for concurrent use.
type Log struct {
	max int
	now func() time.Time

	mu   sync.Mutex
	last int64
	kept []Call
}

// NewLog returns an empty log of at most so many calls; now is the business clock.
func NewLog(size int, now func() time.Time) *Log { return &Log{max: size, now: now} }

// Add notes a call, with its number and business time. Who the caller is was cut out of its headers, which are not kept.
func (l *Log) Add(c Call) {
	for _, cut := range []*string{&c.RequestID, &c.Service, &c.Operation, &c.Account, &c.Region} {
		*cut = strings.Clone(*cut)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	c.Number, c.Time = l.last, l.now()
	l.kept = append(l.kept, c)
	if len(l.kept) > l.max+l.max/8 { // now and then, so that adding stays cheap
		l.kept = slices.Delete(l.kept, 0, len(l.kept)-l.max)
	}
}

// Find returns calls that are kept, oldest first.
func (l *Log) Find(q CallQuery) []Call {
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

func (l *Log) newest() []Call { return l.kept[max(0, len(l.kept)-l.max):] }
