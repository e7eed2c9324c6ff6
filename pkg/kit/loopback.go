package kit

import (
	"fmt"
	"net"
	"path/filepath"
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

// FreeAddress asks the system for a loopback address that is free now, for a door whose address others must know
// before it opens.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	address := l.Addr().String()
	return address, l.Close()
}
