package event_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nkeys"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/sim/ca"
	"example.com/handover/pkg/tlsfile"
)

// credentials is a folder with the keys of the users, the accounts that the server knows, and certificates.
type credentials struct{ folder string }

func (c credentials) at(name string) string { return filepath.Join(c.folder, name) }

// files are those of either side.
func (c credentials) files() tlsfile.Files {
	file := func(name string) config.File { return config.File(c.at(name)) }
	return tlsfile.Files{Certificate: file("nats.crt"), Key: file("nats.key"), Authorities: file("ca.crt")}
}

// renew writes a new seed for a user and returns its public part.
func (c credentials) renew(t *testing.T, user string) string {
	t.Helper()
	pair, err := nkeys.CreateUser()
	must(t, err)
	seed, err := pair.Seed()
	must(t, err)
	must(t, os.WriteFile(c.at(user+".nk"), seed, 0o600))
	public, err := pair.PublicKey()
	must(t, err)
	return public
}

// accept has the server accept these public keys, and no others.
func (c credentials) accept(t *testing.T, public map[string][]string) {
	t.Helper()
	accounts := event.Accounts(roles())
	for i := range accounts {
		accounts[i].Users[0].Keys = public[accounts[i].Name]
	}
	var text bytes.Buffer
	must(t, event.WriteAccounts(&text, accounts))
	must(t, os.WriteFile(c.at("next.conf"), text.Bytes(), 0o600))
	must(t, os.Rename(c.at("next.conf"), c.at("accounts.conf"))) // never half a file
}

// certify gives the server a certificate of an authority and has everybody believe these.
func (c credentials) certify(t *testing.T, by *ca.Authority, believed ...*ca.Authority) {
	t.Helper()
	var all []byte
	for _, a := range believed {
		all = append(all, a.PEM()...)
	}
	must(t, os.WriteFile(c.at("ca.crt"), all, 0o600))
	must(t, by.Issue(c.folder, "nats", "127.0.0.1"))
}

// Keys, certificates and authorities are replaced while events are relayed and consumed; nobody is started again, and
// nothing is lost or doubled.
func TestCredentialsRotateWithoutARestart(t *testing.T) {
	c := credentials{t.TempDir()}
	old, next := newAuthority(t), newAuthority(t)
	c.certify(t, old, old)
	users := []string{"orders", "accounttransfer", event.SetUpUser}
	first, k := map[string][]string{}, keys{}
	for _, u := range users {
		first[u], k[u] = []string{c.renew(t, u)}, event.KeyFile(c.at(u+".nk"))
	}
	c.accept(t, first)
	server := startServerWith(t, t.TempDir(), event.EmbeddedOptions{
		Listen: "127.0.0.1:0", File: c.at("accounts.conf"),
		TLS: c.files(),
	})
	bus := k.connect(t, at(server.URL()), event.Options{TLS: c.files()})
	bus.setUp(t, layout())
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	startRelay(t, bus, orders, event.RelayOptions{})
	o := eager()
	o.AckWait = time.Second // what was on its way when a connection broke comes again after this
	startConsumer(t, bus, transfers, subscription(record), o)
	total := 0
	more := func() {
		t.Helper()
		for range 5 {
			orders.create(t, "new")
			total++
		}
		eventually(t, "every order has its effect", func() bool { return len(transfers.effects(t)) == total })
	}
	more()

	both, second := map[string][]string{}, map[string][]string{}
	for _, u := range users {
		second[u] = []string{c.renew(t, u)}
		both[u] = append(second[u], first[u]...)
	}
	c.accept(t, both) // the new keys are known before the old ones are forgotten
	c.certify(t, old, old, next)
	more()
	c.certify(t, next, old, next)
	c.accept(t, second) // whoever has an old key is disconnected, and comes back with what its file holds
	reconnected(t, bus)
	more()
	c.certify(t, next, next)
	more()
	bus.setUp(t, layout())
}

// reconnected waits until everybody has come back.
func reconnected(t *testing.T, all buses) {
	t.Helper()
	for name, bus := range all {
		eventually(t, name+" has come back", func() bool { return bus.Conn().Stats().Reconnects > 0 && bus.Ready() == nil })
	}
}

func newAuthority(t *testing.T) *ca.Authority {
	t.Helper()
	a, err := ca.New("test")
	must(t, err)
	return a
}

// Who has no certificate of a believed authority is not let in, and no server of another one is believed.
func TestTLSOfNATSChecksBothSides(t *testing.T) {
	ours, foreign := credentials{t.TempDir()}, credentials{t.TempDir()}
	a := newAuthority(t)
	ours.certify(t, a, a)
	foreign.certify(t, newAuthority(t), a)
	k := newKeys(t)
	for name, tt := range map[string]struct {
		server, client tlsfile.Files
		in             bool
	}{
		"both believed":                {ours.files(), ours.files(), true},
		"a client without certificate": {ours.files(), tlsfile.Files{Authorities: ours.files().Authorities}, false},
		"a foreign client":             {ours.files(), foreign.files(), false},
		"a foreign server":             {foreign.files(), ours.files(), false},
		"a server without TLS":         {tlsfile.Files{}, ours.files(), false},
		"a client without TLS":         {ours.files(), tlsfile.Files{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServerWith(t, t.TempDir(), event.EmbeddedOptions{Listen: "127.0.0.1:0", Accounts: k.accounts(t), TLS: tt.server})
			failed := make(failures, 1000)
			log := slog.New(slog.NewTextHandler(failed, &slog.HandlerOptions{Level: slog.LevelDebug}))
			bus, err := event.Connect(server.URL(), event.Options{User: "orders", Key: k["orders"], TLS: tt.client, Log: log})
			must(t, err)
			defer bus.Close()
			if tt.in {
				eventually(t, "it is let in", func() bool { return bus.Ready() == nil })
				return
			}
			take(t, failed, 2) // also the second attempt
			if bus.Ready() == nil {
				t.Error("it was let in")
			}
		})
	}
}

// failures hears of each attempt to connect that failed.
type failures chan struct{}

func (f failures) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("not connected")) {
		f <- struct{}{}
	}
	return len(line), nil
}
