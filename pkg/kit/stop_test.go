package kit_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// slow is a service whose calls from outside wait, over gRPC and HTTP, until they are released. Both then call the
// service itself in memory: what is in flight may still need a peer.
type slow struct {
	ordersv1.UnimplementedCatalogServiceServer
	arrived chan string
	release chan struct{}
	peer    ordersv1.CatalogServiceClient
}

func (s *slow) service() kit.Service {
	return calling("orders", func(_ context.Context, e *kit.Env) error {
		s.peer = ordersv1.NewCatalogServiceClient(e.Conn("orders"))
		ordersv1.RegisterCatalogServiceServer(e, s)
		e.ServeHTTP(s)
		return nil
	}, "orders")
}

// ListProducts implements ordersv1.CatalogServiceServer.
func (s *slow) ListProducts(ctx context.Context, r *ordersv1.ListProductsRequest) (*ordersv1.ListProductsResponse, error) {
	if caller, _ := auth.From(ctx); caller.Workload != "" {
		return &ordersv1.ListProductsResponse{}, nil
	}
	if err := s.wait(ctx, "gRPC"); err != nil {
		return nil, err
	}
	return s.peer.ListProducts(ctx, r)
}

// ServeHTTP implements http.Handler.
func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := s.wait(r.Context(), "HTTP")
	if err == nil {
		ctx := metadata.AppendToOutgoingContext(r.Context(), auth.HeaderPerson, r.Header.Get("Authorization"))
		_, err = s.peer.ListProducts(ctx, &ordersv1.ListProductsRequest{})
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (s *slow) wait(ctx context.Context, way string) error {
	s.arrived <- way
	select {
	case <-s.release:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestStopFinishesWhatIsInFlight(t *testing.T) {
	c := loopback(t, "")
	s := &slow{arrived: make(chan string, 2), release: make(chan struct{})}
	p, err := kit.Start(t.Context(), c, s.service())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("dns:///"+p.GRPCAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	watching, unwatch := context.WithCancel(t.Context())
	defer unwatch()
	health, err := grpc_health_v1.NewHealthClient(conn).Watch(watching, &grpc_health_v1.HealthCheckRequest{Service: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	wantHealth(t, health, grpc_health_v1.HealthCheckResponse_SERVING)

	token := reader(t, c)
	var calls sync.WaitGroup
	calls.Go(func() {
		ctx := metadata.AppendToOutgoingContext(t.Context(), auth.HeaderPerson, token)
		if _, err := ordersv1.NewCatalogServiceClient(conn).ListProducts(ctx, &ordersv1.ListProductsRequest{}); err != nil {
			t.Errorf("gRPC: %v", err)
		}
	})
	calls.Go(func() { get(t, "http://"+p.HTTPAddress(), token) })
	<-s.arrived
	<-s.arrived
	stopped := make(chan error, 1)
	go func() { stopped <- p.Stop() }()
	wantHealth(t, health, grpc_health_v1.HealthCheckResponse_NOT_SERVING) // at once: both calls are still held
	unwatch()
	close(s.release)
	calls.Wait()
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestStopCutsWhatDoesNotFinish(t *testing.T) {
	c := loopback(t, "platform: {stop: 4s}")
	s := &slow{arrived: make(chan string, 1), release: make(chan struct{})}
	p, err := kit.Start(t.Context(), c, s.service())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.HTTPAddress(), nil)
		if err == nil {
			var resp *http.Response
			if resp, err = http.DefaultClient.Do(req); err == nil {
				err = resp.Body.Close()
			}
		}
		ended <- err
	}()
	<-s.arrived
	if err := p.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("a call that never ends was answered")
	}
}

func wantHealth(t *testing.T, s grpc_health_v1.Health_WatchClient, want grpc_health_v1.HealthCheckResponse_ServingStatus) {
	t.Helper()
	if got, err := s.Recv(); err != nil || got.GetStatus() != want {
		t.Fatalf("health %v %v, want %v", got.GetStatus(), err, want)
	}
}

func reader(t *testing.T, c kit.Config) string {
	t.Helper()
	issuer, err := auth.OpenIssuer(c.Platform.Auth.Development)
	if err != nil {
		t.Fatal(err)
	}
	token, err := issuer.Person(auth.Principal{Subject: "rita", Role: auth.SupportReader}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

func get(t *testing.T, url, token string) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("Authorization", token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Errorf("HTTP: %v", err)
		return
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("HTTP: %d %s %v", resp.StatusCode, text, err)
	}
}
