package journey

import (
	"fmt"
	"net"
	"path/filepath"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
)

// start is the business instant at which a fresh journey begins: seed 001's worked example.
const start = "2026-02-16T09:00:00Z"

// Everywhere is the address book of an all-in-one.
func Everywhere(address string) map[string]string {
	return map[string]string{"orders": address, "accounttransfer": address, "sandbox": address}
}

// AllInOne returns a sandbox configuration that keeps everything in one folder and listens on free loopback ports.
func AllInOne(folder string) (kit.Config, error) {
	aws, err := freePort()
	if err != nil {
		return kit.Config{}, err
	}
	c := kit.Default()
	p := &c.Platform
	p.Data, p.GRPC, p.HTTP = folder, "127.0.0.1:0", "127.0.0.1:0"
	p.Clock = kit.BusinessClock{Mode: "sandbox", Start: start}
	p.Auth.Development = filepath.Join(folder, "keys")
	p.Telemetry.Log.Level = 4 // warnings: the journey prints its own timeline
	return c, config.Decode([]byte(fmt.Sprintf(sections, aws)), &c)
}

// sections configures the services for a simulator at a given address.
const sections = `
services:
  accounttransfer:
    aws:
      endpoint: http://%[1]s
      static_access_key: AKIARESELLER00000000
      settle: 1s
      calls_per_second: 1000
  sandbox:
    aws:
      listen: %[1]s
`

// freePort asks the system for a loopback port that is free now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := l.Addr().String()
	return address, l.Close()
}
