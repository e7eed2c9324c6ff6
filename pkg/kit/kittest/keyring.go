package kittest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nkeys"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/kit"
)

// Keyring is a folder with the keys of services, for a test whose processes share a NATS server.
type Keyring struct {
	folder   string
	Accounts config.File // what the server has to know
}

// NewKeyring makes a key for each service.
func NewKeyring(t testing.TB, services ...kit.Service) Keyring {
	t.Helper()
	r := Keyring{folder: t.TempDir()}
	r.Accounts = config.File(filepath.Join(r.folder, "accounts.conf"))
	accounts := kit.Accounts(services)
	for i, a := range accounts {
		accounts[i].Users[0].Keys = []string{r.add(t, a.Name)}
	}
	var text bytes.Buffer
	err := event.WriteAccounts(&text, accounts)
	if err == nil {
		err = os.WriteFile(r.Accounts.Path(), text.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatalf("keys: %v", err)
	}
	return r
}

// add makes a user's key, and returns its public part.
func (r Keyring) add(t testing.TB, user string) string {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := pair.Seed()
	public, unknown := pair.PublicKey()
	if err := errors.Join(err, unknown, os.WriteFile(filepath.Join(r.folder, user+".nk"), seed, 0o600)); err != nil {
		t.Fatal(err)
	}
	return public
}

// Of is where the keys of these services lie, for platform.nats.keys.
func (r Keyring) Of(services ...string) map[string]config.File {
	keys := map[string]config.File{}
	for _, s := range services {
		keys[s] = config.File(filepath.Join(r.folder, s+".nk"))
	}
	return keys
}
