package journey

import (
	"fmt"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/rpc"
)

// Services are those that a life calls, besides the gateways.
func Services() []string { return append(actors.Services(), "sandbox") }

// Target is a running deployment.
type Target struct {
	Keys      string            // folder of its development issuer
	Addresses map[string]string // host:port of every service but the gateway; of several replicas with commas between
	Gateways  []string          // host:port of every gateway
	RetryFor  time.Duration     // how long a call is repeated while its service is away; 0: as long as every caller does
}

// deployment is a target that is connected to.
type deployment struct {
	*actors.Deployment
	gateways []string
	issuer   *auth.Issuer
	conns    []*grpc.ClientConn
}

func (t Target) open() (*deployment, error) {
	issuer, err := auth.OpenIssuer(t.Keys)
	if err != nil {
		return nil, err
	}
	d := &deployment{issuer: issuer, gateways: t.Gateways}
	conns := map[string]grpc.ClientConnInterface{}
	for _, service := range Services() {
		conn, err := rpc.Dial(rpc.Target(t.Addresses[service]), rpc.DialOptions{Timeout: time.Minute})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", service, err)
		}
		d.conns = append(d.conns, conn)
		conns[service] = retrying{conn, t.RetryFor}
	}
	d.Deployment = actors.Connected(func(service string) grpc.ClientConnInterface { return conns[service] })
	return d, nil
}

// Close ends the connections.
func (d *deployment) Close() {
	for _, c := range d.conns {
		_ = c.Close() // nothing is lost with it
	}
}

// signIn gives somebody a token.
func (d *deployment) signIn(who auth.Principal) (actors.Person, error) {
	return actors.SignIn(d.Deployment, d.issuer, who)
}
