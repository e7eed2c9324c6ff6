package payer_test

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/payer"
)

// TestNotTold: a connection that cannot be brought to what AWS says has one case until it can, and the sweep is recorded and repeated.
func TestNotTold(t *testing.T) {
	p := saved(t)
	must(t)(p.Swept(nil, false, created(), created()))
	later := created().Add(24 * time.Hour)
	sweep := func(failed map[string]string, when time.Time) []string {
		t.Helper()
		before := p.SweptAt
		must(t)(p.Swept(nil, false, when, when))
		var told []string
		for _, f := range payer.NotTold(p, failed, before, when) {
			told = append(told, f.Name+" "+f.Details["connection_id"])
		}
		return told
	}
	if told := sweep(map[string]string{"con_1": "SO", "con_2": "SO"}, later); len(told) != 2 || len(p.Wanted()) != 2 || p.Waiting() == nil ||
		!p.SweptAt.Equal(later) || !p.SweepAt.Equal(later.Add(time.Hour)) {
		t.Fatalf("told %v: %+v", told, p)
	}
	key := p.Wanted()[0].Key
	again := later.Add(time.Hour)
	if told := sweep(map[string]string{"con_1": "OTHERWISE"}, again); len(told) != 1 || told[0] != payer.FactConnectionTold+" con_2" ||
		len(p.Wanted()) != 1 || p.Wanted()[0].Key != key {
		t.Fatalf("told %v: %+v", told, p)
	}
	if since := payer.UntoldSince(p, "con_1", p.SweptAt); !since.Equal(created()) {
		t.Errorf("what is known of it is of %v", since)
	}
	if since := payer.UntoldSince(p, "con_2", p.SweptAt); !since.Equal(again) {
		t.Errorf("what is known of the other one is of %v", since)
	}
	if told := sweep(nil, again.Add(time.Hour)); len(told) != 1 || len(p.Wanted()) != 0 || p.Waiting() != nil {
		t.Errorf("told %v: %+v", told, p)
	}
}
