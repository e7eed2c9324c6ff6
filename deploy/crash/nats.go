package main

import (
	"context"
	"log/slog"
	"net"
	"os"

	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/tlsfile"
)

// natsCommand is the NATS server as a process of its own: the server's own code with the accounts of a deployment. There is
// no program to install, and it can be killed alone.
type natsCommand struct {
	Listen  string `required:"" help:"host:port of loopback."`
	Data    string `required:"" help:"Folder of the streams."`
	Secrets string `required:"" help:"Folder that handover sandbox-secrets has filled."`
}

// Run serves until it is asked to end.
func (c natsCommand) Run(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	server, err := event.StartEmbedded(c.Data, event.EmbeddedOptions{
		Listen: c.Listen, File: cluster.Accounts(c.Secrets), SyncAlways: true, Log: log,
		TLS: tlsfile.Files{Certificate: config.File(c.Secrets + "/nats.crt"), Key: config.File(c.Secrets + "/nats.key")},
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return server.Stop(context.WithoutCancel(ctx))
}

// listening waits until somebody listens at an address, which is the process if it has not ended.
func listening(address string) func(context.Context, *cluster.Process) error {
	return func(ctx context.Context, p *cluster.Process) error {
		for {
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
			if err == nil {
				return conn.Close()
			}
			select {
			case <-p.Done():
				return p.Err()
			default:
			}
			if (clock.Machine{}).Wait(ctx, pollPause) != nil {
				return err
			}
		}
	}
}
