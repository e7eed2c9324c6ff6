package auth_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/internal/probe"
)

// An issuer's keys are replaced in their file: first the new one is believed beside the old one, then alone.
func TestSigningKeysAreReplaced(t *testing.T) {
	probe.File()
	folders := map[string]string{"old": t.TempDir(), "new": t.TempDir()}
	issuers, keys := map[string]*auth.Issuer{}, map[string][]byte{}
	for name, folder := range folders {
		issuer, err := auth.OpenIssuer(folder)
		text, read := os.ReadFile(filepath.Join(folder, "dev-issuer.pub"))
		if err := errors.Join(err, read); err != nil {
			t.Fatal(err)
		}
		issuers[name], keys[name] = issuer, text
	}
	file := filepath.Join(t.TempDir(), "keys.pem")
	believe := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	believe(keys["old"])
	trust := issuers["old"].Trust()
	trust.PublicKeyFile = config.File(file)
	guard, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{trust}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	believed := errs.Kind(-1)
	kind := func(issuer string) errs.Kind {
		t.Helper()
		token, err := issuers[issuer].Person(auth.Principal{Subject: id.New("sub"), Role: auth.Customer}, time.Hour) // one that is not known yet
		if err != nil {
			t.Fatal(err)
		}
		ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs(auth.HeaderPerson, "Bearer "+token))
		if _, err = guard.Authenticate(ctx, "/x/y"); err == nil {
			return believed
		}
		return errs.KindOf(err)
	}
	for _, step := range []struct {
		keys     []byte
		old, new errs.Kind
	}{
		{keys["old"], believed, errs.Unauthenticated},
		{append(keys["old"], keys["new"]...), believed, believed},
		{keys["new"], errs.Unauthenticated, believed},
		{[]byte("half a k"), errs.Unavailable, errs.Unavailable},
	} {
		believe(step.keys)
		if old, now := kind("old"), kind("new"); old != step.old || now != step.new {
			t.Errorf("with %q: old %v, new %v", step.keys, old, now)
		}
	}
}
