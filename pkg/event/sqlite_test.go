//go:build !postgres

package event_test

import (
	"path/filepath"
	"testing"
)

// freshDatabase is where a service of a test keeps its rows.
func freshDatabase(t testing.TB) (dsn string) {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "service.db")
}
