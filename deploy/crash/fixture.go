package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
)

// fixture is a running suite: the sandbox, and the process that is killed. Each round has one of its own, so that all
// begin on the same day in the same state, and a round that is played again sees what it saw.
type fixture struct {
	folder    string
	sandbox   *cluster.Process
	product   *product
	published published
	reseller  *journey.Life // that sells to the customer
}

// retryFor is how long a caller repeats a call whose service is being started again.
const retryFor = 30 * time.Second

// launcher starts fixtures.
type launcher struct {
	binary    string // the all-in-one's
	addresses *addressBook
}

func newLauncher(binary string) (*launcher, error) {
	binary, err := filepath.Abs(binary)
	return &launcher{binary, &addressBook{given: map[string]bool{}}}, err
}

// open starts everything in a temporary folder, and sets a reseller up.
func (l *launcher) open(ctx context.Context) (*fixture, error) {
	folder, err := os.MkdirTemp("", "handover-crash-")
	if err != nil {
		return nil, err
	}
	f := &fixture{folder: folder}
	at, err := l.addresses.choose()
	if err == nil {
		err = f.start(ctx, l.binary, at)
	}
	if err != nil {
		return nil, f.close(err)
	}
	return f, nil
}

func (f *fixture) start(ctx context.Context, binary string, at addresses) error {
	sandbox, product, err := at.files(f.folder)
	if err != nil {
		return err
	}
	if err := cluster.MakeSecrets(ctx, binary, f.folder); err != nil {
		return err
	}
	if err := f.startSandbox(ctx, binary, at, sandbox); err != nil {
		return err
	}
	if err := cluster.SetUpNATS(ctx, binary, f.folder, at.nats, "--ack-wait", ackWait); err != nil {
		return err
	}
	f.product = newProduct(ctx, cluster.Command{
		Name: "product", Binary: binary, Folder: f.folder, Log: filepath.Join(f.folder, "product.log"),
		Args: []string{"run", "--config", filepath.Join(f.folder, "product.yaml")},
	}, product, at.product)
	if err := f.product.restart(""); err != nil {
		return err
	}
	if err := f.published.connect(f.folder, at.nats); err != nil {
		return err
	}
	f.reseller, err = journey.Begin(ctx, journey.Target{
		Keys: filepath.Join(f.folder, "keys"), RetryFor: retryFor,
		Addresses: at.book(),
	}, io.Discard)
	if err != nil {
		return err
	}
	return f.reseller.SetUp()
}

func (f *fixture) startSandbox(ctx context.Context, binary string, at addresses, file cluster.File) (err error) {
	configured := filepath.Join(f.folder, "sandbox.yaml")
	if err := file.Write(configured); err != nil {
		return err
	}
	f.sandbox, err = cluster.Launch(context.WithoutCancel(ctx), cluster.Command{ // stopped by close, last
		Name: "sandbox", Binary: binary, Folder: f.folder, Log: filepath.Join(f.folder, "sandbox.log"),
		Args: []string{"run", "--config", configured},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return f.sandbox.Ready(ctx, at.sandbox)
}

// close ends both processes, the sandbox last. What went wrong keeps the folder for a look.
func (f *fixture) close(cause error) error {
	if f.reseller != nil {
		f.reseller.Close()
	}
	f.published.close()
	if f.product != nil {
		cause = errors.Join(cause, f.product.stop())
	}
	if f.sandbox != nil {
		cause = errors.Join(cause, f.sandbox.Stop())
	}
	if cause != nil {
		return fmt.Errorf("%w\nlogs and data: %s", cause, f.folder)
	}
	return os.RemoveAll(f.folder)
}
