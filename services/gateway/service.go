package gateway

import (
	"context"

	"example.com/handover/pkg/kit"
)

// Service returns the gateway, ready to be hosted. It has no database: a replica can be added or lost at any time.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: "gateway", Setup: setUp,
		Defaults: func() *config { return &config{Limits: DefaultLimits()} },
		Peers:    []string{"orders", "accounttransfer", "billing", "support", "notifications"}, Optional: []string{"sandbox"},
	})
}

// config is the section services.gateway.
type config struct {
	Limits Limits `yaml:"limits" doc:"what one replica takes from one caller"`
}

func setUp(ctx context.Context, e *kit.Env, cfg *config) error {
	handler, err := New(ctx, Options{
		Conn: e.Conn, Has: e.Has, Log: e.Log, Machine: e.Machine, Limits: cfg.Limits,
		Bodies: e.Bodies(), Believe: e.Believe, Draining: e.Draining(),
	})
	if err != nil {
		return err
	}
	e.ServeHTTP(handler)
	return nil
}
