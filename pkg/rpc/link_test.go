package rpc_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
)

func TestChainIsVerified(t *testing.T) {
	unary := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		return next(ctx, req)
	}
	stream := func(srv any, s grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		return next(srv, s)
	}
	tests := map[string][]rpc.Link{
		"has no name":   {{Unary: unary, Stream: stream}},
		"occurs twice":  {{"a", unary, stream}, {"b", unary, stream}, {"a", unary, stream}},
		`"u" must have`: {{"u", unary, nil}},
		`"s" must have`: {{"s", nil, stream}},
	}
	for want, links := range tests {
		if _, err := rpc.Chain(links...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	if _, err := rpc.Chain(rpc.Link{"a", unary, stream}, rpc.Link{"b", unary, stream}); err != nil {
		t.Errorf("a good chain: %v", err)
	}
}

func TestStandardOrder(t *testing.T) {
	guard, err := auth.NewGuard(t.Context(), auth.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	links, err := rpc.Standard(rpc.Options{Guard: guard, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range links {
		got = append(got, l.Name)
	}
	want := []string{
		"recover", "request id", "log", "metrics", "errors", "authenticate", "rate", "admit", "request", "log request", "NUL",
		"authorize", "streams", "idempotency key", "deadline", "unknown fields", "trim names", "validate",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := rpc.Chain(links...); err != nil {
		t.Error(err)
	}
}

func TestStandardChecksTheServedContract(t *testing.T) {
	probe.File()
	log := slog.New(slog.DiscardHandler)
	guard, err := auth.NewGuard(t.Context(), auth.Config{}, log)
	if err != nil {
		t.Fatal(err)
	}
	for service, want := range map[string]string{
		probe.Service:                    "Undeclared declares no access",
		"handover.probe.v1.NoSuch":       "not in the contract",
		"handover.probe.v1.Thing":        "not in the contract",
		"grpc.health.v1.Health":          "",
		"handover.probe.v1.WrongService": "NoRole declares nobody",
	} {
		_, err := rpc.Standard(rpc.Options{Guard: guard, Log: log, Services: []string{service}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", service, err, want)
		}
	}
	if _, err := rpc.Standard(rpc.Options{Log: log}); err == nil {
		t.Error("a chain without a guard")
	}
}

func TestPanicInALinkEndsOneCall(t *testing.T) {
	var log lines
	logger := slog.New(slog.NewTextHandler(&log, nil))
	guard, err := auth.NewGuard(t.Context(), auth.Config{}, logger)
	if err != nil {
		t.Fatal(err)
	}
	links, err := rpc.Standard(rpc.Options{Guard: guard, Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	method := probe.Prefix + "GetThing"
	_, err = links[0].Unary(
		t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: method}, func(context.Context, any) (any, error) { panic("boom") },
	)
	if status.Code(err) != codes.Internal || strings.Contains(err.Error(), "boom") {
		t.Errorf("got %v", err)
	}
	if len(log.with("panic in the chain", "boom", method)) != 1 {
		t.Error("the panic is not in the log")
	}
}
