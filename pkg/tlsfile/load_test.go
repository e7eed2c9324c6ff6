package tlsfile_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/sim/ca"
)

// rotations is how often everything is replaced, callers how many call meanwhile.
const rotations, callers = 25, 8

// load is what callers do until they are told to end: a connection, two calls, and again.
type load struct {
	mu    sync.Mutex
	round *sync.Cond
	done  [callers]int // rounds of each
	ended bool
}

func newLoad() *load {
	l := &load{}
	l.round = sync.NewCond(&l.mu)
	return l
}

// finished notes a round, and says whether to make another.
func (l *load) finished(caller int) (more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done[caller]++
	l.round.Broadcast()
	return !l.ended
}

func (l *load) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}

// settle returns when every handshake that is under way has ended: an operator waits for longer between two steps.
func (l *load) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for caller, begun := range l.done {
		for l.done[caller] == begun {
			l.round.Wait()
		}
	}
}

// Certificates and authorities are replaced again and again, each with connections being made. No call fails.
func TestRotationUnderLoadLosesNoCall(t *testing.T) {
	old := newAuthority(t)
	server, client := newSide(t, old, old), newSide(t, old, old)
	address := serveHealth(t, server)
	l := newLoad()
	var wait sync.WaitGroup
	for caller := range callers {
		wait.Go(func() {
			for more := true; more; more = l.finished(caller) {
				if err := callTwice(t.Context(), address, client); err != nil {
					t.Error(err)
				}
			}
		})
	}
	standing, err := grpc.NewClient(address, grpc.WithTransportCredentials(client.Credentials()))
	must(t, err)
	defer standing.Close()
	for range rotations {
		next := newAuthority(t)
		rotate(t, l, old, next, server, client)
		must(t, check(t.Context(), standing)) // the first connection stays, whatever it was made with
		old = next
	}
	l.end()
	wait.Wait()
	total := 0
	for _, n := range l.done {
		total += 2 * n
	}
	t.Logf("%d calls during %d rotations, none may fail", total, rotations)
}

// rotate replaces everything in the order of the runbook: both sides believe both authorities before anybody shows a new
// certificate, and forget the old one when nobody shows an old certificate any more.
func rotate(t *testing.T, l *load, old, next *ca.Authority, sides ...side) {
	t.Helper()
	for _, step := range []func(side){
		func(s side) { s.believe(t, old, next) },
		func(s side) { s.certify(t, next) },
		func(s side) { s.believe(t, next) },
	} {
		for _, s := range sides {
			step(s)
		}
		l.settle()
	}
}

func serveHealth(t *testing.T, s side) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(s.Server())))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	go func() { _ = server.Serve(l) }() // ends with Stop
	t.Cleanup(server.Stop)
	return l.Addr().String()
}

// callTwice calls over a connection of its own.
func callTwice(ctx context.Context, address string, s side) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(s.Credentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	return errors.Join(check(ctx, conn), check(ctx, conn))
}

// check makes one call, which is not repeated.
func check(ctx context.Context, conn *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	return err
}
