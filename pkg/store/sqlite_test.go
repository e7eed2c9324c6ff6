package store_test

import (
	"path/filepath"
	"testing"

	"example.com/handover/pkg/store/storetest"
)

func TestOnSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (dsn, service string) {
		return "sqlite:" + filepath.Join(t.TempDir(), "parcels 100%? #1.db"), "parcels"
	})
}
