package rpc_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
)

// In the bubble the wire takes no time, so that the differences are exact.
func TestDeadlines(t *testing.T) {
	tests := []struct {
		form         string
		given, taken time.Duration // 0: none
	}{
		{"ListThings", 10 * time.Second, 10*time.Second - 20*time.Millisecond},
		{"WatchThing", 10 * time.Second, 10*time.Second - 20*time.Millisecond},
		{"ListThings", 50 * time.Millisecond, 30 * time.Millisecond},
		{"ListThings", 0, rpc.DefaultDeadline - 20*time.Millisecond},
		{"WatchThing", 0, 0},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			var taken time.Duration
			f := serve(t, setup{handle: func(ctx context.Context, _ string, _ proto.Message, send func(string) error) error {
				if until, set := ctx.Deadline(); set {
					taken = until.Sub(clock.Machine{}.Now().Time())
				}
				return send("done")
			}})
			ctx, cancel := f.as(anna()), context.CancelFunc(func() {})
			if tt.given > 0 {
				ctx, cancel = context.WithTimeout(ctx, tt.given)
			}
			defer cancel()
			if _, err := probe.Call(ctx, f.dialBare(), tt.form, probe.Request(``)); err != nil {
				t.Fatal(err)
			}
			if (taken - tt.taken).Abs() > time.Millisecond { // the wire rounds
				t.Errorf("%s with %s: the handler has %s, want %s", tt.form, tt.given, taken, tt.taken)
			}
		})
	}
}

func TestTheHandlerGivesUpBeforeItsCaller(t *testing.T) {
	for _, form := range forms() {
		synctest.Test(t, func(t *testing.T) {
			f := serve(t, setup{handle: func(ctx context.Context, _ string, _ proto.Message, _ func(string) error) error {
				<-ctx.Done()
				return ctx.Err()
			}})
			ctx, cancel := context.WithTimeout(f.as(anna()), time.Second)
			defer cancel()
			_, err := probe.Call(ctx, f.dial(rpc.DialOptions{}), form, probe.Request(``))
			// The domain tells who gave up: it is the service, so the answer arrived in time.
			if e, _ := errs.As(err); e == nil || e.Kind != errs.Deadline || e.Domain != "probe.handover" {
				t.Errorf("%s: got %#v", form, err)
			}
		})
	}
}

func TestWorkThatCannotEndIsNotBegun(t *testing.T) {
	for _, form := range forms() {
		synctest.Test(t, func(t *testing.T) {
			began := false
			f := serve(t, setup{handle: func(_ context.Context, _ string, _ proto.Message, send func(string) error) error {
				began = true
				return send("done")
			}})
			ctx, cancel := context.WithTimeout(f.as(anna()), 49*time.Millisecond)
			defer cancel()
			_, err := probe.Call(ctx, f.dial(rpc.DialOptions{}), form, probe.Request(``))
			if e, _ := errs.As(err); e == nil || e.Kind != errs.Deadline || e.Domain != "probe.handover" || began {
				t.Errorf("%s: got %v, begun: %v", form, err, began)
			}
		})
	}
}
