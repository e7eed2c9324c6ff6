// Package sandbox hosts the simulators of the outside world and lets people and tests move it: the business clock, the
// customer's clicks in the AWS console, faults, and what the simulators saw.
//
// It owns no rule of the business and none of AWS (pkg/sim/aws). It is never part of a production deployment.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/journal"
	"example.com/handover/pkg/sim/aws/organizations"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Service returns the sandbox, ready to be hosted.
func Service() kit.Service {
	return kit.Service{
		Name: "sandbox", Setup: setUp,
		Defaults: func() any { return defaults() },
	}
}

func setUp(ctx context.Context, e *kit.Env) error {
	cfg, ok := e.Config().(*config)
	if !ok {
		return errors.New("settings of another service")
	}
	if e.Business.Live() {
		return errors.New("a sandbox needs a business clock that can be moved (platform.business_clock.mode: sandbox)")
	}
	sim, err := aws.New(aws.Options{
		Now: e.Business.Now, Journal: journal.Open(filepath.Join(e.Data, "aws.ndjson")),
		Settings: organizations.DefaultSettings(), Keys: cfg.AWS.keys(), Log: e.Log,
	})
	if err != nil {
		return err
	}
	e.Close(func(context.Context) error { return sim.Close() })
	if err := cfg.AWS.provision(ctx, sim); err != nil {
		return err
	}
	if err := serveAWS(ctx, e, cfg.AWS.Listen, sim); err != nil {
		return err
	}
	sandboxv1.RegisterSandboxServiceServer(e, &server{env: e, sim: sim})
	return nil
}

// serveAWS gives the simulator its own door: it speaks AWS's protocols, not ours.
func serveAWS(ctx context.Context, e *kit.Env, address string, sim http.Handler) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("aws.listen: %w", err)
	}
	door := &http.Server{Handler: sim, ReadHeaderTimeout: 5 * time.Second}
	e.Go("aws door", func(ctx context.Context) error {
		stop := context.AfterFunc(ctx, func() { _ = door.Close() }) // whoever calls meets a closed door, as when AWS is away
		defer stop()
		if err := door.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	return nil
}
