package kit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/kit"
)

// made is a data folder in which the databases of two services were made.
func made(t *testing.T) (kit.Config, []kit.Service) {
	t.Helper()
	c, services := loopback(t, ""), []kit.Service{stored("orders"), stored("billing")}
	restart(t, c, services...)
	return c, services
}

func restart(t *testing.T, c kit.Config, services ...kit.Service) {
	t.Helper()
	p, err := kit.Start(t.Context(), c, services...)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func TestAFolderKnowsItsDatabases(t *testing.T) {
	database := func(c kit.Config) string { return filepath.Join(c.Platform.Data, "billing", "billing.db") }
	lose := func(t *testing.T, c kit.Config) {
		remove(t, database(c), database(c)+"-wal", database(c)+"-shm")
	}
	forget := func(t *testing.T, c kit.Config) { remove(t, filepath.Join(c.Platform.Data, "databases.json")) }
	for name, tt := range map[string]struct {
		meddle func(*testing.T, kit.Config)
		want   string // in the refusal; empty: it starts
		gone   bool   // and nothing is made in its place
	}{
		"all are there": {func(*testing.T, kit.Config) {}, "", false},
		"one is lost":   {lose, "billing/billing.db is missing", true},
		"one is lost, and the manifest too": {func(t *testing.T, c kit.Config) {
			lose(t, c)
			forget(t, c)
		}, "billing/billing.db is missing", true},
		"the manifest alone is lost": {forget, "", false},
		"one is another folder's": {func(t *testing.T, c kit.Config) {
			other, _ := made(t)
			lose(t, c)
			if err := os.Rename(database(other), database(c)); err != nil {
				t.Fatal(err)
			}
		}, "billing: DATABASE_FOREIGN: it is another database", false},
		"one is empty": {func(t *testing.T, c kit.Config) {
			lose(t, c)
			if err := os.WriteFile(database(c), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "billing: DATABASE_FOREIGN: it is another database", false},
		"one is overwritten": {func(t *testing.T, c kit.Config) {
			overwrite(t, database(c))
		}, "billing: DATABASE_DAMAGED: its file is damaged and must be restored", false},
		"one is no database": {func(t *testing.T, c kit.Config) {
			lose(t, c)
			if err := os.WriteFile(database(c), []byte(strings.Repeat("text", 4096)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "billing: DATABASE_DAMAGED: its file is damaged and must be restored", false},
	} {
		t.Run(name, func(t *testing.T) {
			c, services := made(t)
			tt.meddle(t, c)
			p, err := kit.Start(t.Context(), c, services...)
			if err == nil {
				err = p.Stop()
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if _, err := os.Stat(database(c)); tt.gone && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it was made anew: %v", err)
			}
			if tt.want == "" {
				restart(t, c, append(services, stored("support"))...) // a service may come to a folder that has data
			}
		})
	}
}
