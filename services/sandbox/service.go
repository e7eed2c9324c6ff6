// Package sandbox hosts the simulators of the outside world and lets people and tests move it: the business clock, the
// customer's clicks in the AWS console, the work of agents in ServiceNow, faults, and what the simulators saw.
//
// It owns no rule of the business and none of AWS, ServiceNow or mail (pkg/sim). It is never part of a production
// deployment.
package sandbox

import (
	"context"
	"embed"
	"errors"

	"example.com/handover/pkg/kit"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

//go:embed migrations
var migrations embed.FS

// Service returns the sandbox, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: "sandbox", Migrations: migrations, Clock: keeper(), Defaults: defaults, Setup: setUp,
	})
}

func setUp(ctx context.Context, e *kit.Env, cfg *config) error {
	if e.Business.Live() {
		return errors.New("a sandbox needs a business clock that can be moved (platform.business_clock.mode: sandbox)")
	}
	w, err := open(ctx, e, cfg)
	if err != nil {
		return err
	}
	sandboxv1.RegisterSandboxServiceServer(e, &server{env: e, world: attend(e.World), worlds: w, reseller: cfg.AWS.Account})
	return nil
}
