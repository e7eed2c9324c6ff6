package kit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/store"
)

// observed is a sandbox configuration with an admin page and a short time between two looks.
func observed(t *testing.T, more string) kit.Config {
	t.Helper()
	c := loopback(t, "platform: {health: {every: 20ms}}")
	if more != "" {
		c = with(t, c, more)
	}
	if err := kit.FreeAddresses(&c.Platform.Admin); err != nil {
		t.Fatal(err)
	}
	return c
}

// asked is what a page answers.
func asked(t *testing.T, address, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// answers waits until a page answers so.
func answers(t *testing.T, address, path string, status int, words string) {
	t.Helper()
	var got int
	var text string
	for deadline := time.After(2 * time.Minute); ; {
		if got, text = asked(t, address, path); got == status && strings.Contains(text, words) {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s answers %d %q, want %d %q", path, got, text, status, words)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// page is a service of orders with a database and an HTTP listener.
func page(setUp func(context.Context, *kit.Env) error) kit.Service {
	return stored("orders").Around(func(ctx context.Context, e *kit.Env, _ func() error) error {
		e.ServeHTTP(http.NotFoundHandler())
		return setUp(ctx, e)
	})
}

func serving(t *testing.T, p *kit.Process, service string) bool {
	t.Helper()
	conn, err := grpc.NewClient("dns:///"+p.GRPCAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answer, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: service})
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING
}

// unready expects a process that lives, has started, is not ready, and says why inside and nowhere else.
func unready(t *testing.T, p *kit.Process, admin, why string) {
	t.Helper()
	answers(t, admin, "/readyz", http.StatusServiceUnavailable, why)
	answers(t, p.HTTPAddress(), "/readyz", http.StatusServiceUnavailable, "")
	if _, text := asked(t, p.HTTPAddress(), "/readyz"); text != "" {
		t.Errorf("whoever asks is told %q", text)
	}
	for _, address := range []string{admin, p.HTTPAddress()} {
		answers(t, address, "/livez", http.StatusNoContent, "")
		answers(t, address, "/startupz", http.StatusNoContent, "")
	}
	for service, want := range map[string]bool{"": false, "readiness": false, "orders": false, "liveness": true, "startup": true} {
		if serving(t, p, service) != want {
			t.Errorf("gRPC health of %q is serving: %t", service, !want)
		}
	}
}

func TestReadinessIsToldOnEveryListener(t *testing.T) {
	c := observed(t, "")
	p := start(t, c, page(nothing))
	for _, address := range []string{c.Platform.Admin, p.HTTPAddress()} {
		for _, path := range []string{"/livez", "/startupz", "/readyz"} {
			answers(t, address, path, http.StatusNoContent, "")
		}
	}
	for _, service := range []string{"", "orders", "liveness", "startup", "readiness"} {
		if !serving(t, p, service) {
			t.Errorf("gRPC health of %q is not serving", service)
		}
	}
}

func TestAProcessWithoutRoomOnItsDiskIsNotReady(t *testing.T) {
	c := observed(t, "platform: {health: {disk_left: 1000000000000}}")
	unready(t, start(t, c, page(nothing)), c.Platform.Admin, "less than platform.health.disk_left: 1000000000000")
}

func TestAProcessWhoseDatabaseIsOverwrittenIsNotReady(t *testing.T) {
	c := observed(t, "")
	restart(t, c, page(nothing)) // what was in the log is in the file now
	p := start(t, c, page(nothing))
	answers(t, c.Platform.Admin, "/readyz", http.StatusNoContent, "")
	overwrite(t, filepath.Join(c.Platform.Data, "orders", "orders.db"))
	unready(t, p, c.Platform.Admin, "orders database: ")
}

// overwrite puts the same bytes over all pages but the first.
func overwrite(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil || info.Size() < 3*4096 {
		t.Fatal("the file has no pages to overwrite", err)
	}
	_, err = f.WriteAt([]byte(strings.Repeat("overwritten", int(info.Size()-4096)/11)), 4096)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestAProcessThatCannotPublishIsNotReady(t *testing.T) {
	machine, set := clock.Settable()
	c := observed(t, "platform: {nats: {url: 'nats://127.0.0.1:1'}, business_clock: {mode: live}}")
	c.Platform.NATS.Keys = kittest.NewKeyring(t, page(nothing)).Of("orders")
	c.Platform.Clock.Start, c.Platform.Auth.Development, c.Machine = "", "", machine
	p := start(t, c, page(func(ctx context.Context, e *kit.Env) error {
		return e.DB.InTx(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec("INSERT INTO revisions (id, kind, aggregate, revision, facts, customer, actor_subject, actor_role, "+
				"actor_on_behalf_of, correlation, cause, occurred_at, recorded_at, type, trace) "+
				"VALUES ('evt_1', 'order', 'ord_1', 1, 'created', '', '', '', '', '', '', 0, $1, '', '')", int64(tx.Machine()))
			return err
		})
	}))
	unready(t, p, c.Platform.Admin, "NATS: ")
	set(10 * time.Minute)
	unready(t, p, c.Platform.Admin, "orders events: the oldest has waited 10m")
}

func TestAProcessWhoseClockIsOffIsNotReady(t *testing.T) {
	machine, set := clock.Settable()
	c := observed(t, "")
	c.Machine = machine
	p := start(t, c, page(nothing))
	answers(t, c.Platform.Admin, "/readyz", http.StatusNoContent, "")
	set(-time.Hour)
	unready(t, p, c.Platform.Admin, "clock: this machine's is -1h0m0s ahead of the NATS server's")
	set(0)
	answers(t, c.Platform.Admin, "/readyz", http.StatusNoContent, "")
}

func TestAStartCanBeWatched(t *testing.T) {
	c := observed(t, "")
	release, started := make(chan struct{}), make(chan error, 1)
	var p *kit.Process
	go func() {
		var err error
		p, err = kit.Start(t.Context(), c, page(func(context.Context, *kit.Env) error { <-release; return nil }))
		started <- err
	}()
	answers(t, c.Platform.Admin, "/startupz", http.StatusServiceUnavailable, "the process is starting: services")
	answers(t, c.Platform.Admin, "/readyz", http.StatusServiceUnavailable, "the process is starting: services")
	answers(t, c.Platform.Admin, "/livez", http.StatusNoContent, "")
	close(release)
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	answers(t, c.Platform.Admin, "/startupz", http.StatusNoContent, "")
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

func TestAStartEnds(t *testing.T) {
	waits := bare("orders", func(ctx context.Context, _ *kit.Env) error { <-ctx.Done(); return ctx.Err() })
	t.Run("within its limit", func(t *testing.T) {
		_, err := kit.Start(t.Context(), loopback(t, "platform: {start: 3s}"), waits)
		want := "start services: it did not come up within platform.start: 3s"
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	t.Run("within its limit, although NATS reads its files for ever", func(t *testing.T) {
		c := loopback(t, "platform: {start: 300ms}")
		folder, err := os.MkdirTemp("", "handover-start-") //nolint:usetesting // the server that nobody waits for writes beyond the test's end
		if err != nil {
			t.Fatal(err)
		}
		c.Platform.Data = folder
		stream := filepath.Join(c.Platform.Data, "nats", "jetstream", "sandbox", "streams", "HANDOVER_CLOCK")
		if err := errors.Join(os.MkdirAll(stream, 0o700), syscall.Mkfifo(filepath.Join(stream, "meta.inf"), 0o600)); err != nil {
			t.Fatal(err)
		}
		_, err = kit.Start(t.Context(), c, waits)
		want := "start bus: it did not come up within platform.start: 300ms"
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		release, err := os.OpenFile(filepath.Join(stream, "meta.inf"), os.O_RDWR, 0)
		if err := errors.Join(err, release.Close()); err != nil {
			t.Error(err)
		}
		for range 6000 {
			if os.RemoveAll(folder) == nil {
				return
			}
			_ = clock.Machine{}.Wait(t.Context(), 10*time.Millisecond)
		}
		t.Error("the server goes on writing")
	})
	t.Run("when it is asked to", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		asks := bare("orders", func(ctx context.Context, _ *kit.Env) error { cancel(); <-ctx.Done(); return ctx.Err() })
		_, err := kit.Start(ctx, loopback(t, ""), asks)
		if want := "start services: it was stopped before it was up"; fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	t.Run("which is no failure", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "file.yaml")
		file := fmt.Sprintf("platform: {data: %q, grpc: '127.0.0.1:0', http: '127.0.0.1:0', admin: '', business_clock: {mode: sandbox, "+
			"start: '2026-02-16T09:00:00Z'}, auth: {development: %q}}", t.TempDir(), t.TempDir())
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		waits := bare("orders", func(ctx context.Context, _ *kit.Env) error { <-ctx.Done(); return ctx.Err() })
		asks := bare("billing", func(context.Context, *kit.Env) error { return syscall.Kill(os.Getpid(), syscall.SIGTERM) })
		if code := kit.Main([]string{"run", "--config", path}, io.Discard, asks, waits); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}
