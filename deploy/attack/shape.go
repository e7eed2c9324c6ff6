package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
)

// shape is one way in which the suite runs.
type shape struct {
	name  string
	start func(ctx context.Context, binary, folder string) (*target, error)
}

func shapes() []shape { return []shape{{"all-in-one", allInOne}, {"separate", separate}} }

// allInOne is one process on the shipped file, moved to free ports, with certificates so that there is something to show.
func allInOne(ctx context.Context, binary, folder string) (*target, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	ours, err := newAuthority(filepath.Join(folder, "secrets"))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(ours.issue("handover", life), ours.issue("orders", life)); err != nil {
		return nil, err
	}
	a, err := cluster.NewAllInOne(folder)
	if err != nil {
		return nil, err
	}
	t := &target{
		shape: "all-in-one", binary: binary, folder: folder, secrets: ours.folder, ours: ours, keys: a.Keys,
		grpc: journey.Everywhere(a.GRPC), http: a.HTTP, allowed: map[string]bool{},
	}
	for _, address := range append(a.Listeners.All(), &a.GRPC, &a.HTTP, &a.Admin) {
		t.allowed[*address] = true
	}
	a.File.Set("platform.tls", map[string]string{
		"certificate": ours.path("handover.crt"), "key": ours.path("handover.key"), "authorities": ours.path("ca.crt"),
	})
	a.File.Set("platform.auth.certificates", []string{"{service}.handover.internal"})
	return t, t.launch(ctx, a)
}

func (t *target) launch(ctx context.Context, a *cluster.AllInOne) (err error) {
	if t.roots, err = roots(filepath.Join(t.secrets, "ca.crt")); err != nil {
		return err
	}
	p, err := a.Launch(ctx, cluster.Command{Binary: t.binary, TLS: t.credentials()})
	if err != nil {
		return err
	}
	t.pids, t.stop = []int{p.PID}, p.Stop
	if err := p.Ready(ctx, a.GRPC); err != nil {
		return errors.Join(err, p.Stop())
	}
	if err := t.connect(ctx); err != nil {
		return errors.Join(err, p.Stop())
	}
	return nil
}

// separate is a process for each service, on PostgreSQL where the environment names one.
func separate(ctx context.Context, _, folder string) (*target, error) {
	binaries, err := cluster.Build(ctx, folder)
	if err != nil {
		return nil, err
	}
	s, drop := cluster.Shape{Binaries: binaries, Replicas: 1}, func(context.Context) error { return nil }
	if server := os.Getenv("HANDOVER_TEST_POSTGRES"); server != "" {
		if s.PostgreSQL, drop, err = cluster.FreshDatabase(ctx, server); err != nil {
			return nil, err
		}
	}
	c, err := cluster.Start(ctx, folder, s)
	if err != nil {
		return nil, errors.Join(err, drop(context.WithoutCancel(ctx)))
	}
	t := &target{
		shape: "separate", binary: binaries["suite"], folder: folder, secrets: c.Secrets(), keys: c.Secrets(), nats: c.NATS(),
		grpc: c.Addresses(), http: c.Gateways()[0], allowed: c.Listeners(), pids: c.PIDs(),
		stop: func() error { return errors.Join(c.Stop(), drop(context.WithoutCancel(ctx))) },
	}
	if t.roots, err = roots(c.TLS().Authorities.Path()); err == nil {
		err = t.connect(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, t.stop())
	}
	return t, nil
}

func roots(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: no certificate", path)
	}
	return pool, nil
}
