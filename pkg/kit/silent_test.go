package kit_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
)

// A process that is killed between the question and its answer must not hold up the process that asks until its time is over.
func TestASilentProcessIsNotWaitedForLong(t *testing.T) {
	var e *kit.Env
	start(t, loopback(t, ""), watched("sandbox", &e))
	if _, err := e.Bus.JetStream().Publish(t.Context(), "handover.kit.v1.instance.sandbox.ins_lost", nil); err != nil {
		t.Fatal(err)
	}
	sub, err := e.Bus.Conn().Subscribe("handover.kit.v1.status.sandbox.ins_lost", func(*nats.Msg) {})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sub.Unsubscribe() }()

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := clock.Machine{}.Now()
	if all, err := e.World.Statuses(ctx); err == nil {
		t.Errorf("nobody missed it: %v", all)
	}
	if took := (clock.Machine{}).Now().Sub(began); took > 20*time.Second {
		t.Errorf("it was waited for %s", took)
	}
}
