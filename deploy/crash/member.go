package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/clock"
)

// startTimeout is how long a process may take to be ready, with all that it has to recover.
const startTimeout = 3 * time.Minute

// member is one process of a fixture. Whenever it has been made to end it is started again.
type member struct {
	name    string
	command cluster.Command
	ready   func(context.Context, *cluster.Process) error
	before  func(probe string) error // writes what it reads at its start
	lenient bool                     // how it ends says nothing: it is not the suite's
	died    func(*member)            // told of each end

	serves atomic.Bool // the process that runs is ready

	ctx context.Context // of the whole run: the process lives through many calls

	mu       sync.Mutex
	now      *cluster.Process // nil: none runs
	up       chan struct{}    // closed when it is ready, or broken
	gone     chan struct{}    // closed when nobody starts it any more
	struck   bool             // the process that runs was told to end
	closing  bool             // it is not started again
	kills    int              // ends by SIGKILL
	stops    int              // ends by SIGTERM
	held     chan struct{}    // the next start waits until it is closed; nil: it does not
	waits    bool             // what it needs is away as well: it may be started in vain, as every supervisor would
	probe    string           // at which the next start ends by itself; empty: none
	starting []float64        // when the next starts are struck, in parts of what a start takes
	signal   syscall.Signal   // with which
	took     time.Duration    // by the quickest start
	broken   error            // it ended otherwise than it was told to, or could not be started again
}

// start brings the process up and returns when it is ready, however often it is struck on the way.
func (m *member) start(ctx context.Context) error {
	m.mu.Lock()
	m.closing, m.up, m.gone = false, make(chan struct{}), make(chan struct{})
	up := m.up
	m.mu.Unlock()
	go m.keep()
	select {
	case <-up:
		return m.state()
	case <-ctx.Done():
		return fmt.Errorf("%s is not up: %w", m.name, context.Cause(ctx))
	}
}

// keep starts the process again and again, until it is stopped or broken.
func (m *member) keep() {
	defer close(m.gone)
	for failures := 0; ; {
		p, err := m.launch()
		if err != nil {
			m.fail(err)
		}
		if p == nil {
			return
		}
		err = m.awaitReady(p)
		if err == nil {
			m.tellUp()
			m.serves.Store(true)
		}
		if err != nil && failures < startsMost && m.inVain(p) {
			failures++
			_ = (clock.Machine{}).Wait(m.ctx, 100*time.Millisecond)
			continue
		}
		if !m.ended(p, err) {
			return
		}
	}
}

// startsMost is how often a process is started in vain.
const startsMost = 100

// inVain reports whether a start that ended by itself may be tried again. PostgreSQL refuses to start for as long as a server
// that was killed has children.
func (m *member) inVain(p *cluster.Process) bool {
	select {
	case <-p.Done():
	default:
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return (m.lenient || m.waits) && !m.closing && !p.EndedBy(syscall.SIGKILL) && p.Err() != nil
}

// wait lets it be started in vain from now on.
func (m *member) wait() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waits = true
}

func (m *member) launch() (*cluster.Process, error) {
	m.mu.Lock()
	held := m.held
	m.mu.Unlock()
	if held != nil {
		<-held
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closing {
		return nil, nil //nolint:nilnil // there is none, and nothing went wrong
	}
	if m.before != nil {
		if err := m.before(m.probe); err != nil {
			return nil, err
		}
	}
	p, err := cluster.Launch(m.ctx, m.command)
	if err != nil {
		return nil, err
	}
	m.now, m.struck = p, m.probe != ""
	m.probe = ""
	if len(m.starting) > 0 {
		after := time.Duration(m.starting[0] * float64(m.took))
		m.starting = m.starting[1:]
		go func() {
			if (clock.Machine{}).Wait(m.ctx, after) == nil {
				m.strikeOne(p, m.signal)
			}
		}()
	}
	return p, nil
}

func (m *member) awaitReady(p *cluster.Process) error {
	ctx, cancel := context.WithTimeout(m.ctx, startTimeout)
	defer cancel()
	began := clock.Machine{}.Now()
	err := m.ready(ctx, p)
	if err == nil {
		m.mu.Lock()
		if took := (clock.Machine{}).Now().Sub(began); m.took == 0 || took < m.took {
			m.took = took
		}
		m.mu.Unlock()
	}
	return err
}

func (m *member) tellUp() {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.up:
	default:
		close(m.up)
	}
}

