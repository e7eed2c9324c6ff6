//go:build processes

package journey_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/nats-io/nkeys"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/sim/ca"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// rotation replaces everything by which the processes of a deployment know each other, a step at a time.
type rotation struct {
	*secured
	old, next *ca.Authority
	signs     string            // folder of the key that signs tokens next
	seeds     map[string][]byte // of NATS, by user
	outside   *journey.Life     // by which the parties outside are told what to accept
	binary    string            // of the all-in-one
}

// steps are those of the runbook: what comes is believed before anybody shows it, what goes is forgotten at last.
func (r *rotation) steps() []func(context.Context) error {
	return []func(context.Context) error{
		func(ctx context.Context) error { return r.believe(ctx, r.old, r.next) },
		func(context.Context) error { return r.signers(r.folder, r.signs) },
		r.newSeeds,
		func(ctx context.Context) error { return r.certify(ctx, r.next) },
		func(context.Context) error { return r.put("postgresql", []byte(r.as("b", "second"))) },
		func(ctx context.Context) error { return r.admit(ctx, "first", "second") },
		func(context.Context) error { return r.show("second") },
		func(ctx context.Context) error { return r.admit(ctx, "second") },
		r.useSeeds,
		r.expel,
		r.forgetSeeds,
		func(ctx context.Context) error { return r.believe(ctx, r.next) },
	}
}

