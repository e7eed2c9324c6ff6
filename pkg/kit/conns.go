package kit

import (
	"context"
	"fmt"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/rpc"
)

// memoryBuffer is how much a caller in this process may send ahead of the server, in bytes.
const memoryBuffer = 1 << 20

// conns reaches services: hosted ones in memory, others by address. Both ways run the same interceptors,
// serialization and deadlines, so that a service cannot tell.
type conns struct {
	hosted   map[string]bool
	peers    map[string]string
	memory   *bufconn.Listener
	workload func(service string) auth.TokenSource // a service's own identity; nil: it has none, and may not call
	options  rpc.DialOptions

	mu   sync.Mutex
	open map[[2]string]*grpc.ClientConn
}

func newConns(services []Service, peers map[string]string, workload func(string) auth.TokenSource, o rpc.DialOptions) *conns {
	c := &conns{
		hosted: map[string]bool{}, peers: peers, memory: bufconn.Listen(memoryBuffer), workload: workload, options: o,
		open: map[[2]string]*grpc.ClientConn{},
	}
	for _, s := range services {
		c.hosted[s.Name] = true
	}
	return c
}

// to returns from's connection to a service; callers have their own, because each shows its own workload token.
func (c *conns) to(from, service string) (grpc.ClientConnInterface, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if conn, ok := c.open[[2]string{from, service}]; ok {
		return conn, nil
	}
	o, target := c.options, "passthrough:///"+service
	if o.Workload = c.workload(from); o.Workload == nil {
		return nil, fmt.Errorf("%s calls %s and has no token of its own (platform.auth.workload.%s)", from, service, from)
	}
	switch address, known := c.peers[service]; {
	case c.hosted[service]:
		o.Dialer = func(ctx context.Context, _ string) (net.Conn, error) { return c.memory.DialContext(ctx) }
	case known:
		target = rpc.Target(address)
	default:
		return nil, fmt.Errorf("%s needs %s, which this process neither hosts nor has an address for (platform.peers.%s)", from, service, service)
	}
	conn, err := rpc.Dial(target, o)
	if err != nil {
		return nil, fmt.Errorf("connect %s to %s: %w", from, service, err)
	}
	c.open[[2]string{from, service}] = conn
	return conn, nil
}

func (c *conns) close(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.open {
		_ = conn.Close() // a connection that is already gone is closed
	}
	return nil
}
