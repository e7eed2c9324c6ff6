package config_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/config"
)

func TestReferenceText(t *testing.T) {
	s := defaults()
	s.Labels = nil
	s.Peers = []peer{{"a:1", 1}}
	want := `# Address of the server. (text)
listen: :8080

# How long a claim is held. (duration: 30s, 5m, 1h30m)
lease: 1m

# How many. (whole number)
replicas: 2

# Size of the cache. (whole number, MiB)
cache: 0

# Share of the calls that are traced. (number)
ratio: 0.25

# Whether to say more. (true or false)
debug: false

# Where it may run. (list of: text)
regions:
  - eu
  - us

# What is added to each metric. (by name: text)
labels: {}

# The database.
store:
  # Where the database is. (text)
  dsn: sqlite:x.db
  # How long to wait before the next try. (duration: 30s, 5m, 1h30m)
  retry: 1s

# Without it, the server speaks plain text. (optional)
# tls:
#   # PEM file. (text)
#   certificate: ""

# The services it calls. (list of: section)
peers:
  -
    # Host and port. (text)
    address: a:1
    # Its share of the calls. (whole number)
    weight: 1

# The services by name. (by name: section)
routes: {}
# name:
#   # Host and port. (text)
#   address: ""
#   # Its share of the calls. (whole number)
#   weight: 0
`
	if got := reference(t, s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReferenceReadsBack(t *testing.T) {
	full := defaults()
	full.TLS = &tls{"x.pem"}
	full.Peers = []peer{{"a", 1}, {"b: #", 2}}
	full.Routes = map[string]peer{"orders": {"a", 1}, "10": {"b", 0}, "a: b": {}}
	for name, in := range map[string]settings{"defaults": defaults(), "everything": full} {
		t.Run(name, func(t *testing.T) {
			var out settings
			if err := config.Decode([]byte(reference(t, in)), &out); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(out, in) {
				t.Errorf("got %+v, want %+v", out, in)
			}
		})
	}
}

func TestReferenceReadsBackAnyText(t *testing.T) {
	type words struct {
		One  string            `yaml:"one" doc:"A word."`
		Many []string          `yaml:"many" doc:"Words."`
		By   map[string]string `yaml:"by" doc:"Words by words."`
	}
	awkward := []string{
		"", "true", "null", "~", "012", "1e3", ".inf", "2026-03", "- a", "a: b", "a #b", "#", "'", `"`, `\`,
		"[", "{}", "<<", "&a", "*a", "!x", "|", "%", "a\nb", "\ttab", " space ", "---", "...", "?",
		":", "a:", "=", "0x1F", "1_000", "é", "yes", "No", "+1", "1:30",
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[ -~]{0,12}`), rapid.StringN(0, 8, -1))
		in := words{
			One:  word.Draw(t, "one"),
			Many: rapid.SliceOfN(word, 1, 3).Draw(t, "many"),
			By:   rapid.MapOfN(word, word, 1, 3).Draw(t, "by"),
		}
		text, out := reference(t, in), words{}
		if err := config.Decode([]byte(text), &out); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if !reflect.DeepEqual(out, in) {
			t.Fatalf("got %q, want %q, from\n%s", out, in, text)
		}
	})
}

func TestReferenceShowsTheFileOfASecret(t *testing.T) {
	folder := t.TempDir()
	secret := filepath.Join(folder, "password")
	write(t, secret, "hunter2")
	var in, out login
	if err := in.Password.UnmarshalText([]byte(secret)); err != nil {
		t.Fatal(err)
	}
	text := reference(t, in)
	if strings.Contains(text, "hunter2") || !strings.Contains(text, "password: "+secret) {
		t.Errorf("got %s", text)
	}
	if err := config.Decode([]byte(text), &out); err != nil || out.Password.Value() != "hunter2" {
		t.Errorf("read back as %q (%v)", out.Password.Value(), err)
	}
}

func TestReferenceWrapsLongDescriptions(t *testing.T) {
	type long struct {
		Wait config.Duration `yaml:"wait" doc:"A description that is so long that nobody wants to read it in one line of a file, and which therefore goes on in a second one."`
	}
	text := reference(t, long{config.Duration(time.Second)})
	for line := range strings.Lines(text) {
		if len(line) > 102 {
			t.Errorf("%d characters: %s", len(line), line)
		}
	}
	if strings.Count(text, "\n# ") != 1 {
		t.Errorf("got %s", text)
	}
}

func TestReferenceRefuses(t *testing.T) {
	type undocumented struct {
		Name string `yaml:"name"`
	}
	type channel struct {
		C chan int `yaml:"c" doc:"A channel."`
	}
	for _, v := range []any{nil, "text", undocumented{}, channel{}} {
		t.Run(fmt.Sprintf("%T", v), func(t *testing.T) {
			if err := config.Reference(&bytes.Buffer{}, v); err == nil {
				t.Error("no error")
			}
		})
	}
}

type failer interface {
	Helper()
	Fatal(args ...any)
}

func reference(t failer, v any) string {
	t.Helper()
	var out bytes.Buffer
	if err := config.Reference(&out, v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
