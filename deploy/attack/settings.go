package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"example.com/handover/deploy/config"
)

// sandboxSettings has the binary check files that mix a sandbox with production.
func sandboxSettings(ctx context.Context, t *target, o *outcome) error {
	shipped, err := config.Files().ReadFile("sandbox.yaml")
	if err != nil {
		return err
	}
	live := []string{"mode: sandbox", "mode: live", "    start: 2026-02-19T09:00:00Z\n", ""}
	for i, one := range []struct {
		change []string // pairs
		says   string
	}{
		{live, "platform.auth.development: whoever reads the folder can be anybody"},
		{live, "hosts the simulators of AWS, ServiceNow and mail (sandbox)"},
		{append(live[:4:4], "  telemetry:", "  peers: {sandbox: '127.0.0.1:1'}\n  telemetry:"), "platform.peers.sandbox"},
		{live, "services.accounttransfer.aws.endpoint"},
		{live, "services.billing.aws.endpoint"},
		{live, "services.support.servicenow.url"},
		{live, "services.orders.link_base"},
		{[]string{"grpc: 127.0.0.1", "grpc: 0.0.0.0"}, "platform.grpc"},
		{[]string{"http: 127.0.0.1", "http: 0.0.0.0"}, "platform.http"},
		{[]string{"admin: 127.0.0.1", "admin: 0.0.0.0"}, "platform.admin"},
		{[]string{"  data: data", "  data: data\n  tls: {certificate: a.crt}"}, "platform.tls"},
		{[]string{"mode: sandbox", "mode: fast"}, "neither live nor sandbox"},
	} {
		path := filepath.Join(t.folder, "broken-"+strconv.Itoa(i)+".yaml")
		if err := os.WriteFile(path, []byte(strings.NewReplacer(one.change...).Replace(string(shipped))), 0o600); err != nil {
			return err
		}
		out, err := exec.CommandContext(ctx, t.binary, "check", path).CombinedOutput()
		if err == nil || !strings.Contains(string(out), one.says) {
			o.gotIn("check says %q and should name %s", out, one.says)
			continue
		}
		o.refused("refused by check")
	}
	return nil
}