func (m *member) fail(err error) {
	m.mu.Lock()
	m.broken = errors.Join(m.broken, err)
	m.now = nil
	m.mu.Unlock()
	m.tellUp()
}

// ended waits for the process's end and reports whether it is started again.
func (m *member) ended(p *cluster.Process, unready error) bool {
	if unready != nil {
		select {
		case <-p.Done():
		default: // it runs, and does not get ready
			m.fail(errors.Join(unready, p.Stop()))
			return false
		}
	}
	<-p.Done()
	m.mu.Lock()
	m.now = nil
	m.serves.Store(false)
	closing, struck := m.closing, m.struck
	killed := p.EndedBy(syscall.SIGKILL)
	stopped := p.Err() == nil || unready != nil && p.EndedBy(syscall.SIGTERM) // the first instant of a program has no handler yet
	switch {
	case closing:
	case killed:
		m.kills++
	case m.lenient && struck:
		m.kills++
	case stopped && struck:
		m.stops++
	}
	m.mu.Unlock()
	switch {
	case closing:
		return false
	case !killed && (!struck || !stopped && !m.lenient):
		m.fail(fmt.Errorf("it ended by itself: %w", errors.Join(unready, p.Err(), errors.New("unasked"))))
		return false
	}
	m.died(m)
	return true
}

// hold keeps the next start back until release.
func (m *member) hold() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.struck, m.held = true, make(chan struct{})
	m.serves.Store(false)
}

func (m *member) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.held)
	m.held = nil
}

// signalNow sends a signal that does not, or not only, end the process.
func (m *member) signalNow(s syscall.Signal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now == nil {
		return nil
	}
	return m.now.Signal(s)
}

// awaitEnd returns when the process that runs has ended.
func (m *member) awaitEnd() {
	m.mu.Lock()
	p := m.now
	m.mu.Unlock()
	if p != nil {
		<-p.Done()
	}
}

// strikeStarts has the next starts struck.
func (m *member) strikeStarts(parts []float64, s syscall.Signal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.starting, m.signal = slices.Clone(parts), s
}

// strike ends the process with a signal, wherever it is. One that is gone already is left alone.
func (m *member) strike(s syscall.Signal) {
	m.mu.Lock()
	p := m.now
	m.mu.Unlock()
	if p != nil {
		m.strikeOne(p, s)
	}
}

func (m *member) strikeOne(p *cluster.Process, s syscall.Signal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now != p || m.closing {
		return
	}
	m.struck = true
	m.serves.Store(false)
	_ = p.Signal(s) // it has just ended otherwise: its end is looked at
}

// expect says that somebody else will have the process end.
func (m *member) expect() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.struck = true
}

// stop ends the process gracefully, for good.
func (m *member) stop() error {
	m.mu.Lock()
	m.closing = true
	p, gone := m.now, m.gone
	m.mu.Unlock()
	var err error
	if p != nil {
		err = p.Stop()
	}
	if gone != nil {
		<-gone
	}
	if err != nil && !m.lenient && !p.EndedBy(syscall.SIGKILL) {
		return errors.Join(m.state(), fmt.Errorf("%s: a graceful end: %w", m.name, err))
	}
	return m.state()
}

// pid is the process's id; 0: there is none.
func (m *member) pid() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now == nil {
		return 0
	}
	return m.now.PID
}

func (m *member) state() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return fmt.Errorf("%s: %w", m.name, m.broken)
	}
	return nil
}

// ends are how often it was killed and asked to end.
func (m *member) ends() (kills, stops int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kills, m.stops
}
