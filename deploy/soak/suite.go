package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/config"
	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/kit"
)

// startTimeout is how long the all-in-one may take to be ready.
const startTimeout = time.Minute

// suite is the all-in-one under watch.
type suite struct {
	process *cluster.Process
	admin   string // host:port of its metrics
	target  journey.Target
}

// launch starts the all-in-one as it is shipped, but for its addresses and its folder.
func launch(ctx context.Context, f flags, folder string) (*suite, error) {
	var grpc, http, admin string
	listeners := config.Listeners{}
	if err := kit.FreeAddresses(append(listeners.All(), &grpc, &http, &admin)...); err != nil {
		return nil, err
	}
	file, err := cluster.ShippedFile("sandbox.yaml")
	if err != nil {
		return nil, err
	}
	keys := filepath.Join(folder, "keys")
	for key, value := range map[string]string{
		"platform.data": filepath.Join(folder, "data"), "platform.auth.development": keys,
		"platform.grpc": grpc, "platform.http": http, "platform.admin": admin,
	} {
		file.Set(key, value)
	}
	for _, service := range journey.Services() {
		for key, value := range listeners.Settings(service) {
			file.Set(key, value)
		}
	}
	if f.Profiles != "" {
		if err := os.MkdirAll(f.Profiles, 0o700); err != nil {
			return nil, err
		}
		file.Set("platform.telemetry.profiles", f.Profiles)
	}
	configured := filepath.Join(folder, "soak.yaml")
	if err := file.Write(configured); err != nil {
		return nil, err
	}
	process, err := cluster.Launch(context.WithoutCancel(ctx), cluster.Command{ // it is stopped after the last life
		Name: "the all-in-one", Binary: f.Handover, Folder: folder, Log: filepath.Join(folder, "handover.log"),
		Args: []string{"run", "--config", configured},
	})
	if err != nil {
		return nil, err
	}
	ready, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := process.Ready(ready, grpc); err != nil {
		return nil, fmt.Errorf("%w (%w)", err, process.Stop())
	}
	return &suite{process: process, admin: admin, target: journey.Target{
		Keys: keys, Addresses: journey.Everywhere(grpc), Gateways: []string{http},
	}}, nil
}
