package config_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/gateway"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
)

// binaries says which services the binary of each shipped file has.
func binaries() map[string][]kit.Service {
	return map[string][]kit.Service{
		"sandbox.yaml":                  {orders.Service(), accounttransfer.Service(), gateway.Service(), sandbox.Service()},
		"separate/orders.yaml":          {orders.Service()},
		"separate/accounttransfer.yaml": {accounttransfer.Service()},
		"separate/gateway.yaml":         {gateway.Service()},
		"separate/sandbox.yaml":         {sandbox.Service()},
	}
}

func TestEveryShippedFileIsFine(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, config.Files()); err != nil {
		t.Fatal(err)
	}
	secret(t, filepath.Join(folder, "separate", "secrets", "postgresql"))
	known := binaries()
	err := fs.WalkDir(config.Files(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		services, known := known[path]
		if !known {
			t.Errorf("%s: say here which binary reads it", path)
			return nil
		}
		t.Run(path, func(t *testing.T) {
			if err := kit.Check(filepath.Join(folder, path), services...); err != nil {
				t.Error(err)
			}
		})
		return nil
	})
	if err != nil {
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
