package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"

	"example.com/handover/deploy/bench/measure"
)

// describeMachine says what the numbers were taken on, and how busy it was before.
func describeMachine(ctx context.Context, out io.Writer, servers []server, plan measure.Plan) error {
	said := []string{fmt.Sprintf("%d cores, %s, %s/%s", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)}
	for _, s := range servers {
		text, err := s.say(ctx)
		if err != nil {
			return err
		}
		said = append(said, text)
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil { // Linux only
		said = append(said, "load before "+strings.Join(strings.Fields(string(load))[:3], " "))
	}
	_, err := fmt.Fprintf(out, "machine: %s\nplan: %d slices of %s of each side in turn, after a warm-up; median (range)\n\n",
		strings.Join(said, "; "), plan.Slices, plan.Length)
	return err
}

// describePostgres says also how durable it is: without fsync its commits are cheaper than production's.
func describePostgres(ctx context.Context, serverURL string) (string, error) {
	conn, err := pgx.Connect(ctx, serverURL)
	if err != nil {
		return "", fmt.Errorf("PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var version, fsync, commit string
	err = conn.QueryRow(ctx, "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')").
		Scan(&version, &fsync, &commit)
	return fmt.Sprintf("PostgreSQL %s with fsync %s, synchronous_commit %s", version, fsync, commit), err
}
