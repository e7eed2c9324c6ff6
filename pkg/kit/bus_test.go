package kit_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/store"
)

func TestAServiceMustBeSomebodyOnTheBus(t *testing.T) {
	binary := []kit.Service{bare("orders", nothing), bare("gateway", nothing)}
	for name, tt := range map[string]struct{ nats, refusal string }{
		"embedded, for this process alone": {"{}", ""},
		"a server":                         {"{url: 'tls://nats:4222', keys: {orders: a.nk, gateway: b.nk}}", ""},
		"embedded, for others too":         {"{listen: '127.0.0.1:4222', accounts: nats.conf, keys: {orders: a.nk, gateway: b.nk}}", ""},
		"both":                             {"{url: 'nats://nats:4222', listen: '127.0.0.1:4222'}", "exclude each other"},
		"no key":                           {"{url: 'nats://nats:4222', keys: {orders: a.nk}}", "platform.nats.keys.gateway"},
		"one key for two":                  {"{url: 'nats://nats:4222', keys: {orders: a.nk, gateway: a.nk}}", "share"},
		"a key that nobody uses": {
			"{url: 'nats://nats:4222', keys: {orders: a.nk, gateway: b.nk, billing: c.nk}}", "platform.nats.keys.billing",
		},
		"a listener that lets anybody in": {"{listen: '127.0.0.1:4222', keys: {orders: a.nk, gateway: b.nk}}", "handover nats-config"},
		"keys for nothing":                {"{keys: {orders: a.nk}}", "nats.url or nats.listen"},
		"accounts for nothing":            {"{accounts: nats.conf}", "belong together"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.yaml")
			if err := os.WriteFile(path, []byte("platform: {nats: "+tt.nats+"}"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := kit.Check(path, binary...)
			if tt.refusal == "" && err != nil || tt.refusal != "" && (err == nil || !strings.Contains(err.Error(), tt.refusal)) {
				t.Errorf("got %v, want %q", err, tt.refusal)
			}
		})
	}
}

// What a service may hear is derived from its Spec, so the Spec and the set-up must say the same.
func TestSubscriptionsAreDeclared(t *testing.T) {
	handle := func(*store.Tx, event.Message) error { return nil }
	payers := map[string]kit.Source{"payers": {Service: "accounttransfer", Noun: "payer"}}
	for name, tt := range map[string]struct {
		declared map[string]kit.Source
		setUp    func(e *kit.Env)
		refusal  string
	}{
		"as declared":   {payers, func(e *kit.Env) { e.Subscribe("payers", handle) }, ""},
		"undeclared":    {nil, func(e *kit.Env) { e.Subscribe("payers", handle) }, "does not declare the subscription orders-payers"},
		"without a use": {payers, func(*kit.Env) {}, "does nothing with it"},
	} {
		t.Run(name, func(t *testing.T) {
			service := kit.New(kit.Spec[kit.NoConfig]{
				Name: "orders", Subscribes: tt.declared, Migrations: migrations(),
				Setup: func(_ context.Context, e *kit.Env, _ *kit.NoConfig) error { tt.setUp(e); return nil },
			})
			p, err := kit.Start(t.Context(), loopback(t, ""), service)
			if err == nil {
				err = p.Stop()
			}
			if tt.refusal == "" && err != nil || tt.refusal != "" && (err == nil || !strings.Contains(err.Error(), tt.refusal)) {
				t.Errorf("got %v, want %q", err, tt.refusal)
			}
		})
	}
}

func TestNATSMayComeLater(t *testing.T) {
	one, other := bare("sandbox", nothing), bare("billing", nothing)
	keys := kittest.NewKeyring(t, one, other)
	address := freeAddress(t)
	early := loopback(t, "")
	early.Platform.Clock.Start = ""
	early.Platform.NATS.URL, early.Platform.NATS.Keys = "nats://"+address, keys.Of("billing")
	log := hear("not connected")
	early.Platform.Telemetry.Log.Out = log
	up := make(chan error, 1)
	var p *kit.Process
	go func() {
		var err error
		p, err = kit.Start(t.Context(), early, other)
		up <- err
	}()
	log.wait(t)
	c := loopback(t, "")
	c.Platform.NATS.Listen, c.Platform.NATS.Accounts, c.Platform.NATS.Keys = address, keys.Accounts, keys.Of("sandbox")
	start(t, c, one)
	if err := <-up; err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

func TestNobodyButTheSandboxStartsTheClock(t *testing.T) {
	c := loopback(t, "")
	one, other := bare("sandbox", nothing), bare("billing", nothing)
	keys := kittest.NewKeyring(t, one, other)
	address := freeAddress(t)
	c.Platform.NATS.Listen, c.Platform.NATS.Accounts, c.Platform.NATS.Keys = address, keys.Accounts, keys.Of("sandbox")
	start(t, c, one)
	d := loopback(t, "")
	d.Platform.NATS.URL, d.Platform.NATS.Keys = "nats://"+address, keys.Of("billing")
	p, err := kit.Start(t.Context(), d, other)
	if err == nil {
		err = p.Stop()
	}
	if err == nil || !strings.Contains(err.Error(), "business_clock.start") {
		t.Errorf("got %v", err)
	}
}
