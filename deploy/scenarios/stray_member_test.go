package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// TestStrayMember: AWS bills the payer for an account that returns when its hand-over has ended, and nobody else: Operations has one case
// until it is gone.
func TestStrayMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.newLegacy(t, "ecam-unused", false)
	for _, r := range ecamUnused() {
		m.performs(t, r)
	}
	m.isComplete(t)
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	for _, account := range m.accounts() {
		w.leavesOrganization(t, account)
	}
	w.Advance(t, w.Now(t).Add(26*time.Hour))
	if c := m.connection(t); c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING {
		t.Fatalf("the connection is %v", c)
	}
	m.comesTo(t, m.linked, actors.PayerAccount)
	for _, now := range []time.Time{w.Now(t).Add(26 * time.Hour), at(t, "2026-04-08T12:00:00Z")} { // while it ends, and when it has ended
		w.Advance(t, now)
		if k := w.unclaimedCase(t); !mentions(k.GetTitle(), m.linked) || k.GetResolution() != nil {
			t.Errorf("the case is %v", k)
		}
	}
	if err := w.aws(t).CloseAccount(t.Context(), m.linked); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, at(t, "2026-04-09T18:00:00Z"))
	if k := w.unclaimedCase(t); k.GetResolution() != nil {
		t.Errorf("AWS goes on billing what is closed, and the case is %v", k)
	}
	if err := w.aws(t).ReopenAccount(t.Context(), m.linked); err != nil {
		t.Fatal(err)
	}
	w.leavesOrganization(t, m.linked)
	w.Advance(t, at(t, "2026-04-10T20:00:00Z"))
	if k := w.unclaimedCase(t); k.GetResolution() == nil {
		t.Errorf("it is gone, and the case is %v", k)
	}
}
