package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/gateway"
)

const orderID = "ord_00000000000000000000000001"

// orders is a small real service behind the gateway. Its methods answer as the test sets, and it keeps what it saw.
type orders struct {
	ordersv1.UnimplementedOrderServiceServer
	ordersv1.UnimplementedCatalogServiceServer

	refusal error                          // what FailOrder answers
	watch   []*ordersv1.WatchOrderResponse // what WatchOrder sends
	broken  error                          // how WatchOrder ends
	stays   bool                           // WatchOrder stays open after its last message

	mu      sync.Mutex
	meta    metadata.MD
	request any
	log     lines // of the gateway
}

// lines is a log that tests read while the gateway writes.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (o *orders) saw(ctx context.Context, request any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.meta, _ = metadata.FromIncomingContext(ctx)
	o.request = request
}

func (o *orders) seen() (metadata.MD, any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.meta, o.request
}

func (o *orders) CreateOrder(ctx context.Context, r *ordersv1.CreateOrderRequest) (*ordersv1.CreateOrderResponse, error) {
	o.saw(ctx, r)
	order := r.GetOrder()
	order.OrderId, order.Etag = orderID, "1"
	return &ordersv1.CreateOrderResponse{Order: order}, nil
}

func (o *orders) GetOrder(ctx context.Context, r *ordersv1.GetOrderRequest) (*ordersv1.GetOrderResponse, error) {
	o.saw(ctx, r)
	return &ordersv1.GetOrderResponse{Order: &ordersv1.Order{OrderId: r.GetOrderId(), Etag: "3"}}, nil
}

func (o *orders) ListOrders(ctx context.Context, r *ordersv1.ListOrdersRequest) (*ordersv1.ListOrdersResponse, error) {
	o.saw(ctx, r)
	return &ordersv1.ListOrdersResponse{}, nil
}

func (o *orders) UpdateOrder(ctx context.Context, r *ordersv1.UpdateOrderRequest) (*ordersv1.UpdateOrderResponse, error) {
	o.saw(ctx, r)
	if r.GetEtag() != "" && r.GetEtag() != "3" {
		return nil, errs.New(errs.Conflict, "ETAG_MISMATCH", "the order has changed")
	}
	return &ordersv1.UpdateOrderResponse{Order: &ordersv1.Order{OrderId: r.GetOrder().GetOrderId(), Etag: "4"}}, nil
}

func (o *orders) OpenLink(ctx context.Context, r *ordersv1.OpenLinkRequest) (*ordersv1.OpenLinkResponse, error) {
	o.saw(ctx, r)
	return &ordersv1.OpenLinkResponse{OrderId: orderID}, nil
}

func (o *orders) SubmitOrder(ctx context.Context, r *ordersv1.SubmitOrderRequest) (*ordersv1.SubmitOrderResponse, error) {
	o.saw(ctx, r)
	return &ordersv1.SubmitOrderResponse{}, nil
}

func (o *orders) FailOrder(ctx context.Context, r *ordersv1.FailOrderRequest) (*ordersv1.FailOrderResponse, error) {
	o.saw(ctx, r)
	return nil, o.refusal
}

func (o *orders) DeleteOrder(ctx context.Context, r *ordersv1.DeleteOrderRequest) (*ordersv1.DeleteOrderResponse, error) {
	o.saw(ctx, r)
	return &ordersv1.DeleteOrderResponse{}, nil
}

func (o *orders) WatchOrder(r *ordersv1.WatchOrderRequest, s grpc.ServerStreamingServer[ordersv1.WatchOrderResponse]) error {
	o.saw(s.Context(), r)
	for _, m := range o.watch {
		if err := s.Send(m); err != nil {
			return err
		}
	}
	if o.stays {
		<-s.Context().Done()
	}
	return o.broken
}

func (o *orders) CheckEligibility(ctx context.Context, r *ordersv1.CheckEligibilityRequest) (*ordersv1.CheckEligibilityResponse, error) {
	o.saw(ctx, r)
	return &ordersv1.CheckEligibilityResponse{Eligible: true}, nil
}

// operations answers with the name of the service it belongs to.
type operations struct {
	opsv1.UnimplementedOperationsServiceServer
	kind string
}

func (o operations) ListParked(context.Context, *opsv1.ListParkedRequest) (*opsv1.ListParkedResponse, error) {
	return &opsv1.ListParkedResponse{Parked: []*opsv1.Parked{{Kind: o.kind}}}, nil
}

