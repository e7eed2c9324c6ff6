package auth_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

func TestOneKeyForAllProcesses(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	issuers := make([]*auth.Issuer, 16)
	var all sync.WaitGroup
	for i := range issuers {
		all.Go(func() {
			var err error
			if issuers[i], err = auth.OpenIssuer(folder); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	f := newFixture(t)
	guard, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{issuers[0].Trust()}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f.guard = guard
	for i := range issuers {
		f.issuer = issuers[i]
		if _, err := f.arrive("GetThing", auth.HeaderPerson, f.person(auth.Principal{Subject: "anna", Role: auth.Customer})); err != nil {
			t.Errorf("issuer %d has another key: %v", i, err)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 2 {
		t.Errorf("left in the folder: %v (%v), want the two key files", files, err)
	}
	info, err := os.Stat(filepath.Join(folder, "dev-issuer.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v %v, want mode 0600", info, err)
	}
}

func TestPersonsHaveAPersonsRole(t *testing.T) {
	f := newFixture(t)
	for _, p := range []auth.Principal{
		{Subject: "x"}, {Subject: "x", Role: auth.Service}, {Role: auth.Customer}, {Subject: "x", Role: auth.Partner},
	} {
		if _, err := f.issuer.Person(p, time.Hour); err == nil {
			t.Errorf("a token for %+v", p)
		}
	}
}

func TestWorkloadTokensAreRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		source := f.issuer.Workload("orders")
		seen := map[string]bool{}
		for range 24 {
			token, err := source(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			seen[token] = true
			if _, err := f.arrive("GetThing", auth.HeaderWorkload, "Bearer "+token); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Minute)
			if _, err := f.arrive("GetThing", auth.HeaderWorkload, "Bearer "+token); err != nil {
				t.Fatalf("ended within five minutes of its use: %v", err)
			}
		}
		if len(seen) != 3 {
			t.Errorf("%d tokens in two hours, want 3", len(seen))
		}
	})
}

func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	source := auth.TokenFile(path)
	if _, err := source(t.Context()); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("no file: got %v, want UNAVAILABLE", err)
	}
	for content, want := range map[string]string{"abc\n": "abc", "def": "def"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := source(t.Context()); err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}

// A service's own token is signed anew when the clock is set, in either direction: what it kept would be used for as much
// longer, or would have ended.
func TestWorkloadTokensFollowAClockThatIsSet(t *testing.T) {
	issuer, err := auth.OpenIssuer(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	machine, set := clock.Settable()
	issuer.Machine = machine
	config := auth.Config{Issuers: []auth.Trust{issuer.Trust()}, Machine: machine}
	guard, err := auth.NewGuard(t.Context(), config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t)
	f.guard = guard
	source, seen := issuer.Workload("orders"), map[string]bool{}
	for _, by := range []time.Duration{0, -24 * time.Hour, 24 * time.Hour, time.Hour} {
		set(by)
		token, err := source(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if seen[token] {
			t.Errorf("set by %s: an old token is used on", by)
		}
		seen[token] = true
		if _, err := f.arrive("GetThing", auth.HeaderWorkload, "Bearer "+token); errs.KindOf(err) == errs.Unauthenticated {
			t.Errorf("set by %s: %v", by, err)
		}
	}
}
