package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/alecthomas/kong"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
)

// figures are what can be measured, in the order of the table.
func figures() []figure {
	return []figure{
		{"submit", (*bench).submit},
		{"downstream", (*bench).downstream},
		{"latency", (*bench).latency},
		{"events", (*bench).events},
		{"gateway", (*bench).gateway},
		{"claim", (*bench).claim},
		{"lists", (*bench).lists},
		{"billing", (*bench).billing},
		{"mail", (*bench).mail},
		{"stored", (*bench).stored},
		{"looks", (*bench).looks},
		{"steps", (*bench).steps},
	}
}

// figure is one part of the measurement.
type figure struct {
	name    string
	measure func(*bench, context.Context) error
}

// command is the command line.
type command struct {
	Slices     int           `help:"Slices of each side; one more warms." default:"5"`
	Length     time.Duration `help:"Length of a slice." default:"2s"`
	Only       []string      `help:"Measure these only: submit, downstream, latency, events, gateway, claim, lists, billing, mail, stored, looks, steps." placeholder:"NAME"`
	NoPostgres bool          `help:"Leave the PostgreSQL half out."`
	Postgres   string        `help:"URL of a PostgreSQL server on which scratch databases may be made and dropped." env:"HANDOVER_TEST_POSTGRES"`
	Transfers  int           `help:"Transfers that wait in the figure looks." default:"1000"`
	Temporal   string        `help:"Temporal's server for the figure steps, as make bin/temporal builds it." type:"path" default:"bin/temporal"`
	Profile    string        `help:"Write a CPU profile of the run here, for go tool pprof." type:"path" placeholder:"FILE"`
	Quick      bool          `help:"One short slice of everything: shows that it runs, measures nothing."`
}

func run(args []string, out, complaints io.Writer) int {
	return kit.Program{Name: "bench", Out: out, Complaints: complaints}.Run(args, &command{})
}

// Run measures what was asked for and prints the table.
func (c command) Run(ctx context.Context, out io.Writer) error {
	chosen, err := c.chosen()
	if err != nil {
		return err
	}
	b, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := describeMachine(ctx, out, b.servers, b.plan); err != nil {
		return errors.Join(err, b.close(ctx))
	}
	if err := b.profile(c.Profile); err != nil {
		return errors.Join(err, b.close(ctx))
	}
	began := clock.Machine{}.Now()
	for _, f := range chosen {
		if err := f.measure(b, ctx); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", f.name, err), b.close(ctx))
		}
	}
	if err := errors.Join(measure.Print(out, b.results), b.close(ctx)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "measured in %s\n", clock.Machine{}.Now().Sub(began).Round(time.Second))
	return err
}

// Validate is called by kong.
func (c command) Validate(*kong.Context) error {
	switch {
	case c.Slices < 1 || c.Length <= 0 || c.Transfers < 1:
		return errors.New("--slices, --length and --transfers must be positive")
	case c.NoPostgres || c.Postgres != "":
		return nil
	}
	return errors.New("no PostgreSQL: run under .ci/postgres, set HANDOVER_TEST_POSTGRES, or leave that half out with --no-postgres")
}

func (c command) chosen() ([]figure, error) {
	all := figures()
	for _, name := range c.Only {
		if !slices.ContainsFunc(all, func(f figure) bool { return f.name == name }) {
			return nil, fmt.Errorf("--only: there is no figure %q", name)
		}
	}
	return slices.DeleteFunc(all, func(f figure) bool { return len(c.Only) > 0 && !slices.Contains(c.Only, f.name) }), nil
}

func (c command) open(ctx context.Context) (*bench, error) {
	folder, err := os.MkdirTemp("", "handover-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{folder: folder, temporal: c.Temporal, plan: measure.Plan{Slices: c.Slices, Length: c.Length}, size: full(c.Transfers)}
	if c.Quick {
		b.plan, b.size = measure.Plan{Slices: 1, Length: 300 * time.Millisecond}, quick()
	}
	b.defers(func(context.Context) error { return os.RemoveAll(folder) })
	b.servers = []server{b.sqlite()}
	if !c.NoPostgres {
		b.servers = append(b.servers, b.postgres(c.Postgres))
	}
	return b, ctx.Err()
}

// profile writes where the processor's time goes, until the end of the run.
func (b *bench) profile(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	b.defers(func(context.Context) error {
		pprof.StopCPUProfile()
		return file.Close()
	})
	return pprof.StartCPUProfile(file)
}
