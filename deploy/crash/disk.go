package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/clock"
)

// refuseWrites has the disk refuse under a process that runs, until the suite says that it is not ready; then it wants the
// suite to be ready again by itself, as soon as the disk takes writes.
func (r *round) refuseWrites(ctx context.Context, f *fixture) error {
	refuse, accept := f.fillDisk, f.freeDisk
	if r.kill.act == readOnly {
		refuse, accept = f.denyWrites, f.allowWrites
	}
	if err := refuse(ctx); err != nil {
		return err
	}
	said := f.says(ctx, grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	if err := errors.Join(said, accept(ctx)); err != nil {
		return err
	}
	return f.says(ctx, grpc_health_v1.HealthCheckResponse_SERVING)
}

// fillDisk has every file of the suite refuse to grow and to be written: with EFBIG, where a full disk says ENOSPC and one that
// has become read-only EROFS. What is beyond a write is not tried: files can still be made empty, cut and removed. In exchange
// it needs no rights and works on every Linux.
func (f *fixture) fillDisk(context.Context) error { return f.limitFiles(0) }
func (f *fixture) freeDisk(context.Context) error { return f.limitFiles(unix.RLIM_INFINITY) }

func (f *fixture) limitFiles(bytes uint64) error {
	var all []error
	for _, m := range f.suite() {
		var now unix.Rlimit
		err := unix.Prlimit(m.pid(), unix.RLIMIT_FSIZE, nil, &now)
		if err == nil {
			err = unix.Prlimit(m.pid(), unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: min(bytes, now.Max), Max: now.Max}, nil)
		}
		if err != nil {
			all = append(all, fmt.Errorf("limit the files of %s: %w", m.name, err))
		}
	}
	return errors.Join(all...)
}

// denyWrites makes PostgreSQL read-only, as a replica is that has not taken over yet.
func (f *fixture) denyWrites(ctx context.Context) error  { return f.setReadOnly(ctx, "on") }
func (f *fixture) allowWrites(ctx context.Context) error { return f.setReadOnly(ctx, "off") }

func (f *fixture) setReadOnly(ctx context.Context, value string) error {
	conn, err := pgx.Connect(ctx, f.url)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"ALTER SYSTEM SET default_transaction_read_only = " + value, "SELECT pg_reload_conf()",
	} {
		_, failed := conn.Exec(ctx, statement)
		err = errors.Join(err, failed)
	}
	return errors.Join(err, conn.Close(ctx))
}

// says waits until every process of the suite says that it is, or is not, ready.
func (f *fixture) says(ctx context.Context, want grpc_health_v1.HealthCheckResponse_ServingStatus) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("the suite does not say that it is %s", want))
	defer cancel()
	for _, p := range f.at.parts {
		if err := says(ctx, p.grpc, want); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func says(ctx context.Context, address string, want grpc_health_v1.HealthCheckResponse_ServingStatus) error {
	conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is lost with it
	for {
		resp, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		if err == nil && resp.GetStatus() == want {
			return nil
		}
		if (clock.Machine{}).Wait(ctx, 50*time.Millisecond) != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
}