// rotate takes a step whenever the journey begins one.
func (r *rotation) rotate(ctx context.Context, begun <-chan struct{}) error {
	for i, step := range r.steps() {
		select {
		case <-begun:
		case <-ctx.Done():
			return fmt.Errorf("step %d: %w", i, ctx.Err())
		}
		if err := step(ctx); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return nil
}

// admit has AWS, ServiceNow and the mail server accept these secrets of the suite, and no others.
func (r *rotation) admit(ctx context.Context, secrets ...string) error {
	var keys []string
	for _, s := range secrets {
		keys = append(keys, accessKey(s))
	}
	return errors.Join(
		journey.SetCredentials(ctx, r.outside, sandboxv1.OutsideParty_OUTSIDE_PARTY_AWS, "999988887777", keys...),
		journey.SetCredentials(ctx, r.outside, sandboxv1.OutsideParty_OUTSIDE_PARTY_SERVICENOW, "handover", secrets...),
		journey.SetCredentials(ctx, r.outside, sandboxv1.OutsideParty_OUTSIDE_PARTY_MAIL, "handover", secrets...),
	)
}

// accessKey is an access key id that goes with a secret.
func accessKey(secret string) string { return "AKIA" + fmt.Sprintf("%016X", []byte(secret))[:16] }

// show has the suite show this secret outside.
func (s *secured) show(secret string) error {
	return errors.Join(
		s.put("servicenow", []byte(secret)), s.put("smtp", []byte(secret)),
		s.put("aws", fmt.Appendf(nil, "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", accessKey(secret), secret)),
	)
}

// outward configures the services with the files that show writes, and what the simulated parties accept at first.
func (s *secured) outward(t *testing.T) map[string]any {
	must(t, s.show("first"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(s.folder, "aws"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	settings := map[string]any{
		"services.sandbox.aws.key": accessKey("first"), "services.sandbox.servicenow.password": "first",
		"services.sandbox.mail.user": "handover", "services.sandbox.mail.password": "first",
		"services.support.servicenow.password": filepath.Join(s.folder, "servicenow"),
		"services.notifications.smtp.username": "handover",
		"services.notifications.smtp.password": filepath.Join(s.folder, "smtp"),
	}
	for _, service := range []string{"accounttransfer", "billing"} {
		settings["services."+service+".aws.static_access_key"] = ""
	}
	return settings
}

// signers has everybody believe the tokens that the keys of these folders sign.
func (r *rotation) signers(folders ...string) error {
	var all []byte
	for _, folder := range folders {
		text, err := os.ReadFile(filepath.Join(folder, "dev-issuer.pub"))
		if err != nil {
			return err
		}
		all = append(all, text...)
	}
	return r.put("dev-issuer.pub", all)
}

func (r *rotation) seed(user, end string) string { return filepath.Join("nats", user+end) }

// newSeeds has NATS know a second key of everybody.
func (r *rotation) newSeeds(ctx context.Context) error {
	for _, user := range cluster.Services() {
		pair, err := nkeys.CreateUser()
		if err != nil {
			return err
		}
		public, err := pair.PublicKey()
		if err != nil {
			return err
		}
		if r.seeds[user], err = pair.Seed(); err != nil {
			return err
		}
		if err := r.put(r.seed(user, ".next.pub"), []byte(public)); err != nil {
			return err
		}
	}
	return r.accounts(ctx)
}

// useSeeds gives everybody its second key. NATS still knows the first.
func (r *rotation) useSeeds(context.Context) error {
	for _, user := range cluster.Services() {
		public, err := event.KeyFile(filepath.Join(r.folder, r.seed(user, ".nk"))).Public()
		if err == nil {
			err = errors.Join(
				r.put(r.seed(user, ".old.pub"), []byte(public)), r.put(r.seed(user, ".nk"), r.seeds[user]),
				os.Remove(filepath.Join(r.folder, r.seed(user, ".next.pub"))))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetSeeds has NATS disconnect whoever came with its first key.
func (r *rotation) forgetSeeds(ctx context.Context) error {
	for _, user := range cluster.Services() {
		if err := os.Remove(filepath.Join(r.folder, r.seed(user, ".old.pub"))); err != nil {
			return err
		}
	}
	return r.accounts(ctx)
}

// accounts writes what the NATS server has to know; it sees the change by itself.
func (r *rotation) accounts(ctx context.Context) error {
	text, err := exec.CommandContext(ctx, r.binary, "nats-config", filepath.Join(r.folder, "nats")).Output()
	if err != nil {
		return err
	}
	return r.put("nats.conf", text)
}

// pacing is where a journey tells its steps. With each, the next step of a rotation begins beside it.
type pacing struct {
	io.Writer
	begun chan struct{}
}

// Write implements io.Writer.
func (p pacing) Write(line []byte) (int, error) {
	if bytes.HasPrefix(line, []byte("—")) {
		select {
		case p.begun <- struct{}{}:
		default: // the last one is still under way
		}
	}
	return p.Writer.Write(line)
}

// playUntil plays lives until a rotation is done, and at least once: a step of it may outlast any number of theirs.
func playUntil(t *testing.T, done <-chan error, target journey.Target, out io.Writer) error {
	for {
		if err := journey.PlayVariants(t.Context(), target, out); err != nil {
			return err
		}
		select {
		case err := <-done:
			return err
		default:
		}
	}
}

// Certificates, authorities, the keys of NATS, the role and password of PostgreSQL, the key that signs tokens, and what AWS,
// ServiceNow and the mail server know the suite by are replaced while lives are played over separate processes with TLS
// everywhere. No call of theirs fails, and what they count from outside (invitations, mails, invoices) is there once.
func TestAJourneyDoesNotNoticeARotation(t *testing.T) {
	binaries, err := cluster.Build(t.Context(), t.TempDir())
	must(t, err)
	folder := t.TempDir()
	r := &rotation{secured: secure(t, folder), signs: t.TempDir(), seeds: map[string][]byte{}, binary: binaries["suite"]}
	r.old = r.authority
	r.next, err = ca.New("second")
	must(t, err)
	_, err = auth.OpenIssuer(r.signs)
	must(t, err)
	target := start(t, folder, cluster.Shape{Binaries: binaries, Replicas: 1, PostgreSQL: r.as("a", "first"), Settings: r.outward(t)})
	r.outside, err = journey.Begin(t.Context(), target, t.Output())
	must(t, err)
	t.Cleanup(r.outside.Close)

	out := pacing{t.Output(), make(chan struct{}, 1)}
	done := make(chan error, 1)
	go func() { done <- r.rotate(t.Context(), out.begun) }()
	must(t, journey.Play(t.Context(), target, out))
	target.Keys = r.signs // who signs in now gets a token of the new key
	must(t, playUntil(t, done, target, out))

	must(t, r.signers(r.signs))
	must(t, journey.PlayVariants(t.Context(), target, t.Output())) // with nothing of what was
	var plain, old int
	must(t, r.admin.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE NOT ssl), count(*) FILTER (WHERE usename = $2)
		FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE datname = $1`, r.name, r.name+"_a").Scan(&plain, &old))
	if plain > 0 || old > 0 {
		t.Errorf("%d connections to PostgreSQL without TLS, %d as the first role", plain, old)
	}
}
