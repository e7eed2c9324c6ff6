package auth_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/internal/probe"
)

// fixture is a development issuer, a guard that trusts it, and the security log that the guard writes.
type fixture struct {
	*testing.T
	issuer *auth.Issuer
	guard  *auth.Guard
	log    *bytes.Buffer
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	probe.File()
	issuer, err := auth.OpenIssuer(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	guard, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{issuer.Trust()}}, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return fixture{t, issuer, guard, log}
}

func (f fixture) person(p auth.Principal) string { return f.personFor(p, time.Hour) }

func (f fixture) personFor(p auth.Principal, ttl time.Duration) string {
	f.Helper()
	token, err := f.issuer.Person(p, ttl)
	if err != nil {
		f.Fatal(err)
	}
	return "Bearer " + token
}

func (f fixture) workload(name string) string {
	f.Helper()
	token, err := f.issuer.Workload(name)(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	return "Bearer " + token
}

// arrive is a call with this metadata as the authenticate link makes it.
func (f fixture) arrive(method string, pairs ...string) (context.Context, error) {
	ctx := metadata.NewIncomingContext(f.Context(), metadata.Pairs(pairs...))
	return f.guard.Authenticate(call.With(ctx, call.Call{ID: "req_1"}), probe.Prefix+method)
}

// decide runs a call through all that the guard decides.
func (f fixture) decide(method, request string, pairs ...string) error {
	ctx, err := f.arrive(method, pairs...)
	if err != nil {
		return err
	}
	if err := f.guard.Admit(ctx, probe.Prefix+method); err != nil {
		return err
	}
	return f.guard.AdmitRequest(ctx, probe.Prefix+method, probe.Request(request), ofPartner1)
}

// ofPartner1 knows two customers of one partner.
func ofPartner1(_ context.Context, customer, partner string) (bool, error) {
	return partner == "par_1" && (customer == "cus_1" || customer == "cus_2"), nil
}
