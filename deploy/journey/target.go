package journey

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/tlsfile"
)

// Services are those that a life calls, besides the gateways.
func Services() []string { return append(actors.Services(), "sandbox") }

// Target is a running deployment.
type Target struct {
	Keys      string            // folder of the issuer that signs its tokens
	TLS       tlsfile.Files     // whose certificates its listeners show; none: plain text
	Addresses map[string]string // host:port of every service but the gateway; of several replicas with commas between
	Gateways  []string          // host:port of every gateway
	RetryFor  time.Duration     // how long a call is repeated while its service is away; 0: as long as every caller does
}

// deployment is a target that is connected to.
type deployment struct {
	*actors.Deployment
	gateways []string     // with their scheme
	web      *http.Client // to them
	issuer   *auth.Issuer
	conns    []*grpc.ClientConn
	retryFor time.Duration // Target.RetryFor
}

func (t Target) open() (*deployment, error) {
	issuer, err := auth.OpenIssuer(t.Keys)
	if err != nil {
		return nil, err
	}
	d := &deployment{issuer: issuer, retryFor: t.RetryFor}
	encrypted, err := t.reach(d)
	if err != nil {
		return nil, err
	}
	conns := map[string]grpc.ClientConnInterface{}
	for _, service := range Services() {
		conn, err := rpc.Dial(rpc.Target(t.Addresses[service]), rpc.DialOptions{Credentials: encrypted, Timeout: time.Minute})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", service, err)
		}
		d.conns = append(d.conns, conn)
		conns[service] = retrying{conn, t.RetryFor}
	}
	d.Deployment = actors.Connected(func(service string) grpc.ClientConnInterface { return conns[service] })
	return d, nil
}

// reach prepares the way to the gateways, and returns what the services are called with; nil: plain text.
func (t Target) reach(d *deployment) (credentials.TransportCredentials, error) {
	scheme, transport := "http://", &http.Transport{}
	var encrypted credentials.TransportCredentials
	if t.TLS.Set() {
		known, err := tlsfile.Open(t.TLS, slog.Default())
		if err != nil {
			return nil, err
		}
		scheme, encrypted = "https://", known.Credentials()
		transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&tls.Dialer{Config: known.Client()}).DialContext(ctx, network, address)
		}
	}
	for _, gateway := range t.Gateways {
		d.gateways = append(d.gateways, scheme+gateway)
	}
	d.web = &http.Client{Timeout: time.Minute, Transport: transport}
	return encrypted, nil
}

// Close ends the connections.
func (d *deployment) Close() {
	d.web.CloseIdleConnections()
	for _, c := range d.conns {
		_ = c.Close() // nothing is lost with it
	}
}

// signIn gives somebody a token.
func (d *deployment) signIn(who auth.Principal) (actors.Person, error) {
	return actors.SignIn(d.Deployment, d.issuer, who)
}
