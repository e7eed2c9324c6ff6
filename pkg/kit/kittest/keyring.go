package kittest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

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
	err := event.MakeKeys(r.folder, accounts)
	if err == nil {
		accounts, err = event.WithKeys(r.folder, accounts)
	}
	var text bytes.Buffer
	if err == nil {
		err = event.WriteAccounts(&text, accounts)
	}
	if err == nil {
		err = os.WriteFile(r.Accounts.Path(), text.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatalf("keys: %v", err)
	}
	return r
}

// Of is where the keys of these services lie, for platform.nats.keys.
func (r Keyring) Of(services ...string) map[string]config.File {
	keys := map[string]config.File{}
	for _, s := range services {
		keys[s] = config.File(filepath.Join(r.folder, s+".nk"))
	}
	return keys
}
