//go:build postgres

package event_test

import (
	"os"
	"testing"

	"example.com/handover/pkg/store/storetest"
)

// freshDatabase is where a service of a test keeps its rows.
func freshDatabase(t testing.TB) (dsn string) {
	t.Helper()
	return storetest.FreshPostgres(t, os.Getenv("HANDOVER_TEST_POSTGRES"))
}
