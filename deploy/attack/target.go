package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
)

// target is a running deployment.
type target struct {
	shape   string
	binary  string
	folder  string
	secrets string            // folder of its keys and certificates
	nats    string            // host:port of its bus; empty: it listens nowhere
	grpc    map[string]string // host:port of each service but the gateway
	http    string
	allowed map[string]bool // all that it may listen on
	pids    []int
	roots   *x509.CertPool // nil: it speaks plain text
	keys    string         // folder of the issuer of its tokens
	issuer  *auth.Issuer
	stop    func() error

	*actors.Deployment
	honest map[string]*grpc.ClientConn // to each service, of callers that show no certificate
	opened []*grpc.ClientConn
	ours   *authority // that signed its certificates; nil: it has one whose key nobody has
	world  world
}

// connect opens the connections of an honest caller, and prepares two customers.
func (t *target) connect(ctx context.Context) (err error) {
	if t.issuer, err = auth.OpenIssuer(t.keys); err != nil {
		return err
	}
	t.honest = map[string]*grpc.ClientConn{}
	for service := range t.grpc {
		if t.honest[service], err = t.dial(service); err != nil {
			return err
		}
	}
	t.Deployment = actors.Connected(func(service string) grpc.ClientConnInterface { return t.honest[service] })
	return t.prepare(ctx)
}

// dial connects to a service as a client that shows these certificates.
func (t *target) dial(service string, shown ...tls.Certificate) (*grpc.ClientConn, error) {
	way := insecure.NewCredentials()
	if t.roots != nil {
		way = credentials.NewTLS(t.tls(shown...))
	}
	conn, err := grpc.NewClient("passthrough:///"+t.grpc[service], grpc.WithTransportCredentials(way))
	if err == nil {
		t.opened = append(t.opened, conn)
	}
	return conn, err
}

func (t *target) tls(shown ...tls.Certificate) *tls.Config {
	return &tls.Config{RootCAs: t.roots, Certificates: shown, MinVersion: tls.VersionTLS12, ServerName: "127.0.0.1"}
}

// person is a caller with a token.
func (t *target) person(who auth.Principal) (actors.Person, error) {
	return actors.SignIn(t.Deployment, t.issuer, who)
}

// bearing is a context whose calls show this in a header.
func bearing(ctx context.Context, header, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, header, "Bearer "+token)
}

// close ends the deployment, and throws its folder away unless it is to be looked at.
func (t *target) close(keep bool) error {
	for _, c := range t.opened {
		_ = c.Close() // nothing is lost with it
	}
	err := t.stop()
	if keep || err != nil {
		return err
	}
	return os.RemoveAll(t.folder)
}

// soon calls look until it is satisfied, or time is up.
func soon(ctx context.Context, look func() bool) bool {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for !look() {
		select {
		case <-again.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
