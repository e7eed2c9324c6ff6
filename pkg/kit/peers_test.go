package kit_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	transferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// A service runs alone: what it asks of a peer that the deployment lacks fails as if the peer were away.
func TestAnAbsentPeerIsAway(t *testing.T) {
	conns := map[string]grpc.ClientConnInterface{}
	has := map[string]bool{}
	start(t, loopback(t, "platform: {peers: {support: 127.0.0.1:1}}"), calling("orders", func(_ context.Context, e *kit.Env) error {
		for _, name := range []string{"orders", "billing", "support", "gateway"} {
			conns[name], has[name] = e.Conn(name), e.Has(name)
		}
		transferv1.RegisterTransferServiceServer(e, transferv1.UnimplementedTransferServiceServer{})
		return nil
	}, "orders", "billing", "support"))

	for name, want := range map[string]struct {
		has    bool
		kind   errs.Kind
		reason string
	}{
		"orders":  {true, errs.Unimplemented, "UNIMPLEMENTED"},
		"billing": {false, errs.Unavailable, "PEER_ABSENT"},
		"support": {true, errs.Unavailable, "UNAVAILABLE"}, // it has an address, and nobody is there
		"gateway": {false, errs.Internal, "INTERNAL"},      // the service does not name it among its peers
	} {
		ctx := rpc.WithKey(t.Context(), "k1")
		_, err := transferv1.NewTransferServiceClient(conns[name]).CheckTransfer(ctx, &transferv1.CheckTransferRequest{TransferId: id.New("trf")})
		if errs.KindOf(err) != want.kind || errs.ReasonOf(err) != want.reason || has[name] != want.has {
			t.Errorf("%s: has %v, kind %v, %v", name, has[name], errs.KindOf(err), err)
		}
		if name == "orders" {
			continue
		}
		stream, err := conns[name].NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, transferv1.TransferService_WatchTransfer_FullMethodName)
		if err == nil {
			err = stream.RecvMsg(&transferv1.WatchTransferResponse{}) // a connection that exists says so at the first message
		}
		if errs.KindOf(err) != want.kind {
			t.Errorf("%s: a stream ended with %v", name, err)
		}
	}
}

// What runs alone by mistake is found before it is started.
func TestCheckWarnsOfAbsentPeers(t *testing.T) {
	orders, gateway := calling("orders", nothing, "orders", "billing"), calling("gateway", nothing, "orders", "support")
	for name, tt := range map[string]struct {
		file     string
		warnings []string // beginnings
	}{
		"together":           {"", []string{"orders calls billing", "gateway calls support"}},
		"apart":              {"platform: {hosts: [gateway]}", []string{"gateway calls orders", "gateway calls support"}},
		"apart, with a path": {"platform: {hosts: [gateway], peers: {orders: '127.0.0.1:1', support: 'localhost:1'}}", nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.yaml")
			if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if code := kit.Main([]string{"check", path}, &out, orders, gateway); code != 0 {
				t.Fatalf("exit code %d: %s", code, out.String())
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if len(lines) != len(tt.warnings)+1 || !strings.HasSuffix(lines[len(lines)-1], "is fine") {
				t.Fatalf("printed %q", lines)
			}
			for i, want := range tt.warnings {
				if !strings.HasPrefix(lines[i], "warning: "+want) {
					t.Errorf("line %q, want %q", lines[i], want)
				}
			}
		})
	}
}

// Where the deployment has an optional peer, it is reached; where it has none, nobody is warned.
func TestAnOptionalPeerIsNoWarning(t *testing.T) {
	var found bool
	gateway := kit.New(kit.Spec[kit.NoConfig]{
		Name: "gateway", Optional: []string{"sandbox"},
		Setup: func(_ context.Context, e *kit.Env, _ *kit.NoConfig) error { found = e.Has("sandbox"); return nil },
	})
	path := filepath.Join(t.TempDir(), "file.yaml")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if warnings, err := kit.Check(path, gateway); err != nil || len(warnings) > 0 {
		t.Errorf("warnings %q, %v", warnings, err)
	}
	start(t, loopback(t, ""), gateway)
	if found {
		t.Error("an absent peer is there")
	}
	start(t, loopback(t, ""), gateway, bare("sandbox", nothing))
	if !found {
		t.Error("a hosted peer is absent")
	}
}
