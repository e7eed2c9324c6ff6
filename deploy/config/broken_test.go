package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit"
)

// TestBrokenFilesAreRefused changes the shipped file of the all-in-one; check and start say the same sentence.
func TestBrokenFilesAreRefused(t *testing.T) {
	shipped, err := config.Files().ReadFile("sandbox.yaml")
	if err != nil {
		t.Fatal(err)
	}
	live := []string{"mode: sandbox", "mode: live", "    start: 2026-02-16T09:00:00Z\n", ""}
	for name, tt := range map[string]struct {
		change []string // pairs
		want   string
	}{
		"a live clock with development keys": {live, "platform.auth.development: whoever reads the folder can be anybody"},
		"a live clock beside the simulators": {live, "hosts the simulators of AWS, ServiceNow and mail (sandbox)"},
		"a live clock and a sandbox as peer": {
			append(live[:4:4], "  telemetry:", "  peers: {sandbox: '127.0.0.1:1'}\n  telemetry:"), "platform.peers.sandbox: it hosts simulators",
		},
		"AWS in plain text":         {live, `services.accounttransfer.aws.endpoint: "http://127.0.0.1:9092" is not https`},
		"AWS's costs in plain text": {live, `services.billing.aws.endpoint: "http://127.0.0.1:9092" is not https`},
		"ServiceNow in plain text":  {live, `services.support.servicenow.url: "http://127.0.0.1:9093" is not https`},
		"links in plain text":       {live, `services.orders.link_base: "http://127.0.0.1:8080" is not https`},
		"a clock of no kind": {
			[]string{"mode: sandbox", "mode: fast"}, `business_clock.mode: "fast" is neither live nor sandbox`,
		},
		"an address without a port": {[]string{"grpc: 127.0.0.1:9090", "grpc: 127.0.0.1"}, `grpc: "127.0.0.1" is not host:port`},
		"a key that nobody knows":   {[]string{"  data: data", "  data: data\n  dada: data"}, "dada"},
		"a section that nobody reads": {
			[]string{"services:\n", "services:\n  shipping: {}\n"}, "services.shipping: this process does not host it",
		},
		"a service that does not exist": {
			[]string{"  data: data", "  data: data\n  hosts: [shipping]"}, `platform.hosts: this binary has no service "shipping"`,
		},
		"a certificate without its key": {
			[]string{"  data: data", "  data: data\n  tls: {certificate: a.crt}"}, "platform.tls: TLS needs the certificate and its key, or neither",
		},
		"a certificate that is missing": {
			[]string{"  data: data", "  data: data\n  tls: {certificate: a.crt, key: a.key}"}, "a.crt: no such file or directory",
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.NewReplacer(tt.change...).Replace(string(shipped))
			path := filepath.Join(t.TempDir(), "broken.yaml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := kit.Check(path, binary("sandbox.yaml")...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
