//go:build processes

package journey_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/sim/ca"
)

// secured is a deployment's folder of secrets, and the database of a PostgreSQL server that lets only holders of a
// certificate and a password in, by TLS.
type secured struct {
	folder string
	admin  *pgx.Conn // to the server, as its superuser
	url    *url.URL  // of the database, as the superuser
	name   string    // of the database, and the beginning of its roles' names

	authority *ca.Authority // that signed at first
}

// secure makes a folder of secrets for a deployment in a folder, and the database that they open.
func secure(t *testing.T, deployment string) *secured {
	t.Helper()
	s := &secured{folder: filepath.Join(deployment, "secrets")}
	must(t, os.MkdirAll(s.folder, 0o700))
	var err error
	s.url, err = url.Parse(database(t))
	must(t, err)
	s.name = strings.TrimPrefix(s.url.Path, "/")
	s.admin, err = pgx.Connect(t.Context(), os.Getenv("HANDOVER_TEST_POSTGRES"))
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
		defer cancel()
		must(t, s.admin.Close(ctx))
	})
	s.authority, err = ca.New("first")
	must(t, err)
	must(t, s.believe(t.Context(), s.authority))
	must(t, s.certify(t.Context(), s.authority))
	must(t, s.restrict(t.Context()))
	return s
}

// believe has everybody believe these authorities, the server of the database too.
func (s *secured) believe(ctx context.Context, authorities ...*ca.Authority) error {
	var all []byte
	for _, a := range authorities {
		all = append(all, a.PEM()...)
	}
	return errors.Join(s.put("ca.crt", all), s.serve(ctx, "handover-ca.crt", all))
}

// certify gives everybody a certificate of the authority.
func (s *secured) certify(ctx context.Context, by *ca.Authority) error {
	for _, name := range append(cluster.Services(), "nats", event.SetUpUser, "database", "postgres") {
		if err := by.Issue(s.folder, name, name, name+".handover.internal", "localhost", "127.0.0.1"); err != nil {
			return err
		}
	}
	for _, end := range []string{".crt", ".key"} {
		text, err := os.ReadFile(filepath.Join(s.folder, "postgres"+end))
		if err == nil {
			err = s.serve(ctx, "handover"+end, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// put replaces a secret in one go.
func (s *secured) put(name string, content []byte) error {
	path := filepath.Join(s.folder, name)
	return errors.Join(os.WriteFile(path+".next", content, 0o600), os.Rename(path+".next", path))
}

// serve writes a file of the server, as its own, and has the server read it.
func (s *secured) serve(ctx context.Context, name string, content []byte) error {
	return s.run(ctx,
		fmt.Sprintf("COPY (SELECT '%s') TO PROGRAM 'umask 077; base64 -d > %s'", base64.StdEncoding.EncodeToString(content), name),
		"SELECT pg_reload_conf()")
}

func (s *secured) run(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := s.admin.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}

// restrict closes the database to everybody without TLS, a certificate and the password of one of its two roles.
func (s *secured) restrict(ctx context.Context) error {
	var rules string
	if err := s.admin.QueryRow(ctx, "SELECT pg_read_file('pg_hba.conf')").Scan(&rules); err != nil {
		return err
	}
	rules = fmt.Sprintf("hostssl %[1]s all all scram-sha-256 clientcert=verify-ca\nhost %[1]s all all reject\n", s.name) + rules
	return errors.Join(
		s.serve(ctx, "pg_hba.conf", []byte(rules)),
		s.run(ctx,
			"ALTER SYSTEM SET ssl_cert_file = 'handover.crt'", "ALTER SYSTEM SET ssl_key_file = 'handover.key'",
			"ALTER SYSTEM SET ssl_ca_file = 'handover-ca.crt'", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()",
			fmt.Sprintf("CREATE ROLE %s_a LOGIN PASSWORD 'first'", s.name),
			fmt.Sprintf("CREATE ROLE %[1]s_b LOGIN PASSWORD 'second' IN ROLE %[1]s_a", s.name),
			fmt.Sprintf("GRANT CREATE ON DATABASE %[1]s TO %[1]s_a", s.name),
		))
}

// as is the URL by which a deployment's processes are that role.
func (s *secured) as(role, password string) string {
	u := *s.url
	u.User = url.UserPassword(s.name+"_"+role, password)
	at := func(name string) string { return filepath.Join(s.folder, name) }
	u.RawQuery = url.Values{
		"sslmode": {"verify-full"}, "sslrootcert": {at("ca.crt")}, "sslcert": {at("database.crt")}, "sslkey": {at("database.key")},
	}.Encode()
	return u.String()
}

// expel ends what the first role has, and returns when nothing is connected as it any more.
func (s *secured) expel(ctx context.Context) error {
	role := s.name + "_a"
	if err := s.run(ctx, fmt.Sprintf("ALTER ROLE %s NOLOGIN", role)); err != nil {
		return err
	}
	for {
		var left int
		err := s.admin.QueryRow(ctx, "SELECT count(*) FROM pg_stat_activity WHERE usename = $1", role).Scan(&left)
		if err != nil || left == 0 {
			return err
		}
		// One at a time, so that whoever meets a connection that is gone finds another for its next try.
		_, err = s.admin.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE usename = $1 AND state = 'idle' ORDER BY state_change LIMIT 1`, role)
		if err == nil {
			err = clock.Machine{}.Wait(ctx, 100*time.Millisecond)
		}
		if err != nil {
			return err
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
