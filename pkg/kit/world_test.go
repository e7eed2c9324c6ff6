package kit_test

import (
	"context"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
)

// watched is a service that hands its environment out.
func watched(name string, env **kit.Env) kit.Service {
	return bare(name, func(_ context.Context, e *kit.Env) error { *env = e; return nil })
}

// two are two processes of one deployment: the first embeds NATS, the second connects to it.
func two(t *testing.T) (first, second *kit.Env) {
	t.Helper()
	c := loopback(t, "")
	address := freeAddress(t)
	c.Platform.NATS.Listen = address
	start(t, c, watched("orders", &first))
	d := loopback(t, "")
	d.Platform.NATS.URL = "nats://" + address
	d.Platform.Clock.Start = "" // it joins the clock that the first has set
	start(t, d, watched("billing", &second))
	return first, second
}

func TestProcessesShareTheBusinessClock(t *testing.T) {
	first, second := two(t)
	if !second.Business.Now().Equal(first.Business.Now()) {
		t.Fatalf("got %s and %s", first.Business.Now(), second.Business.Now())
	}
	later := first.Business.Now().Add(36 * time.Hour)
	if err := first.World.SetClock(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	moved := second.Business.Moved()
	for second.Business.Now().Before(later) {
		select {
		case <-moved:
			moved = second.Business.Moved()
		case <-time.After(10 * time.Second):
			t.Fatalf("it still stands at %s", second.Business.Now())
		}
	}
}

func TestWorldIsEveryLivingProcess(t *testing.T) {
	first, second := two(t)
	for _, e := range []*kit.Env{first, second} {
		all, err := e.World.Statuses(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, s := range all {
			for _, service := range s.Services {
				seen[service.Service] = true
				if service.Busy() != 0 {
					t.Errorf("%s is busy: %+v", service.Service, service)
				}
			}
		}
		if len(all) != 2 || !seen["orders"] || !seen["billing"] {
			t.Fatalf("%s sees %+v", e.Name, all)
		}
	}
}

func TestALiveClockCannotBeSet(t *testing.T) {
	c := loopback(t, "")
	c.Platform.Clock, c.Platform.Auth.Development = kit.BusinessClock{Mode: "live"}, ""
	var e *kit.Env
	start(t, c, watched("orders", &e))
	if err := e.Business.Set((clock.Machine{}).Now().Time().Add(time.Hour)); err == nil {
		t.Fatal("a live clock was moved")
	}
}
