package kit_test

import (
	"context"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/store"
)

// watched is a service that hands its environment out.
func watched(name string, env **kit.Env) kit.Service {
	return bare(name, func(_ context.Context, e *kit.Env) error { *env = e; return nil })
}

// two are two processes of one deployment: the first hosts the sandbox and embeds NATS, the second connects to it.
func two(t *testing.T) (first, second *kit.Env) {
	t.Helper()
	first, second, _ = twoBy(t, func(address string) string { return address })
	return first, second
}

// twoBy are two, of which the second finds NATS by the address that by makes of its own. The second may be stopped before the test ends.
func twoBy(t *testing.T, by func(address string) string) (first, second *kit.Env, other *kit.Process) {
	t.Helper()
	sandbox, billing := watched("sandbox", &first), watched("billing", &second)
	keys := kittest.NewKeyring(t, sandbox, billing)
	c := loopback(t, "")
	address := freeAddress(t)
	c.Platform.NATS.Listen, c.Platform.NATS.Accounts = address, keys.Accounts
	c.Platform.NATS.Keys = keys.Of("sandbox")
	start(t, c, sandbox)
	d := loopback(t, "")
	d.Platform.NATS.URL, d.Platform.NATS.Keys = "nats://"+by(address), keys.Of("billing")
	d.Platform.Clock.Start = "" // it joins the clock that the first has set
	other = start(t, d, billing)
	return first, second, other
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
		case <-time.After(2 * time.Minute):
			t.Fatalf("it still stands at %s", second.Business.Now())
		}
	}
}

func TestWorldIsEveryLivingProcess(t *testing.T) {
	first, second := two(t)
	all, err := first.World.Statuses(t.Context())
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
	if len(all) != 2 || !seen["sandbox"] || !seen["billing"] {
		t.Fatalf("it sees %+v", all)
	}
	if all, err := second.World.Statuses(t.Context()); err == nil {
		t.Errorf("who is not the sandbox sees %+v", all)
	}
	if err := second.World.SetClock(t.Context(), second.Business.Now().Add(time.Hour)); err == nil {
		t.Error("who is not the sandbox moved the clock")
	}
}

// One busy service is enough: the others are named, and counted again when it has nothing more to do.
func TestABusyServiceIsEnough(t *testing.T) {
	var e *kit.Env
	var table *store.Table[fence]
	var db *store.DB
	begun, release := make(chan struct{}), make(chan struct{})
	p := &painter{did: map[string]int{}, fail: func(int) error {
		close(begun)
		<-release
		return nil
	}}
	start(t, loopback(t, ""), watched("sandbox", &e), fences(effects(p, nil), &table, &db))
	<-begun
	look := func() (services, busy int) {
		all, err := e.World.Statuses(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		for _, s := range all[0].Services {
			if services++; s.Busy() > 0 {
				busy++
			}
		}
		return services, busy
	}
	for range 2 {
		if services, busy := look(); services != 2 || busy != 1 {
			t.Errorf("%d services, %d busy", services, busy)
		}
	}
	close(release)
	kittest.Until(t, "the world is quiet", func() bool {
		services, busy := look()
		return services == 2 && busy == 0
	})
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
