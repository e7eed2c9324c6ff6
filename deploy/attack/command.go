package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
)

// flags say what is attacked.
type flags struct {
	Shape    string `help:"all-in-one, separate or both." enum:"all-in-one,separate,both" default:"both"`
	Only     string `help:"Make the attempts whose names contain this."`
	Handover string `help:"Path of the all-in-one's binary." default:"bin/handover" type:"existingfile"`
}

// attemptLimit ends an attempt that does not end by itself.
const attemptLimit = 5 * time.Minute

func run(args []string, out, complaints io.Writer) int {
	return kit.Program{Name: "attack", Out: out, Complaints: complaints}.Run(args, &flags{})
}

// Run makes every attempt against every shape that was asked for.
func (f flags) Run(ctx context.Context, out io.Writer) error {
	began, failed := clock.Machine{}.Now(), 0
	for _, s := range shapes() {
		if f.Shape != "both" && f.Shape != s.name {
			continue
		}
		n, err := attack(ctx, f, s, out)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		failed += n
	}
	_, _ = fmt.Fprintf(out, "attack: %d FAILED, %s\n", failed, clock.Machine{}.Now().Sub(began).Round(time.Second))
	if failed > 0 {
		return errors.New("somebody got in")
	}
	return nil
}

// attack makes all attempts against one shape, and returns how many kinds of them got in.
func attack(ctx context.Context, f flags, s shape, out io.Writer) (failed int, err error) {
	folder, err := os.MkdirTemp("", "handover-attack-")
	if err != nil {
		return 0, err
	}
	t, err := s.start(ctx, f.Handover, folder)
	if err != nil {
		return 0, fmt.Errorf("%w (logs: %s)", err, folder)
	}
	defer func() {
		keep := failed > 0 || err != nil
		if err = errors.Join(err, t.close(keep)); keep {
			_, _ = fmt.Fprintln(out, "logs and data:", folder)
		}
	}()
	_, _ = fmt.Fprintf(out, "%s, %d processes\n", s.name, len(t.pids))
	for _, one := range attempts() {
		if !strings.Contains(one.name, f.Only) {
			continue
		}
		o := newOutcome()
		limited, cancel := context.WithTimeout(ctx, attemptLimit)
		if err := one.make(limited, t, o); err != nil {
			o.gotIn("it could not be tried: %v", err)
		}
		if _, err := t.world.own.person.Order(limited, t.world.own.order); err != nil { // what ends everybody's calls is no limit
			o.gotIn("afterwards an honest caller is not served: %v", err)
		}
		cancel()
		if ctx.Err() != nil {
			return failed, ctx.Err()
		}
		if !o.show(out, one.name) {
			failed++
		}
	}
	return failed, nil
}

// attempt is one kind of attack.
type attempt struct {
	name string
	make func(context.Context, *target, *outcome) error
}

func attempts() []attempt {
	return []attempt{
		{"listeners: only those that are configured, on loopback", listeners},
		{"NATS: no credentials, or foreign ones", strangersOnNATS},
		{"NATS: subjects of other services", foreignSubjects},
		{"NATS: forged events", forgedEvents},
		{"TLS: plain text against its listeners", plainText},
		{"TLS: certificates of others", foreignCertificates},
		{"TLS: a certificate and a token that differ", mismatch},
		{"settings: a sandbox's in production", sandboxSettings},
		{"load: metadata of 12 MiB", largeMetadata},
		{"load: slow bodies and idle connections", slowCallers},
		{"load: slow bodies of one customer", slowCustomer},
		{"load: streams of one connection", manyStreams},
		{"streams: 10,000 watches of one token", manyWatches},
		{"streams: a watch beyond its token", watchBeyondToken},
		{"power: services call what the contract does not name them for", foreignVerbs},
		{"power: the sandbox by who has no right to it", sandboxVerbs},
		{"power: a fault that kills a foreign process", killForeign},
		{"leaks: a stored answer after the customer is lost", storedAnswer},
		{"leaks: who is a customer, by validate_only", oracle},
		{"leaks: claims by other spellings", spelledClaims},
		{"leaks: a partner with a list of customers", partnerList},
		{"leaks: NUL in every text of every method", nul},
		{"leaks: names that deceive", names},
		{"leaks: foreign and missing ids are told apart", foreignOrMissing},
	}
}
