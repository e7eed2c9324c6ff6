package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/event"
)

// stage is the running suite: the sandbox, and the process that is killed. Each life has one of its own, so that all
// begin on the same day of the same world, and a round that is played again sees what it saw.
type stage struct {
	folder  string
	sandbox *cluster.Process
	product *product
	witness witness
	house   *journey.Life // the reseller that sells to the customer
}

// patience is how long a caller repeats a call whose service is being started again.
const patience = 30 * time.Second

// theatre is where stages stand.
type theatre struct {
	binary    string // the all-in-one's
	addresses *addressBook
}

func newTheatre(binary string) (*theatre, error) {
	binary, err := filepath.Abs(binary)
	return &theatre{binary, &addressBook{given: map[string]bool{}}}, err
}

// open starts everything in a temporary folder, and sets a reseller up.
func (t *theatre) open(ctx context.Context) (*stage, error) {
	folder, err := os.MkdirTemp("", "handover-crash-")
	if err != nil {
		return nil, err
	}
	s := &stage{folder: folder}
	at, err := t.addresses.choose()
	if err == nil {
		err = s.start(ctx, t.binary, at)
	}
	if err != nil {
		return nil, s.close(err)
	}
	return s, nil
}

func (s *stage) start(ctx context.Context, binary string, at addresses) error {
	sandbox, product, err := at.files(filepath.Join(s.folder, "keys"))
	if err != nil {
		return err
	}
	if err := s.startSandbox(ctx, binary, at, sandbox); err != nil {
		return err
	}
	s.product = newProduct(ctx, cluster.Command{
		Name: "product", Binary: binary, Folder: s.folder, Log: filepath.Join(s.folder, "product.log"),
		Args: []string{"run", "--config", filepath.Join(s.folder, "product.yaml")},
	}, product, at.product)
	if err := s.product.restart(""); err != nil {
		return err
	}
	if s.witness.bus, err = event.Connect("nats://"+at.nats, event.Options{Name: "witness", Log: slog.New(slog.DiscardHandler)}); err != nil {
		return err
	}
	s.house, err = journey.Begin(ctx, journey.Target{
		Keys: filepath.Join(s.folder, "keys"), Patience: patience,
		Addresses: at.book(),
	}, io.Discard)
	if err != nil {
		return err
	}
	return s.house.SetUp()
}

func (s *stage) startSandbox(ctx context.Context, binary string, at addresses, f cluster.File) (err error) {
	configured := filepath.Join(s.folder, "sandbox.yaml")
	if err := f.Write(configured); err != nil {
		return err
	}
	s.sandbox, err = cluster.Launch(context.WithoutCancel(ctx), cluster.Command{ // stopped by close, last
		Name: "sandbox", Binary: binary, Folder: s.folder, Log: filepath.Join(s.folder, "sandbox.log"),
		Args: []string{"run", "--config", configured},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return s.sandbox.Ready(ctx, at.sandbox)
}

// close ends both processes, the sandbox last. What went wrong keeps the folder for a look.
func (s *stage) close(cause error) error {
	if s.house != nil {
		s.house.Close()
	}
	if s.witness.bus != nil {
		s.witness.bus.Close()
	}
	if s.product != nil {
		cause = errors.Join(cause, s.product.stop())
	}
	if s.sandbox != nil {
		cause = errors.Join(cause, s.sandbox.Stop())
	}
	if cause != nil {
		return fmt.Errorf("%w\nlogs and data: %s", cause, s.folder)
	}
	return os.RemoveAll(s.folder)
}
