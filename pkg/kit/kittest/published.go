package kittest

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/kit"
)

// Published are the bodies that the service's stream has, oldest first: what other services get of it.
func Published(t testing.TB, e *kit.Env) [][]byte {
	t.Helper()
	relayed(t, e)
	stream, err := e.Bus.JetStream().Stream(t.Context(), "HANDOVER_"+strings.ToUpper(e.Name))
	if err != nil {
		t.Fatal(err)
	}
	state, err := stream.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	for n := state.State.FirstSeq; n <= state.State.LastSeq; n++ {
		m, err := stream.GetMsg(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, m.Data)
	}
	return bodies
}

// relayed waits until the stream has all that was committed.
func relayed(t testing.TB, e *kit.Env) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		work, err := e.DB.Pending(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if work.Unpublished == 0 {
			return
		}
		select {
		case <-look.C:
		case <-t.Context().Done():
			t.Fatal("the relay does not come to its end")
		}
	}
}
