package config_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/deploy/forbidden"
	"example.com/handover/deploy/keyring"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/sim/ca"
	"example.com/handover/pkg/tlsfile"
)

// broker is the NATS server of docker-compose.yml on its shipped configuration, in a folder of the test.
type broker struct {
	folder   string
	url      string
	accounts []event.Account
}

// files lays out what the container of NATS sees, and returns the path of its configuration.
func (b *broker) files(t *testing.T) string {
	t.Helper()
	keys := filepath.Join(b.folder, "keys")
	b.accounts = kit.Accounts(slices.Collect(maps.Values(services())))
	must(t, keyring.Make(filepath.Join(keys, "nats"), b.accounts))
	accounts, err := keyring.Fill(filepath.Join(keys, "nats"), b.accounts)
	must(t, err)
	var text bytes.Buffer
	must(t, event.WriteAccounts(&text, accounts))
	must(t, os.WriteFile(filepath.Join(keys, "nats.conf"), text.Bytes(), 0o600))
	authority, err := ca.New("test")
	must(t, err)
	must(t, authority.Issue(keys, "nats", "127.0.0.1"))
	must(t, os.WriteFile(filepath.Join(keys, "ca.crt"), authority.PEM(), 0o600))

	shipped, err := os.ReadFile(filepath.Join(root, "deploy", "docker", "nats.conf"))
	must(t, err)
	for from, to := range map[string]string{
		"port: 4222": "listen: 127.0.0.1:-1", " /keys/nats.crt": " " + keys + "/nats.crt", " /keys/nats.key": " " + keys + "/nats.key",
		" /keys/ca.crt":    " " + keys + "/ca.crt",
		"store_dir: /data": "store_dir: " + filepath.Join(b.folder, "data"),
	} {
		if !bytes.Contains(shipped, []byte(from)) {
			t.Fatalf("nats.conf does not say %q", from)
		}
		shipped = bytes.Replace(shipped, []byte(from), []byte(to), 1)
	}
	path := filepath.Join(b.folder, "etc", "nats", "nats.conf")
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, shipped, 0o600))
	return path
}

