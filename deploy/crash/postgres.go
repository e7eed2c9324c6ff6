package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/clock"
)

const pollPause = 20 * time.Millisecond

// postgreSQL makes servers: each fixture has one of its own, so that it can be killed. They are copies of a database
// folder that is made once.
type postgreSQL struct {
	programs string
	as       *syscall.Credential // as root: the user postgres, for PostgreSQL refuses to run as root
	template string
}

// installed returns the folder of the newest PostgreSQL's programs; "": there is none.
func installed() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	if len(found) > 0 {
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return versionOf(a) - versionOf(b) }))
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return ""
	}
	return filepath.Dir(path)
}

func versionOf(initdb string) int {
	v, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // 0: older than every number
	return v
}

func (p *postgreSQL) prepare(ctx context.Context) (err error) {
	p.programs = installed()
	if os.Geteuid() == 0 {
		if p.as, err = accountOf("postgres"); err != nil {
			return err
		}
	}
	if p.template, err = p.folder(); err != nil {
		return err
	}
	return p.run(ctx, filepath.Join(p.programs, "initdb"), "-D", filepath.Join(p.template, "data"), "-U", "handover", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
}

func accountOf(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	gid, errGroup := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err, errGroup)
}

// folder makes a folder of the server's user.
func (p *postgreSQL) folder() (string, error) {
	folder, err := os.MkdirTemp("", "handover-crash-postgres-")
	if err == nil && p.as != nil {
		err = os.Chown(folder, int(p.as.Uid), int(p.as.Gid))
	}
	return folder, err
}

func (p *postgreSQL) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.SysProcAttr, cmd.Dir = &syscall.SysProcAttr{Credential: p.as}, p.template
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, out)
	}
	return nil
}

// serve returns a server's URL and its process, which is not started yet. What a commit has said is in the operating
// system's hands: it outlives the server, and not the machine, which is as much as a kill of processes can show.
func (p *postgreSQL) serve(ctx context.Context, address, log string) (url, folder string, m *member, err error) {
	if folder, err = p.folder(); err != nil {
		return "", "", nil, err
	}
	data := filepath.Join(folder, "data")
	if err := p.run(ctx, "cp", "-a", filepath.Join(p.template, "data"), data); err != nil {
		return "", folder, nil, err
	}
	_, port, err := net.SplitHostPort(address)
	url = "postgres://handover@" + address + "/postgres?sslmode=disable"
	return url, folder, &member{
		name: "postgres", lenient: true,
		command: cluster.Command{
			Name: "postgres", Binary: filepath.Join(p.programs, "postgres"), Folder: folder, Log: log, As: p.as,
			Args: []string{
				"-D", data, "-p", port, "-h", "127.0.0.1", "-k", "", "-c", "fsync=off", "-c", "max_connections=300", "-c", "shared_buffers=32MB",
			},
		},
		ready: func(ctx context.Context, p *cluster.Process) error { return answers(ctx, p, url) },
	}, err
}

// answers waits until the server takes statements.
func answers(ctx context.Context, p *cluster.Process, url string) error {
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-p.Done():
			return errors.Join(err, p.Err())
		default:
		}
		if (clock.Machine{}).Wait(ctx, pollPause) != nil {
			return err
		}
	}
}

func (p *postgreSQL) remove() error {
	if p.template == "" {
		return nil
	}
	return os.RemoveAll(p.template)
}
