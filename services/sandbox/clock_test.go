package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/services/sandbox"
)

// begins is what every deployment of these tests begins with.
func begins() time.Time { return time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC) }

// deployment is the configuration of a sandbox in a folder of its own.
func deployment(t *testing.T) kit.Config {
	t.Helper()
	c := kit.Loopback(filepath.Join(t.TempDir(), "data"), begins())
	c.Platform.Telemetry.Log.Out = io.Discard
	var address [4]string
	if err := kit.FreeAddresses(&address[0], &address[1], &address[2], &address[3]); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("services: {sandbox: {aws: {listen: '%s'}, servicenow: {listen: '%s'}, mail: {smtp: '%s', http: '%s'}}}",
		address[0], address[1], address[2], address[3])
	if err := config.Decode([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// during starts a deployment, shows its environment to do, and stops it.
func during(t *testing.T, c kit.Config, do func(*kit.Env)) error {
	t.Helper()
	var env *kit.Env
	p, err := kit.Start(t.Context(), c, sandbox.Service().Around(func(_ context.Context, e *kit.Env, setUp func() error) error {
		env = e
		return setUp()
	}))
	if err != nil {
		return err
	}
	do(env)
	return p.Stop()
}

func moved(t *testing.T, to time.Time) func(*kit.Env) {
	return func(e *kit.Env) {
		if err := e.World.SetClock(t.Context(), to); err != nil {
			t.Error(err)
		}
	}
}

// What NATS has of the clock is a copy. Whatever becomes of it, time does not fall back, and no start hangs.
func TestTimeDoesNotFallBackWithNATS(t *testing.T) {
	march, june := begins().AddDate(0, 1, 0), begins().AddDate(0, 4, 0)
	for name, meddle := range map[string]func(t *testing.T, nats, earlier string) error{
		"its folder is lost": func(_ *testing.T, nats, _ string) error { return os.RemoveAll(nats) },
		"its folder is put back from a backup": func(_ *testing.T, nats, earlier string) error {
			return errors.Join(os.RemoveAll(nats), os.CopyFS(nats, os.DirFS(earlier)))
		},
		"its blocks are overwritten": func(_ *testing.T, nats, _ string) error {
			return spoil(nats, "*.blk", func(text []byte) []byte { return []byte(strings.Repeat("x", len(text))) })
		},
		"its blocks are cut": func(_ *testing.T, nats, _ string) error {
			return spoil(nats, "*.blk", func(text []byte) []byte { return text[:len(text)/2] })
		},
		"its blocks are gone": func(_ *testing.T, nats, _ string) error {
			return spoil(nats, "*.blk", func([]byte) []byte { return nil })
		},
		"its index is overwritten": func(_ *testing.T, nats, _ string) error {
			return spoil(nats, "index.db", func(text []byte) []byte { return []byte(strings.Repeat("x", len(text))) })
		},
		"its index and blocks are overwritten": func(_ *testing.T, nats, _ string) error {
			return spoil(nats, "[i1-9]*.[db][bl]*", func(text []byte) []byte { return []byte(strings.Repeat("x", len(text))) })
		},
		"its description is overwritten": func(_ *testing.T, nats, _ string) error {
			return spoil(nats, "meta.inf", func(text []byte) []byte { return []byte(strings.Repeat("x", len(text))) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := deployment(t)
			nats, earlier := filepath.Join(c.Platform.Data, "nats"), filepath.Join(t.TempDir(), "earlier")
			if err := during(t, c, moved(t, march)); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(earlier, os.DirFS(nats)); err != nil {
				t.Fatal(err)
			}
			if err := during(t, c, moved(t, june)); err != nil {
				t.Fatal(err)
			}
			if err := meddle(t, nats, earlier); err != nil {
				t.Fatal(err)
			}
			if err := during(t, c, func(e *kit.Env) {
				if now := e.Business.Now(); !now.Equal(june) {
					t.Errorf("business time is %s, want %s", now, june)
				}
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// spoil changes the files of the clock's stream whose name matches.
func spoil(nats, pattern string, change func([]byte) []byte) error {
	found := 0
	err := filepath.WalkDir(nats, func(path string, entry os.DirEntry, err error) error {
		matches, bad := filepath.Match(pattern, filepath.Base(path))
		if err = errors.Join(err, bad); err != nil || !matches || !strings.Contains(path, "HANDOVER_CLOCK") {
			return err
		}
		found++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, change(text), 0o600)
	})
	if found == 0 {
		return fmt.Errorf("no %s of the clock's stream", pattern)
	}
	return err
}

// A NATS server that comes back without its files meets a sandbox that goes on: whoever starts afterwards stands where
// the others do.
func TestASandboxSetsTheClockOfAnEmptyNATSAgain(t *testing.T) {
	var address string
	if err := kit.FreeAddresses(&address); err != nil {
		t.Fatal(err)
	}
	billing := func(begun func(*kit.Env)) kit.Service {
		return kit.New(kit.Spec[kit.NoConfig]{Name: "billing", Setup: func(_ context.Context, e *kit.Env, _ *kit.NoConfig) error {
			begun(e)
			return nil
		}})
	}
	keys := kittest.NewKeyring(t, sandbox.Service(), billing(nil))
	serve := func() *event.Embedded {
		server, err := event.StartEmbedded(t.TempDir(), event.EmbeddedOptions{Listen: address, File: keys.Accounts.Path()})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	c := deployment(t)
	c.Platform.NATS.URL, c.Platform.NATS.Keys = "nats://"+address, keys.Of("sandbox")
	server := serve()
	june := begins().AddDate(0, 4, 0)
	err := during(t, c, func(e *kit.Env) {
		moved(t, june)(e)
		if err := server.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		server = serve()
		other := kit.Loopback(filepath.Join(t.TempDir(), "other"), begins())
		other.Platform.NATS.URL, other.Platform.NATS.Keys = c.Platform.NATS.URL, keys.Of("billing")
		other.Platform.Clock.Start, other.Platform.Telemetry.Log.Out = "", io.Discard
		p, err := kit.Start(t.Context(), other, billing(func(e *kit.Env) {
			if now := e.Business.Now(); !now.Equal(june) {
				t.Errorf("business time is %s, want %s", now, june)
			}
		}))
		if err == nil {
			err = p.Stop()
		}
		if err != nil {
			t.Error(err)
		}
	})
	if err := errors.Join(err, server.Stop(t.Context())); err != nil {
		t.Fatal(err)
	}
}
