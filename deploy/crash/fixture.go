package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/clock"
)

// fixture is a running suite and the world around it. Each round has one of its own, so that all begin on the same day in
// the same state, and a round that is played again sees what it saw.
type fixture struct {
	*launcher
	folder    string
	url       string // of PostgreSQL; "": there is none
	database  string // folder of PostgreSQL; "": there is none
	at        addresses
	members   []*member // in the order in which they are started
	published published
	reseller  *journey.Life // that sells to the customer
	died      func(*member)
}

// retryFor is how long a caller repeats a call whose service is being started again.
const retryFor = 3 * time.Minute

// launcher starts fixtures.
type launcher struct {
	binary    string // the all-in-one's
	self      string // this program's
	addresses *addressBook
	postgres  postgreSQL
}

func newLauncher(binary string) (*launcher, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	return &launcher{binary: binary, self: self, addresses: &addressBook{given: map[string]bool{}}}, err
}

// plan says what a fixture is.
type plan struct {
	shape  shape
	twice  string        // service of which there are two processes
	before func(*member) // before a member starts for the first time
	died   func(*member) // after each of its ends
}

// open starts everything in a temporary folder, and sets a reseller up.
func (l *launcher) open(ctx context.Context, p plan) (*fixture, error) {
	folder, err := os.MkdirTemp("", "handover-crash-")
	if err != nil {
		return nil, err
	}
	f := &fixture{launcher: l, folder: folder, died: p.died}
	if f.at, err = l.addresses.choose(p.shape.parts(p.twice)); err == nil {
		err = f.start(ctx, p)
	}
	if err != nil {
		return nil, f.close(err)
	}
	return f, nil
}

func (f *fixture) start(ctx context.Context, p plan) error {
	if err := cluster.MakeSecrets(ctx, f.binary, f.folder); err != nil {
		return err
	}
	if err := f.recruit(ctx, p); err != nil {
		return err
	}
	around, suite := f.around(), f.suite()
	if err := startAll(ctx, around); err != nil {
		return err
	}
	if err := cluster.SetUpNATS(ctx, f.binary, f.folder, f.at.nats, "--ack-wait", ackWait); err != nil {
		return err
	}
	if err := startAll(ctx, []*member{f.member("sandbox")}); err != nil {
		return err
	}
	if err := startAll(ctx, suite); err != nil {
		return err
	}
	if err := f.published.connect(f.folder, f.at.nats); err != nil {
		return err
	}
	var err error
	f.reseller, err = journey.Begin(ctx, journey.Target{
		Keys: filepath.Join(f.folder, "keys"), RetryFor: retryFor,
		Addresses: f.at.book(),
	}, io.Discard)
	if err != nil {
		return err
	}
	return f.reseller.SetUp()
}

// recruit makes the members, none of which runs yet.
func (f *fixture) recruit(ctx context.Context, p plan) error {
	database := ""
	if p.shape == separate {
		url, folder, m, err := f.postgres.serve(ctx, f.at.postgres, f.log("postgres"))
		f.url, f.database = url, folder
		if err != nil {
			return err
		}
		f.members, database = append(f.members, m), filepath.Join(f.folder, "postgresql")
		if err := os.WriteFile(database, []byte(url), 0o600); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(f.folder, "link"), []byte("links of this fixture, and of no other one"), 0o600); err != nil {
		return err
	}
	f.members = append(f.members, &member{
		name: "nats", ready: listening(f.at.nats), command: cluster.Command{
			Name: "nats", Binary: f.self, Folder: f.folder, Log: f.log("nats"),
			Args: []string{"nats", "--listen", f.at.nats, "--data", filepath.Join(f.folder, "streams"), "--secrets", f.folder},
		},
	})
	file, err := f.at.sandboxFile(f.folder)
	if err != nil {
		return err
	}
	f.members = append(f.members, f.configured("sandbox", f.at.sandbox, file))
	for _, part := range f.at.parts {
		file, err := f.at.partFile(f.folder, part, database)
		if err != nil {
			return err
		}
		f.members = append(f.members, f.configured(part.name, part.grpc, file))
	}
	for _, m := range f.members {
		m.ctx, m.died = context.WithoutCancel(ctx), p.died
		if p.before != nil {
			p.before(m)
		}
	}
	return nil
}

func (f *fixture) log(name string) string { return filepath.Join(f.folder, name+".log") }

// configured is a process of the all-in-one's binary.
func (f *fixture) configured(name, address string, file cluster.File) *member {
	path := filepath.Join(f.folder, name+".yaml")
	return &member{
		name: name, command: cluster.Command{
			Name: name, Binary: f.binary, Folder: f.folder, Log: f.log(name), Args: []string{"run", "--config", path},
		},
		ready: func(ctx context.Context, p *cluster.Process) error { return p.Ready(ctx, address) },
		before: func(probe string) error {
			file.Remove("platform.faults")
			if key, at, set := strings.Cut(probe, " "); set {
				file.Set("platform.faults."+key, at)
			}
			return file.Write(path)
		},
	}
}

// around are what the sandbox and the suite need; suite are the suite's processes.
func (f *fixture) around() []*member {
	return f.members[:slices.IndexFunc(f.members, func(m *member) bool { return m.name == "sandbox" })]
}
func (f *fixture) suite() []*member { return slices.Clone(f.members[len(f.around())+1:]) }

func (f *fixture) member(name string) *member {
	return f.members[slices.IndexFunc(f.members, func(m *member) bool { return m.name == name })]
}

// suiteServes waits until every process of the suite is ready again.
func (f *fixture) suiteServes(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, errors.New("the suite is not ready again"))
	defer cancel()
	for _, m := range f.suite() {
		for !m.serves.Load() {
			if (clock.Machine{}).Wait(ctx, pollPause) != nil {
				return errors.Join(context.Cause(ctx), f.state())
			}
		}
	}
	return nil
}

// startAll starts members at once.
func startAll(ctx context.Context, members []*member) error {
	return each(members, func(m *member) error { return m.start(ctx) })
}

func each(members []*member, do func(*member) error) error {
	found := make(chan error)
	for _, m := range members {
		go func() { found <- do(m) }()
	}
	var all []error
	for range members {
		all = append(all, <-found)
	}
	return errors.Join(all...)
}

// deaths are the ends of those that may have been about to do something, without a warning. NATS is told of what has
// happened, and does nothing itself.
func (f *fixture) deaths() (n int) {
	for _, m := range f.members {
		if kills, _ := m.ends(); m.name != "nats" {
			n += kills
		}
	}
	return n
}

// ends are all of them.
func (f *fixture) ends() (n int) {
	for _, m := range f.members {
		kills, stops := m.ends()
		n += kills + stops
	}
	return n
}

// state is what is wrong with the members.
func (f *fixture) state() error {
	var all []error
	for _, m := range f.members {
		all = append(all, m.state())
	}
	return errors.Join(all...)
}

// close ends every process, in the other order than they were started. What went wrong keeps the folder for a look.
func (f *fixture) close(cause error) error {
	if f.reseller != nil {
		f.reseller.Close()
	}
	f.published.close()
	if len(f.members) > len(f.at.parts) {
		cause = errors.Join(cause, each(f.suite(), (*member).stop))
		f.members = append(f.around(), f.member("sandbox"))
	}
	for _, m := range slices.Backward(f.members) {
		cause = errors.Join(cause, m.stop())
	}
	if f.database != "" {
		cause = errors.Join(cause, os.RemoveAll(f.database))
	}
	if cause != nil {
		return fmt.Errorf("%w\nlogs and data: %s", cause, f.folder)
	}
	return os.RemoveAll(f.folder)
}
