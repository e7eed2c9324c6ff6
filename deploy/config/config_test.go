package config_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/sim/ca"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// services are those of the suite, by name.
func services() map[string]kit.Service {
	return map[string]kit.Service{
		"orders": orders.Service(), "accounttransfer": accounttransfer.Service(), "billing": billing.Service(),
		"support": support.Service(), "notifications": notifications.Service(), "gateway": gateway.Service(), "sandbox": sandbox.Service(),
	}
}

// binary says which services the binary of a shipped file has: all in the all-in-one, else the one that it is named
// after.
func binary(path string) []kit.Service {
	folder, name := filepath.Split(path)
	if folder == "" {
		return slices.Collect(maps.Values(services()))
	}
	s, known := services()[strings.TrimSuffix(name, ".yaml")]
	if !known {
		return nil
	}
	return []kit.Service{s}
}

func TestEveryShippedFileIsFine(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, config.Files()); err != nil {
		t.Fatal(err)
	}
	secrets := filepath.Join(folder, "separate", "secrets")
	for name := range services() {
		certify(t, secrets, name)
	}
	certify(t, secrets, "nats")
	write(t, filepath.Join(secrets, "link"), "links of a test, and of nothing that is real")
	write(t, filepath.Join(secrets, "postgresql"), "postgres://handover@127.0.0.1/handover")
	shipped, err := os.ReadFile(filepath.Join(root, "deploy", "docker", "sandbox", "postgresql"))
	must(t, err)
	write(t, filepath.Join(secrets, "compose"), strings.ReplaceAll(string(shipped), "/keys", secrets))
	err = fs.WalkDir(config.Files(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		services := binary(path)
		if len(services) == 0 {
			t.Errorf("%s: no binary reads it", path)
			return nil
		}
		t.Run(path, func(t *testing.T) {
			placed := filepath.Join(folder, path)
			mount(t, placed, secrets)
			warnings, err := kit.Check(placed, services...)
			if err != nil || len(warnings) > 0 {
				t.Error(err, warnings)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mount puts the secrets of containers where this machine has them.
func mount(t *testing.T, path, secrets string) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	write(t, path, strings.NewReplacer(
		"/run/secrets/postgresql", secrets+"/compose", "/run/secrets", secrets, "/keys", secrets,
	).Replace(string(text)))
}

// certify has a certificate of a name in the folder, and the authority of the last one.
func certify(t *testing.T, folder, name string) {
	t.Helper()
	authority, err := ca.New("test")
	must(t, err)
	write(t, filepath.Join(folder, "ca.crt"), string(authority.PEM()))
	must(t, authority.Issue(folder, name, "localhost"))
}

// write writes what the operator brings.
func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(text), 0o600))
}
