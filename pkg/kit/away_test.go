package kit_test

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
)

const instances = "HANDOVER_INSTANCES"

// TestAProcessOutOfReachIsBusy: nobody knows what a process still has to do that is cut off; it counts until its entry expires.
func TestAProcessOutOfReachIsBusy(t *testing.T) {
	var e *kit.Env
	start(t, loopback(t, ""), watched("sandbox", &e))
	const entry = "handover.kit.v1.instance.sandbox.ins_away"
	say := func(body string) {
		t.Helper()
		if _, err := e.Bus.JetStream().Publish(t.Context(), entry, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	known := func() bool {
		m, err := e.Bus.Last(t.Context(), "sandbox", instances, entry)
		return err != nil || m != nil
	}
	say(`{"pid":1,"machine":"another"}`)
	missed := 0
	kittest.Until(t, "the world is quiet again", func() bool {
		all, err := e.World.Statuses(t.Context())
		switch {
		case err != nil:
			missed++
			return false
		case known():
			t.Fatalf("while the process is known, the world is %+v", all)
		}
		return true
	})
	if missed == 0 {
		t.Error("nobody missed it")
	}
	say(`{"pid":1,"machine":"another","ended":true}`)
	if all, err := e.World.Statuses(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("with one that has said that it has ended: %+v, %v", all, err)
	}
}

// TestAnOrderlyEndIsKnownAtOnce: who stops after its work is waited for no longer.
func TestAnOrderlyEndIsKnownAtOnce(t *testing.T) {
	first, _, other := twoBy(t, func(address string) string { return address })
	if all, err := first.World.Statuses(t.Context()); err != nil || len(all) != 2 {
		t.Fatalf("before it stops: %+v, %v", all, err)
	}
	if err := other.Stop(); err != nil {
		t.Fatal(err)
	}
	if all, err := first.World.Statuses(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("after it has stopped: %+v, %v", all, err)
	}
}

// TestAProcessCutOffForAMoment: the world is not quiet while a process that lives has lost NATS, and knows of both again afterwards.
func TestAProcessCutOffForAMoment(t *testing.T) {
	w := &wire{}
	first, _, _ := twoBy(t, func(address string) string { return w.to(t, address) })
	known := func() bool {
		m, err := first.Bus.JetStream().Stream(t.Context(), instances)
		if err != nil {
			return true
		}
		info, err := m.Info(t.Context(), jetstream.WithSubjectFilter("handover.kit.v1.instance.billing.*"))
		return err != nil || len(info.State.Subjects) > 0
	}
	w.cut()
	missed := 0
	kittest.Until(t, "it is missed, or forgotten", func() bool {
		all, err := first.World.Statuses(t.Context())
		if err == nil && len(all) == 1 && known() {
			t.Fatalf("while the process is known, the world is %+v", all)
		}
		if err != nil {
			missed++
		}
		return missed > 2 || !known()
	})
	w.mend(t)
	kittest.Until(t, "both answer again", func() bool {
		all, err := first.World.Statuses(t.Context())
		return err == nil && len(all) == 2
	})
}

// wire is a way to a server that can be cut and mended.
type wire struct {
	server, address string

	mu       sync.Mutex
	listener net.Listener
	ends     []net.Conn
}

// to opens the way to a server and returns where it begins.
func (w *wire) to(t *testing.T, server string) string {
	t.Helper()
	w.server, w.address = server, freeAddress(t)
	w.mend(t)
	t.Cleanup(w.cut)
	return w.address
}

func (w *wire) mend(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.listener = l
	w.mu.Unlock()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			w.join(in)
		}
	}()
}

// join connects one client.
func (w *wire) join(in net.Conn) {
	out, err := net.Dial("tcp", w.server)
	if err != nil {
		in.Close()
		return
	}
	w.mu.Lock()
	w.ends = append(w.ends, in, out)
	w.mu.Unlock()
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			_, _ = io.Copy(way[0], way[1])
			in.Close()
			out.Close()
		}()
	}
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener.Close()
	for _, end := range w.ends {
		end.Close()
	}
	w.ends = nil
}
