package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.com/handover/deploy/keyring"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/sim/ca"
	"example.com/handover/pkg/tlsfile"
)

type natsConfigCommand struct {
	Folder string `arg:"" help:"Folder of the keys: of orders those in orders.*, seeds in .nk files, public keys in .pub files."`
	Make   bool   `help:"Make a seed, NAME.nk, for everybody who has no key there."`
}

func (c natsConfigCommand) Run(out io.Writer, services []kit.Service) error {
	return writeAccounts(out, c.Folder, c.Make, services)
}

// writeAccounts writes what a NATS server has to know, with the keys of a folder.
func writeAccounts(out io.Writer, folder string, missing bool, services []kit.Service) error {
	accounts := kit.Accounts(services)
	if missing {
		if err := keyring.Make(folder, accounts); err != nil {
			return err
		}
	}
	accounts, err := keyring.Fill(folder, accounts)
	if err != nil {
		return err
	}
	return event.WriteAccounts(out, accounts)
}

type natsSetupCommand struct {
	URL            string        `required:"" help:"NATS server, as in platform.nats.url."`
	Key            string        `required:"" help:"File with the seed of the user setup." type:"existingfile"`
	Authorities    string        `help:"File with the authorities that sign the server's certificate; without: no TLS." type:"existingfile"`
	Certificate    string        `help:"File with a client's certificate, where the server asks for one." type:"existingfile"`
	CertificateKey string        `help:"File with its private key." type:"existingfile"`
	Replicas       int           `help:"Copies of each stream: 1, or 3 on a cluster." default:"1"`
	MaxAge         time.Duration `help:"How long the streams keep events; the tables they are copies of are kept apart." default:"9600h"`
	AckWait        time.Duration `help:"As platform.work.ack_wait of the services." default:"10s"`
	Wait           time.Duration `help:"How long the server is waited for." default:"1m"`
}

func (c natsSetupCommand) Run(ctx context.Context, out io.Writer, services []kit.Service) error {
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	bus, err := event.Connect(c.URL, event.Options{
		Name: "handover nats-setup", User: event.SetUpUser, Key: event.KeyFile(c.Key), TLS: tlsfile.Files{
			Certificate: config.File(c.Certificate), Key: config.File(c.CertificateKey), Authorities: config.File(c.Authorities),
		},
	})
	if err != nil {
		return err
	}
	defer bus.Close()
	for bus.Ready() != nil {
		if err := (clock.Machine{}).Wait(ctx, 100*time.Millisecond); err != nil {
			return errors.Join(bus.Ready(), bus.Conn().LastError())
		}
	}
	layout := event.Layout{Roles: kit.Roles(services), Replicas: c.Replicas, MaxAge: c.MaxAge, AckWait: c.AckWait}
	if err := bus.SetUp(ctx, layout); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "streams and consumers are set up")
	return err
}

type sandboxSecretsCommand struct {
	Folder string   `arg:"" help:"Folder to fill: certificates, keys and accounts of NATS, the key that signs tokens."`
	Hosts  []string `help:"Addresses at which each of them is reached, besides its name." default:"127.0.0.1,localhost"`
}

// Run leaves alone what is there, so that it may run before every start.
func (c sandboxSecretsCommand) Run(services []kit.Service) error {
	keys := filepath.Join(c.Folder, "nats")
	if err := keyring.Make(keys, kit.Accounts(services)); err != nil {
		return err
	}
	accounts, err := os.OpenFile(filepath.Join(c.Folder, "nats.conf"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(writeAccounts(accounts, keys, false, services), accounts.Close()); err != nil {
		return err
	}
	if _, err := auth.OpenIssuer(c.Folder); err != nil {
		return err
	}
	known := filepath.Join(c.Folder, "ca.crt")
	if _, err := os.Stat(known); err == nil {
		return nil
	}
	authority, err := ca.New("handover sandbox")
	if err != nil {
		return err
	}
	names := []string{"nats", "postgres", event.SetUpUser}
	for _, s := range services {
		names = append(names, s.Name)
	}
	for _, name := range names {
		if err := authority.Issue(c.Folder, name, append(c.Hosts, name, name+".handover.internal")...); err != nil {
			return err
		}
	}
	return os.WriteFile(known, authority.PEM(), 0o600)
}
