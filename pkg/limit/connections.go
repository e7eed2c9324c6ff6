package limit

import (
	"net"
	"net/netip"
	"sync"
)

// Listen holds a listener to so many connections of each address at once, and so many in all. More are closed before a
// byte of them is read, and refused is called.
func Listen(l net.Listener, each, all int, refused func(limit string)) net.Listener {
	return &listener{l, NewStreams(each, all), refused}
}

type listener struct {
	net.Listener
	open    *Streams
	refused func(limit string)
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		leave, err := l.open.Enter(network(c.RemoteAddr()))
		if err == nil {
			return &conn{c, sync.OnceFunc(leave)}, nil
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset, after which the system keeps nothing
		}
		_ = c.Close() // nothing was sent
		l.refused("connections")
	}
}

// network is whose connections are counted together: those of an address, and of IPv6, where each caller has a whole
// network of them, those of a /64.
func network(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return a.String()
	}
	const own = 64
	if ip := at.Addr().Unmap(); !ip.Is4() {
		network, err := ip.WithZone("").Prefix(own)
		if err == nil {
			return network.String()
		}
	}
	return at.Addr().Unmap().String()
}

// conn is a connection that is counted until it is closed.
type conn struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
