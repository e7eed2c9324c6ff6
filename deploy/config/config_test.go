package config_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit"
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
	for _, name := range []string{"postgresql", "link"} {
		secret(t, filepath.Join(folder, "separate", "secrets", name))
		secret(t, filepath.Join(folder, "run", name))
	}
	err := fs.WalkDir(config.Files(), ".", func(path string, entry fs.DirEntry, err error) error {
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
			mount(t, placed, filepath.Join(folder, "run"))
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
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte("/run/secrets"), []byte(secrets)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// secret writes what the operator brings.
func secret(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("postgres://handover@127.0.0.1/handover\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
