package kit

import (
	"context"
	"fmt"
	"net"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/rpc"
)

// memoryBuffer is how much a caller in this process may send ahead of the server, in bytes, and the other way round. Every
// connection holds both: with 1 MiB the twelve of the all-in-one held 24 MiB.
const memoryBuffer = 64 << 10

// conns reaches services: hosted ones in memory, others by address. Both ways run the same interceptors,
// serialization and deadlines, so that a service cannot tell. Every caller has its own connections, because each shows
// its own workload token. A connection is made at its first use, so there is no start order.
type conns struct {
	memory map[string]local // by caller
	open   map[route]*grpc.ClientConn
	absent map[route]bool // declared, and not part of the deployment
}

// local is a listener in memory that one service calls: who calls needs no proof.
type local struct {
	*bufconn.Listener
	caller auth.Local
}

// Accept implements net.Listener.
func (l local) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return localConn{conn, l.caller}, err
}

type localConn struct {
	net.Conn
	caller auth.Local
}

// RemoteAddr implements net.Conn.
func (c localConn) RemoteAddr() net.Addr { return c.caller }

// route is who calls whom.
type route struct{ from, to string }

// openConns prepares the connections of the hosted services to the peers that they name.
func (c Config) openConns(services []Service, workload func(string) auth.TokenSource, o rpc.DialOptions) (*conns, error) {
	all := &conns{memory: map[string]local{}, open: map[route]*grpc.ClientConn{}, absent: map[route]bool{}}
	for _, s := range services {
		o.Workload = workload(s.Name)
		all.memory[s.Name] = local{bufconn.Listen(memoryBuffer), auth.Local(s.Name)}
		for _, peer := range slices.Concat(s.peers, s.optional) {
			way := route{s.Name, peer}
			if !c.reaches(services, peer) {
				all.absent[way] = true
				continue
			}
			if o.Workload == nil && c.Platform.TLS.Certificate == "" {
				return all, fmt.Errorf("%s calls %s and has neither a token (platform.auth.workload.%s) nor a certificate (platform.tls)",
					way.from, way.to, way.from)
			}
			conn, err := all.dial(way, c.Platform.Peers, services, o)
			if err != nil {
				return all, fmt.Errorf("connect %s to %s: %w", way.from, way.to, err)
			}
			all.open[way] = conn
		}
	}
	return all, nil
}

func (c *conns) dial(way route, addresses map[string]string, services []Service, o rpc.DialOptions) (*grpc.ClientConn, error) {
	if slices.ContainsFunc(services, func(s Service) bool { return s.Name == way.to }) {
		memory := c.memory[way.from]
		o.Credentials = nil // nobody else reads the memory
		o.Dialer = func(ctx context.Context, _ string) (net.Conn, error) { return memory.DialContext(ctx) }
		return rpc.Dial("passthrough:///"+way.to, o)
	}
	return rpc.Dial(rpc.Target(addresses[way.to]), o)
}

// to returns a service's connection to another one.
func (c *conns) to(from, service string) grpc.ClientConnInterface {
	way := route{from, service}
	if conn, ok := c.open[way]; ok {
		return conn
	}
	if c.absent[way] {
		return absentPeer(service)
	}
	return undeclared(from, service)
}

// has says whether calls of a service to another one are sent anywhere.
func (c *conns) has(from, service string) bool { return c.open[route{from, service}] != nil }

func (c *conns) close(context.Context) error {
	for _, conn := range c.open {
		_ = conn.Close() // a connection that is already gone is closed
	}
	return nil
}