// serve runs a gRPC server as a service of that name and returns a connection to it.
func serve(t *testing.T, name string, register func(grpc.ServiceRegistrar)) grpc.ClientConnInterface {
	t.Helper()
	server := grpc.NewServer(
		grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			resp, err := next(ctx, req)
			return resp, rpc.ToStatus(err, name, nil).Err()
		}),
		grpc.StreamInterceptor(func(srv any, s grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			return rpc.ToStatus(next(srv, s), name, nil).Err()
		}),
	)
	register(server)
	listener := bufconn.Listen(1 << 20)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := rpc.Dial("passthrough:///"+name, rpc.DialOptions{
		Dialer: func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// open returns a gateway over real HTTP with orders and accounttransfer behind it, and no sandbox.
func open(t *testing.T, o *orders, limits gateway.Limits) string {
	t.Helper()
	return openUntil(t, o, limits, nil)
}

func openUntil(t *testing.T, o *orders, limits gateway.Limits, draining <-chan struct{}) string {
	t.Helper()
	return openWith(t, o, gateway.Options{Limits: limits, Draining: draining})
}

func openWith(t *testing.T, o *orders, options gateway.Options) string {
	t.Helper()
	conns := map[string]grpc.ClientConnInterface{
		"orders": serve(t, "orders", func(r grpc.ServiceRegistrar) {
			ordersv1.RegisterOrderServiceServer(r, o)
			ordersv1.RegisterCatalogServiceServer(r, o)
			opsv1.RegisterOperationsServiceServer(r, operations{kind: "order"})
		}),
		"accounttransfer": serve(t, "accounttransfer", func(r grpc.ServiceRegistrar) {
			opsv1.RegisterOperationsServiceServer(r, operations{kind: "transfer"})
		}),
	}
	for _, silent := range []string{"billing", "support", "notifications"} {
		conns[silent] = serve(t, silent, func(grpc.ServiceRegistrar) {})
	}
	for _, other := range []string{"billing", "support", "notifications"} {
		conns[other] = serve(t, other, func(grpc.ServiceRegistrar) {})
	}
	options.Conn, options.Has, options.Log = connector(conns), has(conns), slog.New(slog.NewTextHandler(&o.log, nil))
	handler, err := gateway.New(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// connector answers for a service that is not there as the kit does.
func connector(conns map[string]grpc.ClientConnInterface) func(string) grpc.ClientConnInterface {
	return func(service string) grpc.ClientConnInterface {
		if conn, ok := conns[service]; ok {
			return conn
		}
		return away{errs.New(errs.Unavailable, "PEER_ABSENT", "no %s here", service)}
	}
}

func has(conns map[string]grpc.ClientConnInterface) func(string) bool {
	return func(service string) bool { return conns[service] != nil }
}

// away is a connection over which nothing goes.
type away struct{ err error }

// Invoke implements grpc.ClientConnInterface.
func (a away) Invoke(context.Context, string, any, any, ...grpc.CallOption) error { return a.err }

// NewStream implements grpc.ClientConnInterface.
func (a away) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, a.err
}

// answer is an HTTP answer with its body read.
type answer struct {
	*http.Response
	body string
}

// json decodes the body as an object.
func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("body %q: %v", a.body, err)
	}
	return v
}

// send makes one call with a token. A body is JSON; headers come in pairs.
func send(t *testing.T, method, url, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer test")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(text)}
}

// wantProblem checks status and reason of a problem document.
func wantProblem(t *testing.T, a answer, status int, reason string) map[string]any {
	t.Helper()
	if a.StatusCode != status || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s %s; want a problem with %d", a.StatusCode, a.Header.Get("Content-Type"), a.body, status)
	}
	p := a.json(t)
	if p["reason"] != reason {
		t.Fatalf("reason %v, want %s: %s", p["reason"], reason, a.body)
	}
	return p
}

// A gateway without the others starts, and says which one is missing; the sandbox's routes do not exist then.
func TestARouteOfAnAbsentServiceSaysSo(t *testing.T) {
	handler, err := gateway.New(t.Context(), gateway.Options{Conn: connector(nil), Has: has(nil), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	wantProblem(t, send(t, "GET", server.URL+"/v1/orders/"+orderID, ""), http.StatusServiceUnavailable, "PEER_ABSENT")
	wantProblem(t, send(t, "GET", server.URL+"/v1/sandbox/clock", ""), http.StatusNotFound, "ROUTE_UNKNOWN")
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
