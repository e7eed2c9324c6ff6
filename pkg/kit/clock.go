package kit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
)

// The sandbox's business clock is one retained message: the last instant that was set. Every process reads it at its
// start, follows it afterwards, and reads it again after a lost connection. The sandbox keeps it in its database as well
// and sets it again when the message is lost: business time never goes backward.
const (
	clockStream  = "HANDOVER_CLOCK"
	clockSubject = "handover.clock.v1.set"
)

// startClock takes the live clock, or joins the deployment's movable one.
func (p *Process) startClock(ctx context.Context, services []Service) error {
	c := p.config.Platform.Clock
	if c.Mode == "live" {
		p.business = clock.NewLive()
		return nil
	}
	first, err := c.start()
	if err != nil {
		return err
	}
	if p.user != sandbox && !first.IsZero() {
		return errors.New("business_clock.start is for the process that hosts the sandbox: nobody else sets the clock")
	}
	keeper, err := p.openClock(ctx, services)
	if err != nil {
		return err
	}
	defer keeper.close()
	if keeper.instant.After(first) {
		first = keeper.instant
	}
	var now time.Time
	err = p.reaching(ctx, func() (err error) {
		if p.user == sandbox {
			if err := p.offerClock(ctx, first, keeper.db != nil); err != nil {
				return err
			}
		}
		now, err = p.lastInstant(ctx)
		return err
	})
	if err != nil {
		return err
	}
	p.business = clock.NewMovable(now)
	if err := keeper.keep(ctx, now); err != nil {
		return err
	}
	return p.followClock()
}

// reaching does what needs NATS, again and again for as long as there is no connection: there is no start order. What fails
// over a connection that stays is an error.
func (p *Process) reaching(ctx context.Context, do func() error) error {
	for conn := p.bus.Conn(); ; {
		before, connected := conn.Stats().Reconnects, conn.IsConnected()
		err := do()
		if err == nil || connected && conn.IsConnected() && conn.Stats().Reconnects == before {
			return err
		}
		if p.machine.Wait(ctx, 50*time.Millisecond) != nil {
			return err
		}
	}
}

// offerClock makes the streams of the clock and of the living processes, and sets an instant that is later than the last
// one: the first of all, or the one that was lost with its files. Of several processes that have no database to keep the
// clock in, the first one sets it.
func (p *Process) offerClock(ctx context.Context, at time.Time, keeps bool) error {
	js := p.bus.JetStream()
	for _, s := range []jetstream.StreamConfig{
		{Name: clockStream, Subjects: []string{clockSubject}, MaxMsgsPerSubject: 1, AllowDirect: true},
		{Name: instanceStream, Subjects: []string{instanceSubject("*", "*")}, MaxMsgsPerSubject: 1, MaxAge: instanceTTL, AllowDirect: true},
	} {
		if _, err := js.CreateOrUpdateStream(ctx, s); err != nil {
			return fmt.Errorf("stream %s: %w", s.Name, err)
		}
	}
	m, err := p.bus.Last(ctx, sandbox, clockStream, clockSubject)
	if err != nil {
		return fmt.Errorf("read the business clock: %w", err)
	}
	var sequence uint64
	if m != nil {
		if last, err := time.Parse(time.RFC3339Nano, string(m.Data)); err == nil && !last.Before(at) {
			return nil
		}
		p.log.WarnContext(ctx, "NATS has an earlier business time than the sandbox: it is set again", "nats", string(m.Data), "business_time", at)
		if sequence, err = strconv.ParseUint(m.Header.Get(jetstream.SequenceHeader), 10, 64); err != nil {
			return fmt.Errorf("read the business clock: %w", err)
		}
	} else if at.IsZero() {
		return nil
	}
	var expected []jetstream.PublishOpt
	if !keeps {
		expected = append(expected, jetstream.WithExpectLastSequencePerSubject(sequence))
	}
	_, err = js.Publish(ctx, clockSubject, []byte(at.UTC().Format(time.RFC3339Nano)), expected...)
	if wrong, ok := errors.AsType[*jetstream.APIError](err); err != nil &&
		(!ok || wrong.ErrorCode != jetstream.JSErrCodeStreamWrongLastSequence) {
		return fmt.Errorf("set the business clock: %w", err)
	}
	return nil
}

// followClock subscribes first and reads again afterwards, so that no move falls between.
func (p *Process) followClock() error {
	sub, err := p.bus.Conn().Subscribe(clockSubject, func(m *nats.Msg) { p.adopt(string(m.Data)) })
	if err != nil {
		return fmt.Errorf("follow the clock: %w", err)
	}
	p.closers.add(func(context.Context) error { return sub.Unsubscribe() })
	reread := func() {
		ctx, cancel := context.WithTimeout(p.running, 5*time.Second)
		defer cancel()
		if p.keepsClock() {
			if err := p.offerClock(ctx, p.business.Now(), true); err != nil {
				p.log.WarnContext(ctx, "the business clock cannot be set again", "error", err)
			}
		}
		if now, err := p.lastInstant(ctx); err == nil {
			p.adopt(now.Format(time.RFC3339Nano))
		}
	}
	reread()
	again, forget := p.bus.Reconnected()
	p.closers.add(func(context.Context) error { forget(); return nil })
	go func() {
		for {
			select {
			case <-again:
				reread()
			case <-p.running.Done():
				return
			}
		}
	}()
	return nil
}

func (p *Process) adopt(text string) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		p.log.Error("unreadable business instant", "text", text, "error", err)
		return
	}
	if t.After(p.business.Now()) {
		_ = p.business.Set(t) // it is later, and the clock is movable: nothing to refuse
	}
}

// lastInstant waits for an instant when the process that sets the first one has not started yet.
func (p *Process) lastInstant(ctx context.Context) (time.Time, error) {
	for {
		m, err := p.bus.Last(ctx, sandbox, clockStream, clockSubject)
		if err != nil {
			return time.Time{}, fmt.Errorf("read the business clock: %w", err)
		}
		if m != nil {
			return time.Parse(time.RFC3339Nano, string(m.Data))
		}
		if err := p.machine.Wait(ctx, 50*time.Millisecond); err != nil {
			return time.Time{}, fmt.Errorf("no process has set the sandbox clock (platform.business_clock.start): %w", err)
		}
	}
}
