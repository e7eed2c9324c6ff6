package kit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/kit"
)

// One binary, several processes: the file says which services a process hosts.
func TestAFileChoosesWhatAProcessHosts(t *testing.T) {
	binary := []kit.Service{bare("orders", nothing), bare("gateway", nothing)}
	for name, tt := range map[string]struct{ file, refusal string }{
		"all":             {"platform: {data: data}", ""},
		"one":             {"platform: {hosts: [gateway]}", ""},
		"unknown":         {"platform: {hosts: [billing]}", `no service "billing"`},
		"foreign section": {"platform: {hosts: [gateway]}\nservices: {orders: {}}", "does not host it"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.yaml")
			if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := kit.Check(path, binary...)
			if tt.refusal == "" && err != nil || tt.refusal != "" && (err == nil || !strings.Contains(err.Error(), tt.refusal)) {
				t.Errorf("got %v, want %q", err, tt.refusal)
			}
		})
	}
}
