package store_test

import (
	"testing"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func TestAnAbsentServerIsUnavailable(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{
		DSN: "postgres://nobody@127.0.0.1:1/none", Service: "parcels", Business: clock.NewLive(),
	})
	if errs.KindOf(err) != errs.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestADSNOfNoKnownDatabaseIsRefused(t *testing.T) {
	if _, err := store.Open(t.Context(), store.Options{DSN: "mysql://host", Service: "parcels"}); err == nil {
		t.Error("it was opened")
	}
}
