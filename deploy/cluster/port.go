package cluster

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports are taken below those that systems give to outgoing connections: a process that is started again must find its
// port free.
const firstPort, ports = 12000, 16000

// FreeAddress returns a loopback address with a port that nobody listens on now.
func FreeAddress() (string, error) {
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(ports)))
		if l, err := net.Listen("tcp", address); err == nil {
			return address, l.Close()
		}
	}
	return "", errors.New("no free port was found")
}
