package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
)

// startTimeout is how long the all-in-one may take to be ready.
const startTimeout = 5 * time.Minute

// suite is the all-in-one under watch.
type suite struct {
	process *cluster.Process
	admin   string // host:port of its metrics
	target  journey.Target
}

// launch starts the all-in-one as it is shipped, but for its addresses and its folder.
func launch(ctx context.Context, f flags, folder string) (*suite, error) {
	a, err := cluster.NewAllInOne(folder)
	if err != nil {
		return nil, err
	}
	if f.Profiles != "" {
		if err := os.MkdirAll(f.Profiles, 0o700); err != nil {
			return nil, err
		}
		a.File.Set("platform.telemetry.profiles", f.Profiles)
	}
	// A stream keeps in memory what each aggregate's subject has, for as long as it keeps its events: that must end in time.
	a.File.Set("platform.nats.max_age", max(f.Length/quarters, time.Minute).String())
	process, err := a.Launch(ctx, cluster.Command{Binary: f.Handover})
	if err != nil {
		return nil, err
	}
	ready, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := process.Ready(ready, a.GRPC); err != nil {
		return nil, fmt.Errorf("%w (%w)", err, process.Stop())
	}
	return &suite{process: process, admin: a.Admin, target: journey.Target{
		Keys: a.Keys, Addresses: journey.Everywhere(a.GRPC), Gateways: []string{a.HTTP},
	}}, nil
}
