//go:build postgres

package event_test

import (
	"testing"

	"example.com/handover/pkg/store/storetest"
)

// freshDatabase is where a service of a test keeps its rows.
func freshDatabase(t testing.TB) (dsn string) {
	t.Helper()
	return storetest.FreshPostgres(t)
}
