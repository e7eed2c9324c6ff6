package kit_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/sim/ca"
	transferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// authority is a folder with the certificates of a deployment.
type authority struct {
	*ca.Authority
	folder string
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	signs, err := ca.New("test")
	if err != nil {
		t.Fatal(err)
	}
	a := authority{signs, t.TempDir()}
	if err := os.WriteFile(filepath.Join(a.folder, "ca.crt"), a.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// issue writes the certificate of a service; of is whose folder it goes to.
func (a authority) issue(t *testing.T, to authority, service string) {
	t.Helper()
	if err := a.Issue(to.folder, service, service+".handover.internal", "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
}

// settings make a process show the certificate of a service and believe the authority.
func (a authority) settings(service string) string {
	return fmt.Sprintf(`
platform:
  tls: {certificate: %[1]s/%[2]s.crt, key: %[1]s/%[2]s.key, authorities: %[1]s/ca.crt}
  auth: {certificates: ["{service}.handover.internal"]}
`, a.folder, service)
}

// transfers serves nothing of the contract, but asks who calls.
func transfers(ctx context.Context, e *kit.Env) error {
	transferv1.RegisterTransferServiceServer(e, transferv1.UnimplementedTransferServiceServer{})
	e.ServeHTTP(http.NotFoundHandler())
	return nil
}

// caller starts a process without tokens, which calls the server as a service, and returns what came of a call.
func caller(t *testing.T, settings string, server *kit.Process, service string) func() error {
	t.Helper()
	c := loopback(t, settings)
	c.Platform.Auth.Development = ""
	c.Platform.Peers = map[string]string{"accounttransfer": server.GRPCAddress()}
	var conn grpc.ClientConnInterface
	start(t, c, calling(service, func(_ context.Context, e *kit.Env) error {
		conn = e.Conn("accounttransfer")
		return nil
	}, "accounttransfer"))
	return func() error {
		_, err := transferv1.NewTransferServiceClient(conn).CheckTransfer(rpc.WithKey(t.Context(), id.New("key")),
			&transferv1.CheckTransferRequest{TransferId: id.New("trf")})
		return err
	}
}

// TestACertificateIsAnIdentity: between processes that have no tokens, the certificate says which service calls, and what may
// be called is declared for that service.
func TestACertificateIsAnIdentity(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	for _, service := range []string{"accounttransfer", "orders", "notifications"} {
		a.issue(t, a, service)
	}
	stranger.issue(t, stranger, "orders")
	if err := os.WriteFile(filepath.Join(stranger.folder, "ca.crt"), a.PEM(), 0o600); err != nil { // it believes, and is not believed
		t.Fatal(err)
	}
	server := start(t, loopback(t, a.settings("accounttransfer")), bare("accounttransfer", transfers))
	for name, tt := range map[string]struct {
		settings, service string
		want              errs.Kind
	}{
		"a service that may":                {a.settings("orders"), "orders", errs.Unimplemented},
		"one that may not":                  {a.settings("notifications"), "notifications", errs.Denied},
		"one that its certificate is not":   {a.settings("notifications"), "orders", errs.Denied},
		"a certificate of nobody's signing": {stranger.settings("orders"), "orders", errs.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			if err := caller(t, tt.settings, server, tt.service)(); errs.KindOf(err) != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// A service that calls what its own process hosts needs no token and shows no certificate: nobody else is in there.
func TestACallInsideAProcessIsOfTheService(t *testing.T) {
	a := newAuthority(t)
	a.issue(t, a, "accounttransfer")
	for service, want := range map[string]errs.Kind{"orders": errs.Unimplemented, "notifications": errs.Denied} {
		c := loopback(t, a.settings("accounttransfer"))
		c.Platform.Auth.Development = ""
		var conn grpc.ClientConnInterface
		start(t, c, bare("accounttransfer", transfers), calling(service, func(_ context.Context, e *kit.Env) error {
			conn = e.Conn("accounttransfer")
			return nil
		}, "accounttransfer"))
		_, err := transferv1.NewTransferServiceClient(conn).CheckTransfer(rpc.WithKey(t.Context(), id.New("key")),
			&transferv1.CheckTransferRequest{TransferId: id.New("trf")})
		if errs.KindOf(err) != want {
			t.Errorf("%s: got %v, want %v", service, err, want)
		}
	}
}

// TestCertificatesAreReplaced under running processes: the next connections show the new ones.
func TestCertificatesAreReplaced(t *testing.T) {
	old, fresh := newAuthority(t), newAuthority(t)
	old.issue(t, old, "accounttransfer")
	old.issue(t, old, "orders")
	server := start(t, loopback(t, old.settings("accounttransfer")), bare("accounttransfer", transfers))
	call := caller(t, old.settings("orders"), server, "orders")
	if err := call(); errs.KindOf(err) != errs.Unimplemented {
		t.Fatal(err)
	}
	both := append(old.PEM(), fresh.PEM()...)
	if err := os.WriteFile(filepath.Join(old.folder, "ca.crt"), both, 0o600); err != nil {
		t.Fatal(err)
	}
	fresh.issue(t, old, "accounttransfer")
	fresh.issue(t, old, "orders")
	if got := shown(t, server.GRPCAddress(), both); got != root(t, fresh) {
		t.Errorf("the gRPC listener shows an old certificate")
	}
	if got := shown(t, server.HTTPAddress(), both); got != root(t, fresh) {
		t.Errorf("the HTTP listener shows an old certificate")
	}
	if err := call(); errs.KindOf(err) != errs.Unimplemented {
		t.Error("the connection that stood is lost:", err)
	}
	if err := caller(t, old.settings("orders"), server, "orders")(); errs.KindOf(err) != errs.Unimplemented {
		t.Error("a new connection:", err)
	}
}

// shown is the certificate of the authority that signed what a listener shows.
func shown(t *testing.T, address string, believed []byte) string {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(believed)
	dialer := &tls.Dialer{NetDialer: &net.Dialer{}, Config: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	state := conn.(*tls.Conn).ConnectionState()
	return string(state.VerifiedChains[0][len(state.VerifiedChains[0])-1].Raw)
}

// root is the certificate of an authority.
func root(t *testing.T, a authority) string {
	t.Helper()
	block, _ := pem.Decode(a.PEM())
	return string(block.Bytes)
}
