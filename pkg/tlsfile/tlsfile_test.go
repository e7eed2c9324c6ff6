package tlsfile_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/sim/ca"
	"example.com/handover/pkg/tlsfile"
)

// side is a folder with a certificate of its own and the authorities that it believes.
type side struct {
	folder string
	log    *bytes.Buffer
	*tlsfile.Source
}

func newAuthority(t *testing.T) *ca.Authority {
	t.Helper()
	a, err := ca.New("test")
	must(t, err)
	return a
}

func newSide(t *testing.T, of *ca.Authority, believes ...*ca.Authority) side {
	t.Helper()
	s := side{folder: t.TempDir(), log: &bytes.Buffer{}}
	s.certify(t, of)
	s.believe(t, believes...)
	file := func(name string) config.File { return config.File(filepath.Join(s.folder, name)) }
	var err error
	s.Source, err = tlsfile.Open(
		tlsfile.Files{Certificate: file("own.crt"), Key: file("own.key"), Authorities: file("authorities.crt")},
		slog.New(slog.NewTextHandler(s.log, nil)),
	)
	must(t, err)
	return s
}

func (s side) certify(t *testing.T, by *ca.Authority) {
	t.Helper()
	must(t, by.Issue(s.folder, "own", "localhost", "127.0.0.1"))
}

func (s side) believe(t *testing.T, authorities ...*ca.Authority) {
	t.Helper()
	var all []byte
	for _, a := range authorities {
		all = append(all, a.PEM()...)
	}
	must(t, os.WriteFile(filepath.Join(s.folder, "authorities.crt"), all, 0o600))
}

// shake has both sides greet each other; name is that of the server as the client knows it.
func shake(t *testing.T, server, client side, name string) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	ours := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			ours <- err
			return
		}
		defer conn.Close()
		ours <- tls.Server(conn, server.Server()).HandshakeContext(t.Context())
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	must(t, err)
	defer conn.Close()
	c := client.Client()
	c.ServerName = name
	if err := tls.Client(conn, c).HandshakeContext(t.Context()); err != nil {
		return err
	}
	return <-ours
}

func TestRotationNeedsNoRestart(t *testing.T) {
	old, next := newAuthority(t), newAuthority(t)
	server, client := newSide(t, old, old), newSide(t, old, old)
	must(t, shake(t, server, client, "localhost"))

	server.believe(t, old, next)
	client.believe(t, old, next)
	must(t, shake(t, server, client, "localhost"))
	server.certify(t, next)
	must(t, shake(t, server, client, "127.0.0.1"))
	client.certify(t, next)
	must(t, shake(t, server, client, "localhost"))
	server.believe(t, next)
	client.believe(t, next)
	must(t, shake(t, server, client, "localhost"))

	client.certify(t, old)
	if err := shake(t, server, client, "localhost"); err == nil {
		t.Error("a client of the authority that is believed no longer was let in")
	}
}

func TestTheOtherSideMustBeBelieved(t *testing.T) {
	ours, foreign := newAuthority(t), newAuthority(t)
	server := newSide(t, ours, ours)
	for name, tt := range map[string]struct {
		client side
		calls  string
		says   func(error) bool
	}{
		"a server of another authority": {newSide(t, ours, foreign), "localhost", isUnknownAuthority},
		"a client of another authority": {newSide(t, foreign, ours), "localhost", isUnknownAuthority},
		"a server of another name":      {newSide(t, ours, ours), "orders.example.com", isWrongName},
	} {
		t.Run(name, func(t *testing.T) {
			if err := shake(t, server, tt.client, tt.calls); err == nil || !tt.says(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func isUnknownAuthority(err error) bool {
	return strings.Contains(err.Error(), x509.UnknownAuthorityError{}.Error())
}

func isWrongName(err error) bool { return strings.Contains(err.Error(), "orders.example.com") }

func TestAFileThatIsBrokenLaterChangesNothing(t *testing.T) {
	a := newAuthority(t)
	server, client := newSide(t, a, a), newSide(t, a, a)
	must(t, os.WriteFile(filepath.Join(server.folder, "own.key"), []byte("half a k"), 0o600))
	must(t, shake(t, server, client, "localhost"))
	if !strings.Contains(server.log.String(), "the former one stays") || strings.Contains(server.log.String(), "half a k") {
		t.Errorf("logged %s", server.log)
	}
	must(t, os.Remove(filepath.Join(client.folder, "authorities.crt")))
	must(t, shake(t, server, client, "localhost"))
}

func TestFilesThatCannotWorkAreRefused(t *testing.T) {
	s := newSide(t, newAuthority(t), newAuthority(t))
	at := func(name string) config.File { return config.File(filepath.Join(s.folder, name)) }
	for name, tt := range map[string]struct {
		files tlsfile.Files
		says  string
	}{
		"a certificate without its key": {tlsfile.Files{Certificate: at("own.crt")}, "its key"},
		"a file that is not there":      {tlsfile.Files{Authorities: at("none")}, "none"},
		"authorities that are a key":    {tlsfile.Files{Authorities: at("own.key")}, "no certificate"},
		"a key for a certificate":       {tlsfile.Files{Certificate: at("own.key"), Key: at("own.key")}, "own.key"},
	} {
		if _, err := tlsfile.Open(tt.files, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
