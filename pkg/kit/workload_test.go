package kit_test

import (
	"strings"
	"testing"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
)

func TestEveryServiceHasATokenOfItsOwn(t *testing.T) {
	services := []kit.Service{calling("orders", nothing, "gateway"), calling("gateway", nothing, "orders"), bare("quiet", nothing)}
	for name, tt := range map[string]struct{ files, refusal string }{
		"each its own":          {"{orders: orders.token, gateway: gateway.token}", ""},
		"one without":           {"{orders: orders.token}", "platform.auth.workload.gateway"},
		"none":                  {"{}", "platform.auth.workload.orders"},
		"one for two":           {"{orders: a.token, gateway: ./a.token}", "share"},
		"one for somebody else": {"{orders: a, gateway: b, billing: c}", "platform.auth.workload.billing"},
	} {
		t.Run(name, func(t *testing.T) {
			c := loopback(t, "")
			c.Platform.Auth.Development = ""
			if err := config.Decode([]byte("{workload: "+tt.files+"}"), &c.Platform.Auth); err != nil {
				t.Fatal(err)
			}
			p, err := kit.Start(t.Context(), c, services...)
			if err == nil {
				err = p.Stop()
			}
			if tt.refusal == "" && err != nil || tt.refusal != "" && (err == nil || !strings.Contains(err.Error(), tt.refusal)) {
				t.Errorf("got %v, want %q", err, tt.refusal)
			}
		})
	}
}

func TestAFileIsRefusedFor(t *testing.T) {
	for text, want := range map[string]string{
		"platform: {auth: {workload: {orders: a, gateway: a}}}": "share",
		"platform: {retention: {every: 0s}}":                    "retention.every",
	} {
		c := kit.Default()
		if err := config.Decode([]byte(text), &c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// With the live clock nothing at a start needs NATS: services answer, and events wait in their tables.
func TestAStartDoesNotWaitForNATS(t *testing.T) {
	c := loopback(t, "")
	c.Platform.Clock, c.Platform.Auth.Development = kit.BusinessClock{Mode: "live"}, ""
	service := stored("orders")
	c.Platform.NATS.URL, c.Platform.NATS.Keys = "nats://"+freeAddress(t), kittest.NewKeyring(t, service).Of("orders")
	p, err := kit.Start(t.Context(), c, service)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}
