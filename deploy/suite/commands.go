package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// services are the services of the all-in-one.
func services() []kit.Service {
	return []kit.Service{
		orders.Service(), accounttransfer.Service(), billing.Service(), support.Service(), notifications.Service(),
		gateway.Service(), sandbox.Service(),
	}
}

// commands are what the all-in-one can do beside what every binary can.
type commands struct {
	kit.Commands
	Demo    demoCommand    `cmd:"" help:"Run everything in a sandbox, play the journey and stay up."`
	Journey journeyCommand `cmd:"" help:"Play the journey in a temporary folder and exit."`

	NATSConfig     natsConfigCommand     `cmd:"" name:"nats-config" help:"Print the accounts of NATS, with the keys of a folder."`
	NATSSetup      natsSetupCommand      `cmd:"" name:"nats-setup" help:"Make the streams and consumers of all services, or change them."`
	SandboxSecrets sandboxSecretsCommand `cmd:"" help:"Make the keys and certificates that a sandbox needs."`
}

func run(args []string, out io.Writer) int {
	return kit.Command(args, out, &commands{}, services())
}

type demoCommand struct {
	Config string `short:"c" help:"Configuration file." default:"deploy/config/sandbox.yaml" type:"existingfile"`
}

func (c demoCommand) Run(ctx context.Context, out io.Writer, services []kit.Service) error {
	cfg, err := kit.Load(c.Config)
	if err != nil {
		return err
	}
	return play(ctx, cfg, out, services, true, journey.Play)
}

type journeyCommand struct{}

func (journeyCommand) Run(ctx context.Context, out io.Writer, services []kit.Service) error {
	folder, err := os.MkdirTemp("", "handover-journey-")
	if err != nil {
		return err
	}
	cfg, err := journey.AllInOne(folder)
	if err != nil {
		return err
	}
	if err := play(ctx, cfg, out, services, false, journey.Play, journey.PlayVariants); err != nil {
		return fmt.Errorf("%w (kept for a look: %s)", err, folder)
	}
	return os.RemoveAll(folder)
}

// story is a life, or several, that is played against a deployment.
type story func(context.Context, journey.Target, io.Writer) error

// play starts the suite, plays stories against it from outside, and stays up if asked to.
func play(ctx context.Context, cfg kit.Config, out io.Writer, services []kit.Service, stay bool, plays ...story) error {
	machine := clock.Machine{}
	began := machine.Now()
	p, err := kit.Start(ctx, cfg, services...)
	if err != nil {
		return err
	}
	report := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	report("ready in %s: gRPC %s, HTTP http://%s", machine.Now().Sub(began).Round(time.Millisecond), p.GRPCAddress(), p.HTTPAddress())
	target := journey.Target{
		Keys: cfg.Platform.Auth.Development, Addresses: journey.Everywhere(p.GRPCAddress()), Gateways: []string{p.HTTPAddress()},
	}
	for _, play := range plays {
		if err := play(ctx, target, out); err != nil {
			return errors.Join(err, p.Stop())
		}
	}
	if stay {
		report("still up; stop with Ctrl-C. Tokens: bin/handover token OPERATOR. The walk-through is in README.md.")
		err = p.Wait(ctx)
		defer report("stopped; what it kept is in %s", cfg.Platform.Data)
	}
	return errors.Join(err, p.Stop())
}
