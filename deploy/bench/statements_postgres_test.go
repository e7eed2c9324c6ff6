//go:build postgres

package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheStatementsAreTheSuites reads on the wire what a SubmitOrder executes and holds the yardstick's list against it.
func TestTheStatementsAreTheSuites(t *testing.T) {
	serverURL := os.Getenv("HANDOVER_TEST_POSTGRES")
	if serverURL == "" {
		t.Fatal("HANDOVER_TEST_POSTGRES is not set: run under .ci/postgres")
	}
	b := testBench(t)
	on := b.postgres(serverURL)
	at, err := on.fresh(t.Context())
	must(t, err)
	between, through := newProxy(t, at.url)
	direct := at
	at.url = through
	s, err := b.ordersAlone(t.Context(), at)
	must(t, err)
	db, err := direct.raw("orders")
	must(t, err)
	b.defers(closing(db))
	d, err := newDrafts(t.Context(), s, db)
	must(t, err)
	must(t, s.submit(t.Context(), d.sample.id))

	var want []string
	for _, st := range statements(on.lock) {
		want = append(want, st.text)
	}
	found := between.transactions("UPDATE orders SET customer")
	if len(found) != 1 {
		t.Fatalf("%d transactions update an order, want 1: %q", len(found), found)
	}
	if diff := cmp.Diff(want, found[0]); diff != "" {
		t.Errorf("the list differs from what the suite executes (-list +suite):\n%s", diff)
	}
}

// TestTheBareTransactionLeavesTheSameRowsOnPostgres is its SQLite twin on the other database.
func TestTheBareTransactionLeavesTheSameRowsOnPostgres(t *testing.T) {
	b := testBench(t)
	leavesTheSameRows(t, b, b.postgres(os.Getenv("HANDOVER_TEST_POSTGRES")))
}
