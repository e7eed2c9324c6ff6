// Package aws is a strict simulator of the parts of AWS that a reseller works with: Organizations, with its handshakes
// and responsibility transfers; what it bills for them (Billing Conductor, Billing, Cost Explorer, Invoicing); Partner
// Central's channel; STS and SES. It speaks AWS's own protocols to the unmodified SDK clients, refuses what AWS refuses
// with AWS's typed reasons, can be told to misbehave, and can be asked what it saw.
//
// It owns the endpoint: who calls which operation, faults, the log of calls, and the moves that people make in the AWS
// console. The rules are in the packages named like the services and in bill, the facts in state. Business time decides
// what expires; HTTP dates and sessions are in machine time, because the SDK compares them with its own clock.
// Signatures are not checked: it must be reachable by the sandbox alone.
package aws

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/channel"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/ses"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/credential"
	"example.com/handover/pkg/sim/fault"
)

// Options are what a simulator is made of.
type Options struct {
	Now      func() time.Time       // the business clock
	Journal  state.Journal          // keeps the state over a restart; nil: in memory only
	Settings organizations.Settings // limits; organizations.DefaultSettings are AWS's own
	Channel  channel.Settings       // of Partner Central; the zero value has defaults
	SES      ses.Settings           // who may send mail
	Deliver  ses.Deliver            // takes the mail sent through SES; nil: it is only counted
	Mail     func(Letter)           // takes the mail that AWS itself sends; nil: nobody does
	Billing  bill.Settings          // when months close, and how long pages are; zero: AWS's own
	Keys     map[string]string      // of each account, an access key id that somebody has configured
	CallsMax int                    // how many calls the log keeps; zero: 5,000
	Log      *slog.Logger           // where failures of the simulator itself go; nil: slog.Default
}

// Letter is a mail that AWS sends, with the business time at which it arrives.
type Letter = state.Letter

// Simulator is an http.Handler for every service and region. Its other methods are what the sandbox controls; they
// are safe for concurrent use.
type Simulator struct {
	state    *state.State
	console  *organizations.Backend // what customers click
	partners *channel.Backend       // what they click elsewhere
	mails    *ses.Backend
	services map[string]service // by signing name
	billing  bill.Settings
	keys     *credential.Set // access key ids by account
	machine  clock.Machine
	log      *slog.Logger
	faults   *fault.Set
	calls    *fault.Log

	closing context.Context // ends when Close is called
	close   context.CancelFunc
	serving sync.RWMutex // held for reading by every request; Close waits for them
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
		o.CallsMax = 5_000
	}
	st.OnLetter(o.Mail)
	mails := ses.New(o.Now, o.SES, o.Deliver)
	s := &Simulator{
		state:    st,
		console:  organizations.New(st, o.Settings),
		partners: channel.New(st, o.Channel),
		mails:    mails,
		services: services(st, o, mails),
		billing:  o.Billing,
		keys:     credential.NewSet(o.Keys),
		log:      o.Log,
		calls:    fault.NewLog(o.CallsMax, o.Now),
	}
	s.faults = fault.NewSet(func(name string) bool { _, known := s.services[name]; return known })
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Close lets the requests under way end, without the delays that faults have put on them, and closes the journal.
// Later requests get 503. Close it before the HTTP server, which would wait for those delays.
func (s *Simulator) Close() error {
	s.close()
	s.serving.Lock()
	defer s.serving.Unlock()
	return s.state.Close()
}

// ServeHTTP answers one request of an SDK client.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.serving.RLock()
	defer s.serving.RUnlock()
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
