package kit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/event"
)

// World is every process of the deployment, seen from one: what each still has to do, and the clock they share. Only
// the sandbox moves it.
type World struct{ p *Process }

// Status is what one process still has to do.
type Status struct {
	Instance     string          `json:"instance"`
	BusinessTime time.Time       `json:"business_time"`
	Commits      int64           `json:"commits"` // moves with every commit of this process
	Services     []ServiceStatus `json:"services"`
}

// ServiceStatus is the work of one service, counted in its database and its consumers: replicas give the same answer. Of a process
// that is busy it is only counted as far as until something was found.
type ServiceStatus struct {
	Service     string    `json:"service"`
	Due         int       `json:"due"`         // unclaimed aggregates whose time has come
	Claimed     int       `json:"claimed"`     // being worked on
	BackingOff  int       `json:"backing_off"` // failed, to be tried again
	Unpublished int       `json:"unpublished"` // events the relay has not sent
	Unacked     int       `json:"unacked"`     // messages its consumers have not finished
	NextDue     time.Time `json:"next_due"`    // the earliest future wake-up; zero: none
}

// Busy counts what keeps the world from being quiet.
func (s ServiceStatus) Busy() int {
	return s.Due + s.Claimed + s.BackingOff + s.Unpublished + s.Unacked
}

const (
	instanceStream  = "HANDOVER_INSTANCES"
	instanceTTL     = 6 * time.Second // a process that was killed is forgotten after this
	instanceRefresh = 2 * time.Second
	statusTimeout   = 2 * time.Second // a process that is killed while it is asked says nothing more
)

// instanceSubject is where a process says that it lives, statusSubject where it is asked for its status; user is who it is
// on the bus, so that none can speak for another service's.
func instanceSubject(user, instance string) string {
	return "handover.kit.v1.instance." + user + "." + instance
}

func statusSubject(user, instance string) string {
	return "handover.kit.v1.status." + user + "." + instance
}

// announce makes the process known to the others, in the sandbox only.
func (p *Process) announce(ctx context.Context) error {
	if p.business.Live() {
		return nil
	}
	sub, err := p.bus.Conn().Subscribe(statusSubject(p.user, p.instance), func(m *nats.Msg) { p.answerStatus(ctx, m) })
	if err != nil {
		return fmt.Errorf("answer status: %w", err)
	}
	self := presence{PID: os.Getpid(), Machine: machineOf()}
	if err := p.present(ctx, self); err != nil {
		return errors.Join(fmt.Errorf("announce instance: %w", err), sub.Unsubscribe())
	}
	beats, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for p.machine.Wait(beats, instanceRefresh) == nil {
			if err := p.present(beats, self); err != nil {
				p.log.DebugContext(ctx, "presence not refreshed; the next beat tries again", "error", err)
			}
		}
	}()
	p.leave = func(ctx context.Context) {
		cancel()
		<-over                                                 // a beat after it would say that the process lives
		ctx, cancel := context.WithTimeout(ctx, statusTimeout) // a server that is lost acknowledges nothing more
		defer cancel()
		self.Ended = true
		if err := p.present(ctx, self); err != nil {
			p.log.DebugContext(ctx, "not told that the process ends; its entry expires", "error", err)
		}
		_ = sub.Unsubscribe() // the connection may be gone already
	}
	return nil
}

// presence is what a process says of itself to the others.
type presence struct {
	PID     int    `json:"pid"`
	Machine string `json:"machine"`
	Ended   bool   `json:"ended,omitempty"` // it has finished its work and stops
}

func (p *Process) present(ctx context.Context, self presence) error {
	body, err := json.Marshal(self)
	if err != nil {
		return err
	}
	_, err = p.bus.JetStream().Publish(ctx, instanceSubject(p.user, p.instance), body)
	return err
}

// machineOf tells where a process id means the same process: two containers on one machine have their own.
func machineOf() string {
	name, err := os.Hostname()
	space, spaceErr := os.Readlink("/proc/self/ns/pid")
	if err != nil || spaceErr != nil {
		return name // what is not known is not compared
	}
	return name + " " + space
}

// Runs says whether a process of this machine belongs to the deployment, by the id that it has here.
func (w *World) Runs(ctx context.Context, pid int) (bool, error) {
	bus, living, err := w.living(ctx)
	if err != nil {
		return false, err
	}
	for _, l := range living {
		it, err := l.said(ctx, bus)
		if err != nil {
			return false, err
		}
		if it == (presence{PID: pid, Machine: machineOf()}) {
			return true, nil
		}
	}
	return false, nil
}

// life is one process that lives.
type life struct{ user, instance string }

// said is what the process last said of itself. One whose entry has expired is over.
func (l life) said(ctx context.Context, bus *event.Bus) (it presence, err error) {
	m, err := bus.Last(ctx, sandbox, instanceStream, instanceSubject(l.user, l.instance))
	if err != nil {
		return it, fmt.Errorf("look at %s: %w", l.instance, err)
	}
	if m == nil {
		return presence{Ended: true}, nil
	}
	if err := json.Unmarshal(m.Data, &it); err != nil {
		return it, fmt.Errorf("look at %s: %w", l.instance, err)
	}
	return it, nil
}