func startBroker(t *testing.T) *broker {
	t.Helper()
	b := &broker{folder: t.TempDir()}
	o, err := server.ProcessConfigFile(b.files(t))
	must(t, err)
	if !o.JetStream || !o.SyncAlways || o.TLSConfig == nil {
		t.Fatalf("JetStream %t, always synced %t, TLS %t", o.JetStream, o.SyncAlways, o.TLSConfig != nil)
	}
	o.NoSigs, o.NoLog = true, true
	s, err := server.NewServer(o)
	must(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("the server does not come up")
	}
	b.url = s.ClientURL()
	bus, err := event.Connect(b.url, event.Options{
		User: event.SetUpUser, Key: b.key(event.SetUpUser), TLS: b.tls(), Log: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	defer bus.Close()
	must(t, bus.SetUp(t.Context(), event.Layout{Roles: kit.Roles(slices.Collect(maps.Values(services())))}))
	return b
}

func (b *broker) key(user string) event.Key {
	return event.KeyFile(filepath.Join(b.folder, "keys", "nats", user+".nk"))
}

// tls is what everybody shows and believes here; who somebody is, the key says.
func (b *broker) tls() tlsfile.Files {
	at := func(name string) config.File { return config.File(filepath.Join(b.folder, "keys", name)) }
	return tlsfile.Files{Certificate: at("nats.crt"), Key: at("nats.key"), Authorities: at("ca.crt")}
}

// dial connects as a user, without what the suite does around a connection.
func (b *broker) dial(t *testing.T, user string) *nats.Conn {
	t.Helper()
	public, err := b.key(user).Public()
	must(t, err)
	pair, err := b.key(user)()
	must(t, err)
	conn, err := nats.Connect(b.url, nats.Nkey(public, pair.Sign), nats.RootCAs(b.tls().Authorities.Path()),
		nats.ClientCert(b.tls().Certificate.Path(), b.tls().Key.Path()),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	must(t, err)
	t.Cleanup(conn.Close)
	return conn
}

// Every service tries everything that is not its own, as its own user, on the server that docker-compose.yml ships.
func TestNoServiceReachesWhatIsNotItsOwn(t *testing.T) {
	b := startBroker(t)
	names := slices.Sorted(maps.Keys(services()))
	before := b.state(t, names)
	tried := 0
	refused := func(y forbidden.Subject, conn *nats.Conn) bool {
		no, err := y.Refused(conn)
		must(t, err)
		return no
	}
	for _, me := range names {
		conn := b.dial(t, me)
		if own := (forbidden.Subject{Name: "handover.kit.v1.instance." + me + ".ins_1"}); refused(own, conn) {
			t.Errorf("%s is refused its own %s", me, own.Name)
		}
		for _, y := range forbidden.Subjects(me, append(names, event.SetUpUser)) {
			if tried++; !refused(y, conn) {
				t.Errorf("%s may %s %s", me, map[bool]string{true: "hear", false: "publish on"}[y.Hear], y.Name)
			}
		}
	}
	if after := b.state(t, names); after != before {
		t.Errorf("the streams were\n%s\nand are\n%s", before, after)
	}
	t.Logf("%d services were refused %d subjects", len(names), tried)
}

// state is what the streams hold, as their owners see it.
func (b *broker) state(t *testing.T, names []string) string {
	t.Helper()
	var out strings.Builder
	for _, name := range names {
		if name == "gateway" {
			continue // it has no stream
		}
		js, err := jetstream.New(b.dial(t, name))
		must(t, err)
		stream, err := js.Stream(t.Context(), "HANDOVER_"+strings.ToUpper(name))
		must(t, err)
		state := stream.CachedInfo().State
		fmt.Fprintln(&out, name, state.Msgs, state.LastSeq, state.Consumers)
	}
	return out.String()
}

// What arrives in one service's inbox, no other one hears, although each may listen to its own whole inbox.
func TestNobodyHearsAnothersInbox(t *testing.T) {
	b := startBroker(t)
	names := slices.Sorted(maps.Keys(services()))
	conns, heard := map[string]*nats.Conn{}, map[string]chan *nats.Msg{}
	for _, name := range names {
		conns[name], heard[name] = b.dial(t, name), make(chan *nats.Msg, 100)
		_, err := conns[name].ChanSubscribe("_INBOX.>", heard[name])
		must(t, err)
		must(t, conns[name].Flush())
	}
	for _, name := range names {
		if name == "gateway" {
			continue // it has no stream to ask for
		}
		question := nats.NewMsg("$JS.API.STREAM.INFO.HANDOVER_" + strings.ToUpper(name))
		question.Reply = "_INBOX." + name
		must(t, conns[name].PublishMsg(question))
		select {
		case m := <-heard[name]:
			if m.Subject != question.Reply || !bytes.Contains(m.Data, []byte("HANDOVER_"+strings.ToUpper(name))) {
				t.Errorf("%s heard %s", name, m.Subject)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s got no answer", name)
		}
	}
	for _, name := range names {
		must(t, conns[name].Flush())
		if n := len(heard[name]); n > 0 {
			t.Errorf("%s heard %s", name, (<-heard[name]).Subject)
		}
	}
}

// What the services do need is open: all of it is published, consumed and counted with their own users in every test of
// the suite; here, that the rules name each of them and give a key to nobody who has none.
func TestTheAccountsAreThoseOfTheServices(t *testing.T) {
	b := &broker{folder: t.TempDir()}
	b.files(t)
	var names []string
	for _, a := range b.accounts {
		names = append(names, a.Name)
	}
	slices.Sort(names)
	if want := append(slices.Sorted(maps.Keys(services())), event.SetUpUser); !slices.Equal(names, slices.Sorted(slices.Values(want))) {
		t.Errorf("accounts of %v", names)
	}
	without, err := keyring.Fill(t.TempDir(), b.accounts)
	must(t, err)
	var text strings.Builder
	must(t, event.WriteAccounts(&text, without))
	if strings.Contains(text.String(), "nkey") || strings.Contains(text.String(), "no_auth_user") {
		t.Error("somebody without a key is let in")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
