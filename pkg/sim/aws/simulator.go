// Package aws is a strict simulator of the parts of AWS that a reseller works with: Organizations, with its handshakes
// and responsibility transfers, and STS. It speaks AWS's own protocols to the unmodified SDK clients, refuses what AWS
// refuses with AWS's typed reasons, can be told to misbehave, and can be asked what it saw.
//
// It owns the door: who calls which operation, faults, the log of calls, and the moves that people make in the AWS
// console. The rules are in organizations and sts, the facts in state. Business time decides what expires; HTTP dates
// and sessions are in machine time, because the SDK compares them with its own clock. Signatures are not checked:
// it must be reachable by the sandbox alone.
package aws

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
)

// Options are what a simulator is made of.
type Options struct {
	Now      func() time.Time       // the business clock
	Journal  state.Journal          // keeps the state over a restart; nil: in memory only
	Settings organizations.Settings // limits; organizations.DefaultSettings are AWS's own
	Keys     map[string]string      // access key ids that somebody has configured, and their accounts
	CallsMax int                    // how many calls the log keeps; zero: 10,000
	Log      *slog.Logger           // where failures of the simulator itself go; nil: slog.Default
}

// Simulator is an http.Handler for every service and region. Its other methods are what the sandbox controls; they
// are safe for concurrent use.
type Simulator struct {
	state    *state.State
	console  *organizations.Backend // what customers click
	services map[string]service     // by signing name
	keys     map[string]string
	machine  clock.Machine
	log      *slog.Logger
	faults   faults
	calls    calls

	closing context.Context // ends when Close is called
	close   context.CancelFunc
	door    sync.RWMutex // held for reading by every request; Close waits for them
}

// New reads the journal and returns a simulator that is ready to serve.
func New(o Options) (*Simulator, error) {
	st, err := state.Open(o.Now, o.Journal)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CallsMax == 0 {
		o.CallsMax = 10_000
	}
	s := &Simulator{
		state:    st,
		console:  organizations.New(st, o.Settings),
		services: services(st, o.Settings),
		keys:     o.Keys,
		log:      o.Log,
		calls:    calls{max: o.CallsMax, now: o.Now},
	}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Close lets the requests under way end, without the delays that faults have put on them, and closes the journal.
// Later requests get 503. Close it before the HTTP server, which would wait for those delays.
func (s *Simulator) Close() error {
	s.close()
	s.door.Lock()
	defer s.door.Unlock()
	return s.state.Close()
}

// ServeHTTP answers one request of an SDK client.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.door.RLock()
	defer s.door.RUnlock()
	if s.closing.Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	req, ok := s.receive(w, r)
	if !ok {
		return
	}
	// AWS finishes what it has begun, whether or not the caller is still there.
	s.serve(context.WithoutCancel(r.Context()), w, req)
}
