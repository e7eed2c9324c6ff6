package rpc_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
)

func TestBothFormsRefuseAlike(t *testing.T) {
	f := serve(t, setup{})
	conn := f.dial(rpc.DialOptions{})
	stranger := serve(t, setup{})
	unknown := probe.Request(`customer_id: "cus_1"`)
	unknown.ProtoReflect().SetUnknown(protoreflect.RawFields(protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.VarintType), 1)))
	tests := []struct {
		name    string
		ctx     context.Context
		request proto.Message
		kind    errs.Kind
		reason  string
	}{
		{"no token", t.Context(), probe.Request(``), errs.Unauthenticated, "UNAUTHENTICATED"},
		{"another issuer's token", stranger.as(anna()), probe.Request(``), errs.Unauthenticated, "UNAUTHENTICATED"},
		{"another role", f.as(auth.Principal{Subject: "l", Role: auth.LinkBearer}), probe.Request(``), errs.Denied, "ROLE_DENIED"},
		{"another's customer", f.as(anna()), probe.Request(`customer_id: "cus_2"`), errs.Denied, "CUSTOMER_DENIED"},
		{"a bad key", rpc.WithKey(f.as(anna()), "a b"), probe.Request(``), errs.Invalid, "IDEMPOTENCY_KEY_INVALID"},
		{"an unknown field", f.as(anna()), unknown, errs.Invalid, "FIELD_UNKNOWN"},
		{"a broken rule", f.as(anna()), probe.Request(`thing { quantity: 10 }`), errs.Invalid, "REQUEST_INVALID"},
	}
	for _, tt := range tests {
		for _, form := range forms() {
			t.Run(form+" "+tt.name, func(t *testing.T) {
				text, err := probe.Call(tt.ctx, conn, form, tt.request)
				if errs.KindOf(err) != tt.kind || errs.ReasonOf(err) != tt.reason {
					t.Errorf("got %q, %v, want %s", text, err, tt.reason)
				}
			})
		}
	}
	if _, err := probe.Call(f.as(anna()), conn, "Undeclared", probe.Request(``)); errs.ReasonOf(err) != "ACCESS_UNDECLARED" {
		t.Errorf("undeclared: got %v", err)
	}
	for _, form := range forms() {
		if text, err := probe.Call(f.as(anna()), conn, form, probe.Request(`customer_id: "cus_1"`)); err != nil || text != "done" {
			t.Errorf("%s: got %q, %v", form, text, err)
		}
	}
	if got := f.log.with("msg=denied", "security.reason=CUSTOMER_DENIED", "security.subject=anna"); len(got) != len(forms()) {
		t.Errorf("denials in the security log: %q", got)
	}
}

func TestHealthNeedsNoToken(t *testing.T) {
	f := serve(t, setup{})
	_, err := grpc_health_v1.NewHealthClient(f.dialBare()).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		t.Error(err)
	}
	if got := f.log.with("Health/Check"); len(got) != 0 {
		t.Errorf("a probe is in the log: %q", got)
	}
}

func TestPanicEndsOneCall(t *testing.T) {
	f := serve(t, setup{handle: func(context.Context, string, proto.Message, func(string) error) error { panic("boom") }})
	conn := f.dial(rpc.DialOptions{})
	for _, form := range forms() {
		_, err := probe.Call(f.as(anna()), conn, form, probe.Request(``))
		if errs.KindOf(err) != errs.Internal || strings.Contains(err.Error(), "boom") {
			t.Errorf("%s: got %v", form, err)
		}
		if got := f.log.with("level=ERROR", "internal error", "panic: boom", "chain_test.go"); len(got) == 0 {
			t.Error("no line with the panic and its place")
		}
		if got := f.log.with("msg=call", form, "code=INTERNAL"); len(got) != 1 {
			t.Errorf("call lines: %q", got)
		}
	}
}

func TestCallLine(t *testing.T) {
	f := serve(t, setup{})
	conn := f.dial(rpc.DialOptions{})
	for _, form := range forms() {
		ctx := metadata.AppendToOutgoingContext(f.as(anna()), rpc.HeaderRequestID, "req_"+form)
		_, _ = probe.Call(ctx, conn, form, probe.Request(`customer_id: "cus_2" thing { email: "anna@example.com" }`))
		got := f.log.with("msg=call", "request=req_"+form, "method="+probe.Prefix+form, "code=PERMISSION_DENIED",
			"reason=CUSTOMER_DENIED", "subject=anna", "role=CUSTOMER", "ms=")
		if len(got) != 1 {
			t.Errorf("%s: %d lines, want 1: %q", form, len(got), got)
		}
	}
	if got := f.log.with("anna@example.com"); len(got) != 0 {
		t.Errorf("personal data in the log: %q", got)
	}
}

func TestRequestIsLoggedAtDebugOnly(t *testing.T) {
	f := serve(t, setup{level: slog.LevelDebug})
	conn := f.dial(rpc.DialOptions{})
	for _, form := range forms() {
		_, _ = probe.Call(f.as(anna()), conn, form, probe.Request(`customer_id: "cus_1" thing { thing_id: "x" email: "anna@example.com" }`))
		if got := f.log.with("msg=request", form, `cus_1`, `thingId`); len(got) != 1 {
			t.Errorf("%s: %q", form, got)
		}
	}
	if got := f.log.with("anna@example.com"); len(got) != 0 {
		t.Errorf("personal data in the log: %q", got)
	}
}

func TestRequestIDComesBack(t *testing.T) {
	var seen string
	f := serve(t, setup{handle: func(ctx context.Context, _ string, _ proto.Message, send func(string) error) error {
		seen = call.From(ctx).ID
		return send("done")
	}})
	conn := f.dial(rpc.DialOptions{})
	for given, kept := range map[string]bool{"abc-1": true, "a b": false, strings.Repeat("x", 129): false} {
		var trailer metadata.MD
		ctx := metadata.AppendToOutgoingContext(f.as(anna()), rpc.HeaderRequestID, given)
		if _, err := probe.Call(ctx, conn, "ListThings", probe.Request(``), grpc.Trailer(&trailer)); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(trailer.Get(rpc.HeaderRequestID), ",")
		if got != seen || (got == given) != kept || !kept && !strings.HasPrefix(got, "req_") {
			t.Errorf("sent %q, seen %q, answered %q", given, seen, got)
		}
	}
}

func TestMetricsCountTheDenied(t *testing.T) {
	reader := sdkmetric.NewManualReader()
	f := serve(t, setup{meter: sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)).Meter("test")})
	conn := f.dial(rpc.DialOptions{})
	for _, form := range forms() {
		_, _ = probe.Call(f.as(anna()), conn, form, probe.Request(`customer_id: "cus_1"`))
		_, _ = probe.Call(t.Context(), conn, form, probe.Request(``))
	}
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	histogram := all.ScopeMetrics[0].Metrics[0].Data.(metricdata.Histogram[float64])
	counts := map[string]uint64{}
	for _, p := range histogram.DataPoints {
		value := func(key attribute.Key) string { v, _ := p.Attributes.Value(key); return v.String() }
		counts[value("service")+" "+value("method")+" "+value("code")+" "+value("stream")] += p.Count
	}
	for _, want := range []string{
		"probe " + probe.Prefix + "ListThings OK false", "probe " + probe.Prefix + "ListThings UNAUTHENTICATED false",
		"probe " + probe.Prefix + "WatchThing OK true", "probe " + probe.Prefix + "WatchThing UNAUTHENTICATED true",
	} {
		if counts[want] != 1 {
			t.Errorf("%s: counted %d, want 1; all: %v", want, counts[want], counts)
		}
	}
}
