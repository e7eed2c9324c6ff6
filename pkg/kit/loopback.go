package kit

import (
	"errors"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strconv"
	"time"
)

// Loopback is the configuration of a process that keeps everything in one folder, listens on free loopback ports, and
// has a movable clock that begins at start: for whatever starts a deployment and throws it away again.
func Loopback(folder string, start time.Time) Config {
	c := Default()
	p := &c.Platform
	p.Data, p.GRPC, p.HTTP = folder, "127.0.0.1:0", "127.0.0.1:0"
	p.Clock = BusinessClock{Mode: "sandbox", Start: start.UTC().Format(time.RFC3339)}
	p.Auth.Development = filepath.Join(folder, "keys")
	return c
}

// Ports are taken below those that systems give to outgoing connections: a listener that opens later, or again after a
// restart, must find its port free.
const firstPort, ports = 12000, 16000

// FreeAddress returns a loopback address that nobody listens on now, for a listener whose address others must
// know before it opens.
func FreeAddress() (string, error) {
	var address string
	err := FreeAddresses(&address)
	return address, err
}

// FreeAddresses sets each to such an address. All are different: a port is held until the last is found.
func FreeAddresses(all ...*string) error {
	for _, address := range all {
		l, err := listenAnywhere()
		if err != nil {
			return err
		}
		defer func() { _ = l.Close() }() // it took no connection
		*address = l.Addr().String()
	}
	return nil
}

func listenAnywhere() (net.Listener, error) {
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(ports)))
		if l, err := net.Listen("tcp", address); err == nil {
			return l, nil
		}
	}
	return nil, errors.New("no free port was found")
}