// living are the processes that have said so lately, and the bus on which they are asked.
func (w *World) living(ctx context.Context) (*event.Bus, []life, error) {
	bus, err := w.bus()
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, statusTimeout) // a server that is lost while it is asked says nothing more
	defer cancel()
	stream, err := bus.JetStream().Stream(ctx, instanceStream)
	if err != nil {
		return nil, nil, fmt.Errorf("list instances: %w", err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(instanceSubject("*", "*")))
	if err != nil {
		return nil, nil, fmt.Errorf("list instances: %w", err)
	}
	var all []life
	for subject := range info.State.Subjects {
		parts := strings.Split(subject, ".")
		all = append(all, life{parts[len(parts)-2], parts[len(parts)-1]})
	}
	return bus, all, nil
}

func (p *Process) answerStatus(ctx context.Context, m *nats.Msg) {
	s, err := p.status(ctx)
	if err != nil {
		p.log.WarnContext(ctx, "status not known", "error", err)
		return // the asker times out and names this instance
	}
	if body, err := json.Marshal(s); err == nil {
		_ = m.Respond(body) // an asker that left needs no answer
	}
}

// status counts what the services have to do, up to the first that is busy: the others are only named then, for the world is not quiet
// whatever they have. It begins with the one that was busy when it looked last, which probably still is.
func (p *Process) status(ctx context.Context) (Status, error) {
	s := Status{Instance: p.instance, BusinessTime: p.business.Now()}
	first, busy := int(p.busy.Load()), false
	for i := range p.hosted {
		i = (first + i) % len(p.hosted)
		e := p.hosted[i]
		it := ServiceStatus{Service: e.Name}
		if !busy {
			if err := e.count(ctx, &it); err != nil {
				return s, fmt.Errorf("%s: %w", e.Name, err)
			}
		}
		if it.Busy() > 0 {
			busy = true
			p.busy.Store(int64(i))
		}
		s.Services = append(s.Services, it)
	}
	s.Commits = p.commits.Load() // read last: a commit during the count shows up in the next look
	return s, nil
}

// count counts what a service has to do. What its consumers have is asked of NATS, and only when its database has nothing.
func (e *Env) count(ctx context.Context, s *ServiceStatus) error {
	if e.DB == nil {
		return nil
	}
	pending, err := e.DB.Pending(ctx)
	if err != nil {
		return err
	}
	s.Due, s.Claimed, s.BackingOff = pending.Due, pending.Claimed, pending.BackingOff
	s.Unpublished, s.NextDue = pending.Unpublished, pending.NextDue
	if s.Busy() == 0 {
		s.Unacked, err = e.Bus.Unacked(ctx, e.subs...)
	}
	return err
}

// Statuses asks every living process of the deployment. One that cannot be reached may only be cut off for a moment, with work that nobody
// else counts: as long as it has neither said that it has ended nor is forgotten, the status of the world is not known.
func (w *World) Statuses(ctx context.Context) ([]Status, error) {
	bus, living, err := w.living(ctx)
	if err != nil {
		return nil, err
	}
	var out []Status
	for _, l := range living {
		s, err := ask(ctx, bus, l)
		if errors.Is(err, nats.ErrNoResponders) {
			it, unknown := l.said(ctx, bus)
			if unknown == nil && it.Ended {
				continue
			}
			err = cmp.Or(unknown, err)
		}
		if err != nil {
			return nil, fmt.Errorf("status of %s: %w", l.instance, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// bus is the sandbox's: no other user may ask everybody or move the clock.
func (w *World) bus() (*event.Bus, error) {
	if bus := w.p.buses[sandbox]; bus != nil {
		return bus, nil
	}
	return nil, errors.New("this process does not host the sandbox, which alone moves the clock")
}

func ask(ctx context.Context, bus *event.Bus, l life) (s Status, err error) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	m, err := bus.Conn().RequestWithContext(ctx, statusSubject(l.user, l.instance), nil)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(m.Data, &s)
}

// SetClock moves the business clock of every process. It returns when the instant is stored; processes adopt it as
// their status shows.
func (w *World) SetClock(ctx context.Context, t time.Time) error {
	bus, err := w.bus()
	if err != nil {
		return err
	}
	if err := w.p.keepClock(ctx, t); err != nil {
		return fmt.Errorf("keep the business clock: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, statusTimeout) // a server that is lost meanwhile acknowledges nothing more
	defer cancel()
	if _, err := bus.JetStream().Publish(ctx, clockSubject, []byte(t.UTC().Format(time.RFC3339Nano))); err != nil {
		return fmt.Errorf("set the business clock: %w", err)
	}
	w.p.adopt(t.UTC().Format(time.RFC3339Nano))
	return nil
}
