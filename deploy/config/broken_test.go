package config_test

import (
	"errors"
	"io"
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
	var seeds []string
	for name := range services() {
		seeds = append(seeds, name+": "+name+".nk")
	}
	keys := "{" + strings.Join(seeds, ", ") + "}"
	live := []string{"mode: sandbox", "mode: live", "    start: 2026-02-19T09:00:00Z\n", ""}
	for name, tt := range map[string]struct {
		change []string // pairs
		want   string
	}{
		"a live clock with development keys": {live, "platform.auth.development: whoever reads the folder can be anybody"},
		"a live clock beside the simulators": {live, "hosts the simulators of AWS, ServiceNow and mail (sandbox)"},
		"a live clock and a sandbox as peer": {
			append(live[:4:4], "  telemetry:", "  peers: {sandbox: '127.0.0.1:1'}\n  telemetry:"), "platform.peers.sandbox: it hosts simulators",
		},
		"gRPC beyond loopback without TLS": {
			[]string{"grpc: 127", "grpc: 192"},
			"platform.grpc: 192.0.0.1:9090 is beyond loopback and not protected by TLS: set platform.tls.certificate",
		},
		"HTTP beyond loopback without TLS": {
			[]string{"http: 127.0.0.1:8080", "http: :8080"},
			"platform.http: :8080 is beyond loopback and not protected by TLS: set platform.tls.http.certificate",
		},
		"the admin page beyond loopback without TLS": {
			[]string{"admin: 127.0.0.1", "admin: 192.0.0.1"},
			"platform.admin: 192.0.0.1:9091 is beyond loopback and not protected by TLS: set platform.tls.certificate",
		},
		"development keys beyond loopback, whatever protects the listener": {
			[]string{"grpc: 127.0.0.1", "tls: {plain_text: [platform.grpc]}\n  grpc: 0.0.0.0"},
			"platform.auth.development: whoever reads the folder can be anybody, so platform.grpc may not be 0.0.0.0:9090",
		},
		"a peer in plain text": {
			[]string{"  data: data", "  data: data\n  peers: {orders: 'localhost:1,orders:9090'}"},
			"platform.peers.orders: orders:9090 is beyond loopback and not protected by TLS: set platform.tls.authorities",
		},
		"NATS in plain text": {
			[]string{"  data: data", "  data: data\n  nats: {url: 'tls://a:4222,nats://u:p@b:4222', keys: " + keys + "}"},
			"platform.nats.url: b:4222 is beyond loopback and not protected by TLS: set platform.nats.tls.authorities",
		},
		"NATS in plain text by another scheme": {
			[]string{"  data: data", "  data: data\n  nats: {url: 'TLS://a:4222,tcp://b:4222', keys: " + keys + "}"},
			"platform.nats.url: b:4222 is beyond loopback and not protected by TLS: set platform.nats.tls.authorities",
		},
		"NATS in plain text by a scheme in capitals": {
			[]string{"  data: data", "  data: data\n  nats: {url: 'WSS://a:4222,NATS://b:4222', keys: " + keys + "}"},
			"platform.nats.url: b:4222 is beyond loopback and not protected by TLS: set platform.nats.tls.authorities",
		},
		"traces in plain text": {
			[]string{"  telemetry:", "  telemetry:\n    traces: {endpoint: 'otel:4317', insecure: true}"},
			"platform.telemetry.traces.endpoint: otel:4317 is beyond loopback and not protected by TLS: take platform.telemetry.traces.insecure out",
		},
		"an embedded NATS beyond loopback": {
			[]string{"  data: data", "  data: data\n  nats: {listen: '0.0.0.0:4222', accounts: a, keys: " + keys + "}"},
			"platform.nats.listen: 0.0.0.0:4222 is beyond loopback",
		},
		"PostgreSQL without TLS": {
			[]string{"  data: data", "  data: data\n  database: {postgresql: plain}"},
			"platform.database.postgresql: db.example.com is beyond loopback and not protected by TLS: put sslmode=verify-full into the URL",
		},
		"PostgreSQL whose name nobody verifies": {
			[]string{"  data: data", "  data: data\n  database: {postgresql: unverified}"},
			"platform.database.postgresql: db.example.com is beyond loopback and not protected by TLS: put sslmode=verify-full into the URL",
		},
		"a mail server in plain text": {
			[]string{"address: 127.0.0.1:9025", "address: mail.example.com:587"},
			"services.notifications.smtp.tls: mail.example.com:587 is beyond loopback and not protected by TLS",
		},
		"an address of others in plain text": {
			[]string{"endpoint: http://127.0.0.1", "endpoint: http://aws"},
			"services.accounttransfer.aws.endpoint: aws:9092 is beyond loopback and not protected by TLS: use https",
		},
		"a simulator beyond loopback": {
			[]string{"listen: 127.0.0.1:9092", "listen: 0.0.0.0:9092"},
			"services.sandbox.aws.listen: 0.0.0.0:9092 is beyond loopback and not protected by TLS",
		},
		"signing keys fetched in plain text": {
			[]string{"  auth:", "  auth:\n    issuers: [{issuer: a, audience: b, jwks_url: 'http://idp/keys'}]"},
			"platform.auth.issuers[0].jwks_url: idp is beyond loopback and not protected by TLS: use https",
		},
		"an exception for nothing": {
			[]string{"  data: data", "  data: data\n  tls: {plain_text: [platform.grpc]}"},
			"platform.tls.plain_text: platform.grpc is in plain text nowhere beyond loopback; take it out",
		},
		"AWS in plain text":         {live, `services.accounttransfer.aws.endpoint: "http://127.0.0.1:9092" is not https`},
		"AWS's costs in plain text": {live, `services.billing.aws.endpoint: "http://127.0.0.1:9092" is not https`},
		"ServiceNow in plain text":  {live, `services.support.servicenow.url: "http://127.0.0.1:9093" is not https`},
		"links in plain text":       {live, `services.orders.link_base: "http://127.0.0.1:8080" is not https`},
		"a clock of no kind": {
			[]string{"mode: sandbox", "mode: fast"}, `business_clock.mode: "fast" is neither live nor sandbox`,
		},
		"no address for gRPC": {
			[]string{"grpc: 127.0.0.1:9090", "grpc: ''"}, "grpc: must be host:port: an empty address is a free port of every interface",
		},
		"no address for HTTP": {
			[]string{"http: 127.0.0.1:8080", "http: ''"}, "http: must be host:port: an empty address is a free port of every interface",
		},
		"no address for a simulator": {
			[]string{"listen: 127.0.0.1:9092", "listen: ''"}, "aws.listen: must be host:port: an empty address is a free port of every interface",
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
			[]string{"  data: data", "  data: data\n  tls: {certificate: a.crt}"},
			"platform.tls: TLS needs the certificate and its key, or neither",
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
			write(t, filepath.Join(filepath.Dir(path), "plain"), "postgres://handover@db.example.com/handover?sslmode=disable")
			write(t, filepath.Join(filepath.Dir(path), "unverified"), "postgres://handover@db.example.com/handover?sslmode=require")
			_, err := kit.Check(path, binary("sandbox.yaml")...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			c, err := kit.Load(path)
			if err == nil {
				c.Platform.Data, c.Platform.Telemetry.Log.Out = t.TempDir(), io.Discard
				var p *kit.Process
				if p, err = kit.Start(t.Context(), c, binary("sandbox.yaml")...); err == nil {
					err = errors.Join(errors.New("it runs"), p.Stop())
				}
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("started: got %v, want %q", err, tt.want)
			}
		})
	}
}
