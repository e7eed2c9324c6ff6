package kit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
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

// ServiceStatus is the work of one service, counted in its database and its consumers: replicas give the same answer.
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
	instanceBucket  = "handover_instances"
	statusSubject   = "handover.kit.v1.status."
	instanceTTL     = 6 * time.Second // a process that was killed is forgotten after this
	instanceRefresh = 2 * time.Second
	statusTimeout   = 2 * time.Second // a process that is killed while it is asked says nothing more
)

// announce makes the process known to the others, in the sandbox only.
func (p *Process) announce(ctx context.Context) error {
	if p.business.Live() {
		return nil
	}
	bucket, err := p.instances(ctx)
	if err != nil {
		return err
	}
	sub, err := p.bus.Conn().Subscribe(statusSubject+p.instance, func(m *nats.Msg) { p.answerStatus(ctx, m) })
	if err != nil {
		return fmt.Errorf("answer status: %w", err)
	}
	self, err := json.Marshal(presence{os.Getpid(), machineOf()})
	if err != nil {
		return err
	}
	if _, err := bucket.Put(ctx, p.instance, self); err != nil {
		return fmt.Errorf("announce instance: %w", err)
	}
	p.spawn(ctx, "presence", func(ctx context.Context) error {
		defer func() { _ = sub.Unsubscribe() }() // the connection may be gone already
		for p.machine.Wait(ctx, instanceRefresh) == nil {
			if _, err := bucket.Put(ctx, p.instance, self); err != nil {
				p.log.DebugContext(ctx, "presence not refreshed; the next beat tries again", "error", err)
			}
		}
		return nil
	})
	return nil
}

// presence is what a process says of itself to the others.
type presence struct {
	PID     int    `json:"pid"`
	Machine string `json:"machine"`
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
	bucket, err := w.p.instances(ctx)
	if err != nil {
		return false, fmt.Errorf("list instances: %w", err)
	}
	keys, err := bucket.Keys(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return false, fmt.Errorf("list instances: %w", err)
	}
	for _, instance := range keys {
		entry, err := bucket.Get(ctx, instance)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue // it has expired meanwhile
		}
		if err != nil {
			return false, fmt.Errorf("look at %s: %w", instance, err)
		}
		var it presence
		if json.Unmarshal(entry.Value(), &it) == nil && it == (presence{pid, machineOf()}) {
			return true, nil
		}
	}
	return false, nil
}

func (p *Process) instances(ctx context.Context) (jetstream.KeyValue, error) {
	return p.bus.JetStream().CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: instanceBucket, TTL: instanceTTL, Storage: jetstream.MemoryStorage,
	})
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

func (p *Process) status(ctx context.Context) (Status, error) {
	s := Status{Instance: p.instance, BusinessTime: p.business.Now()}
	for _, e := range p.hosted {
		pending, unacked, err := e.pending(ctx)
		if err != nil {
			return s, fmt.Errorf("%s: %w", e.Name, err)
		}
		s.Services = append(s.Services, ServiceStatus{
			Service: e.Name, Due: pending.Due, Claimed: pending.Claimed, BackingOff: pending.BackingOff,
			Unpublished: pending.Unpublished, Unacked: unacked, NextDue: pending.NextDue,
		})
	}
	s.Commits = p.commits.Load() // read last: a commit during the count shows up in the next look
	return s, nil
}

// Statuses asks every living process of the deployment.
func (w *World) Statuses(ctx context.Context) ([]Status, error) {
	bucket, err := w.p.instances(ctx)
	if err != nil {
		return nil, fmt.Errorf("list instances: %w", err)
	}
	keys, err := bucket.Keys(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, fmt.Errorf("list instances: %w", err)
	}
	var out []Status
	for _, instance := range keys {
		s, err := w.ask(ctx, instance)
		if errors.Is(err, nats.ErrNoResponders) {
			continue // it has ended; its key expires
		}
		if err != nil {
			return nil, fmt.Errorf("status of %s: %w", instance, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func (w *World) ask(ctx context.Context, instance string) (s Status, err error) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	m, err := w.p.bus.Conn().RequestWithContext(ctx, statusSubject+instance, nil)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(m.Data, &s)
}

// SetClock moves the business clock of every process. It returns when the instant is stored; processes adopt it as
// their status shows.
func (w *World) SetClock(ctx context.Context, t time.Time) error {
	if err := w.p.keepClock(ctx, t); err != nil {
		return fmt.Errorf("keep the business clock: %w", err)
	}
	_, err := w.p.bus.JetStream().Publish(ctx, clockSubject, []byte(t.UTC().Format(time.RFC3339Nano)))
	if err != nil {
		return fmt.Errorf("set the business clock: %w", err)
	}
	w.p.adopt(t.UTC().Format(time.RFC3339Nano))
	return nil
}
