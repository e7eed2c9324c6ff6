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
		leave, err := l.open.Enter(Network(c.RemoteAddr().String()))
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

// Network is whose connections and calls are counted together, by a host or host:port: those of an address, and of IPv6,
// where each caller has a whole network of them, those of a /64. What is no address stands for itself.
func Network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	const own = 64
	if ip = ip.Unmap(); !ip.Is4() {
		if network, err := ip.WithZone("").Prefix(own); err == nil {
			return network.String()
		}
	}
	return ip.String()
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
