package kit

import (
	"context"
	"errors"
	"fmt"
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
	keeper, err := p.openClock(ctx, services)
	if err != nil {
		return err
	}
	defer keeper.close()
	if keeper.instant.After(first) {
		first = keeper.instant
	}
	stream, err := p.offerClock(ctx, first, keeper.db != nil)
	if err != nil {
		return err
	}
	now, err := lastInstant(ctx, stream)
	if err != nil {
		return err
	}
	p.business = clock.NewMovable(now)
	if err := keeper.keep(ctx, now); err != nil {
		return err
	}
	return p.followClock(stream)
}

// offerClock makes the stream, and sets an instant in it that is later than the last one: the first of all, or the one
// that was lost with its files. Of several processes that have no database to keep the clock in, the first one sets it.
func (p *Process) offerClock(ctx context.Context, at time.Time, keeps bool) (jetstream.Stream, error) {
	js := p.bus.JetStream()
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: clockStream, Subjects: []string{clockSubject}, MaxMsgsPerSubject: 1, Storage: jetstream.FileStorage,
		Replicas: p.config.Platform.NATS.Replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("clock stream: %w", err)
	}
	var sequence uint64
	m, err := stream.GetLastMsgForSubject(ctx, clockSubject)
	switch {
	case err == nil:
		sequence = m.Sequence
		last, err := time.Parse(time.RFC3339Nano, string(m.Data))
		if err == nil && !last.Before(at) {
			return stream, nil
		}
		p.log.WarnContext(ctx, "NATS has an earlier business time than the sandbox: it is set again", "nats", string(m.Data), "business_time", at)
	case !errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, fmt.Errorf("read the business clock: %w", err)
	case at.IsZero():
		return stream, nil
	}
	var expected []jetstream.PublishOpt
	if !keeps {
		expected = append(expected, jetstream.WithExpectLastSequencePerSubject(sequence))
	}
	_, err = js.Publish(ctx, clockSubject, []byte(at.UTC().Format(time.RFC3339Nano)), expected...)
	if wrong, ok := errors.AsType[*jetstream.APIError](err); err != nil &&
		(!ok || wrong.ErrorCode != jetstream.JSErrCodeStreamWrongLastSequence) {
		return nil, fmt.Errorf("set the business clock: %w", err)
	}
	return stream, nil
}

// followClock subscribes first and reads again afterwards, so that no move falls between.
func (p *Process) followClock(stream jetstream.Stream) error {
	sub, err := p.bus.Conn().Subscribe(clockSubject, func(m *nats.Msg) { p.adopt(string(m.Data)) })
	if err != nil {
		return fmt.Errorf("follow the clock: %w", err)
	}
	p.closers.add(func(context.Context) error { return sub.Unsubscribe() })
	reread := func() {
		ctx, cancel := context.WithTimeout(p.running, 5*time.Second)
		defer cancel()
		if p.keepsClock() {
			if _, err := p.offerClock(ctx, p.business.Now(), true); err != nil {
				p.log.WarnContext(ctx, "the business clock cannot be set again", "error", err)
			}
		}
		if now, err := lastInstant(ctx, stream); err == nil {
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
func lastInstant(ctx context.Context, stream jetstream.Stream) (time.Time, error) {
	for {
		m, err := stream.GetLastMsgForSubject(ctx, clockSubject)
		if err == nil {
			return time.Parse(time.RFC3339Nano, string(m.Data))
		}
		if !errors.Is(err, jetstream.ErrMsgNotFound) {
			return time.Time{}, fmt.Errorf("read the business clock: %w", err)
		}
		if err := (clock.Machine{}).Wait(ctx, 50*time.Millisecond); err != nil {
			return time.Time{}, fmt.Errorf("no process has set the sandbox clock (platform.business_clock.start): %w", err)
		}
	}
}
