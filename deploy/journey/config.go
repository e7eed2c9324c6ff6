package journey

import (
	"log/slog"
	"time"

	shipped "example.com/handover/deploy/config"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
)

// Everywhere is the address book of an all-in-one.
func Everywhere(address string) map[string]string {
	all := map[string]string{}
	for _, service := range Services() {
		all[service] = address
	}
	return all
}

// AllInOne returns a sandbox configuration that keeps everything in one folder and listens on free loopback ports.
func AllInOne(folder string) (kit.Config, error) {
	listeners, err := shipped.FreeListeners()
	if err != nil {
		return kit.Config{}, err
	}
	c := kit.Loopback(folder, time.Date(2026, time.February, 19, 9, 0, 0, 0, time.UTC)) // the start of sale
	c.Platform.Telemetry.Log.Level = slog.LevelWarn                                     // the journey prints its own timeline
	return c, config.Decode([]byte(listeners.Sections("1s")), &c)
}
