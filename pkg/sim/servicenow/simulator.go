// Package servicenow is a strict simulator of a ServiceNow instance as the suite needs it: the Table API for incidents,
// customer service cases and what they refer to, basic authentication and OAuth client credentials, hourly limits, and
// two pages for people. It can be told to misbehave, and can be asked what it saw.
//
// It owns the endpoint: requests, answers, faults, the log of calls, and the moves that agents make. Tables, records and
// rules are in instance. Business time dates the records; tokens and limits are in machine time. It guards nothing:
// it must be reachable by the sandbox alone.
package servicenow

import (
	"context"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/credential"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/servicenow/instance"
)

// Service is the name of the simulator in faults and calls.
const Service = "servicenow"

// Options are what a simulator is made of.
type Options struct {
	Now                 func() time.Time  // the business clock
	Journal             instance.Journal  // keeps the records over a restart; nil: in memory only
	Users               map[string]string // passwords by user name
	OAuth               OAuth             // the zero value: no token is given
	HourlyLimit         int               // requests of one user in one hour of machine time; zero: no limit
	CaseCancelled       bool              // cases have the state 7 Cancelled, as on customized instances
	InvalidQueryNothing bool              // glide.invalid_query.returns_no_rows; otherwise an invalid part is ignored
	CallsMax            int               // how many calls the log keeps; zero: 2,000
	Log                 *slog.Logger      // where failures of the simulator itself go; nil: slog.Default
}

// Simulator is an http.Handler for one instance. Its other methods are what the sandbox controls; they are safe for
// concurrent use.
type Simulator struct {
	instance *instance.Instance
	names    []string        // of users that can be given a password
	users    *credential.Set // passwords by user name
	tokens   *tokens
	limit    *limit
	pages    *template.Template
	machine  clock.Machine
	log      *slog.Logger
	faults   *fault.Set
	calls    *fault.Log

	closing context.Context // ends when Close is called
	close   context.CancelFunc
	serving sync.RWMutex // held for reading by every request; Close waits for them
}

// SetPasswords says which passwords of a user are good from now on. It returns errs.NotFound (USER_UNKNOWN) for one that the
// instance does not have.
func (s *Simulator) SetPasswords(user string, passwords ...string) error {
	if !slices.Contains(s.names, user) {
		return errs.New(errs.NotFound, "USER_UNKNOWN", "the instance has no user %q", user)
	}
	s.users.Replace(user, passwords...)
	return nil
}

// New reads the journal and returns a simulator that is ready to serve.
func New(o Options) (*Simulator, error) {
	pages, err := readPages()
	if err != nil {
		return nil, err
	}
	users := []string{agent}
	if o.OAuth.User != "" {
		users = append(users, o.OAuth.User)
	}
	for name := range o.Users {
		users = append(users, name)
	}
	in, err := instance.Open(o.Now, o.Journal, instance.Settings{
		Users: users, CaseCancelled: o.CaseCancelled, InvalidQueryNothing: o.InvalidQueryNothing,
	})
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CallsMax == 0 {
		o.CallsMax = 2_000
	}
	s := &Simulator{
		instance: in,
		names:    slices.Collect(maps.Keys(o.Users)),
		users:    credential.NewSet(o.Users),
		tokens:   newTokens(o.OAuth),
		limit:    newLimit(o.HourlyLimit),
		pages:    pages,
		log:      o.Log,
		faults:   fault.NewSet(func(name string) bool { return name == Service }),
		calls:    fault.NewLog(o.CallsMax, o.Now),
	}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Close lets the requests under way end, without the delays that faults have put on them, and closes the journal.
// Later requests get 503. Close it before the HTTP server, which would wait for those delays.
func (s *Simulator) Close() error {
	s.close()
	s.serving.Lock()
	defer s.serving.Unlock()
	return s.instance.Close()
}

// ServeHTTP answers one request of a client, or shows a page.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.serving.RLock()
	defer s.serving.RUnlock()
	if s.closing.Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if s.page(w, r) {
		return
	}
	if req, ok := s.receive(r); ok {
		s.serve(w, req)
	}
}
