package journey

import (
	"fmt"
	"log/slog"
	"time"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
)

// Everywhere is the address book of an all-in-one.
func Everywhere(address string) map[string]string {
	return map[string]string{"orders": address, "accounttransfer": address, "sandbox": address}
}

// AllInOne returns a sandbox configuration that keeps everything in one folder and listens on free loopback ports.
func AllInOne(folder string) (kit.Config, error) {
	aws, err := kit.FreeAddress()
	if err != nil {
		return kit.Config{}, err
	}
	c := kit.Loopback(folder, time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)) // seed 001's worked example
	c.Platform.Telemetry.Log.Level = slog.LevelWarn                                     // the journey prints its own timeline
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
