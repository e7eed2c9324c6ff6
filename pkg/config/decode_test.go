package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/config"
)

type settings struct {
	Listen   string            `yaml:"listen" doc:"Address of the server."`
	Lease    config.Duration   `yaml:"lease" doc:"How long a claim is held."`
	Replicas int8              `yaml:"replicas" doc:"How many."`
	Cache    uint              `yaml:"cache" doc:"Size of the cache." unit:"MiB"`
	Ratio    float64           `yaml:"ratio" doc:"Share of the calls that are traced."`
	Debug    bool              `yaml:"debug" doc:"Whether to say more."`
	Regions  []string          `yaml:"regions" doc:"Where it may run."`
	Labels   map[string]string `yaml:"labels" doc:"What is added to each metric."`
	Store    store             `yaml:"store" doc:"The database."`
	TLS      *tls              `yaml:"tls" doc:"Without it, the server speaks plain text."`
	Peers    []peer            `yaml:"peers" doc:"The services it calls."`
	Routes   map[string]peer   `yaml:"routes" doc:"The services by name."`
	Computed func()            `yaml:"-"`
}

type store struct {
	DSN   string          `yaml:"dsn" doc:"Where the database is."`
	Retry config.Duration `yaml:"retry" doc:"How long to wait before the next try."`
}

type tls struct {
	Certificate string `yaml:"certificate" doc:"PEM file."`
}

type peer struct {
	Address string `yaml:"address" doc:"Host and port."`
	Weight  int    `yaml:"weight" doc:"Its share of the calls."`
}

func (p peer) Validate() error {
	if p.Weight < 0 {
		return errors.New("weight must not be negative")
	}
	return nil
}

func (s *store) Validate() error {
	if s.DSN == "" {
		return errors.New("dsn must be given")
	}
	return nil
}

func defaults() settings {
	return settings{
		Listen: ":8080", Lease: config.Duration(time.Minute), Replicas: 2, Ratio: 0.25,
		Regions: []string{"eu", "us"}, Labels: map[string]string{"team": "core"},
		Store: store{"sqlite:x.db", config.Duration(time.Second)},
	}
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name, yaml string
		change     func(*settings)
	}{
		{"nothing", "", func(*settings) {}},
		{"comments only", "# nothing here\n", func(*settings) {}},
		{"an explicit document", "---\nlisten: a\n", func(s *settings) { s.Listen = "a" }},
		{"text", "listen: 127.0.0.1:1", func(s *settings) { s.Listen = "127.0.0.1:1" }},
		{"text that looks like a number", `listen: "012345678901"`, func(s *settings) { s.Listen = "012345678901" }},
		{"text over lines", "listen: |\n  a\n  b\n", func(s *settings) { s.Listen = "a\nb\n" }},
		{"duration", "lease: 1h30m", func(s *settings) { s.Lease = config.Duration(90 * time.Minute) }},
		{"negative number", "replicas: -5", func(s *settings) { s.Replicas = -5 }},
		{"floating number", "ratio: 0.07", func(s *settings) { s.Ratio = 0.07 }},
		{"whole number for a floating one", "ratio: 1", func(s *settings) { s.Ratio = 1 }},
		{"flag", "debug: true", func(s *settings) { s.Debug = true }},
		{"one key of a section keeps the others", "store: {dsn: pg}", func(s *settings) { s.Store.DSN = "pg" }},
		{"a list replaces the default", "regions: [ap]", func(s *settings) { s.Regions = []string{"ap"} }},
		{"an empty list is none", "regions: []", func(s *settings) { s.Regions = nil }},
		{"a map replaces the default", "labels: {a: b}", func(s *settings) { s.Labels = map[string]string{"a": "b"} }},
		{"an optional section", "tls:\n  certificate: x.pem", func(s *settings) { s.TLS = &tls{"x.pem"} }},
		{"a list of sections", "peers:\n- address: a\n- address: b\n  weight: 2", func(s *settings) { s.Peers = []peer{{"a", 0}, {"b", 2}} }},
		{"sections by name", "routes:\n  orders: {address: a}", func(s *settings) { s.Routes = map[string]peer{"orders": {"a", 0}} }},
		{"quoted key", `"listen": a`, func(s *settings) { s.Listen = "a" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := defaults(), defaults()
			tt.change(&want)
			if err := config.Decode([]byte(tt.yaml), &got); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"unknown key", "listen: a\nlistne: b", "line 2: listne: unknown key"},
		{"unknown key in a section", "store:\n  dns: x", "line 2: store.dns: unknown key"},
		{"unknown key in a list", "peers:\n- address: a\n- port: 1", "line 3: peers[1].port: unknown key"},
		{"unknown key in a named section", "routes:\n  orders:\n    port: 1", "line 3: routes.orders.port: unknown key"},
		{"key of a field that is not configured", "Computed: x", "line 1: Computed: unknown key"},
		{"duplicate key", "listen: a\ndebug: true\nlisten: b", "line 3: listen: given twice, first in line 1"},
		{"duplicate key in a map", "labels:\n  a: b\n  a: c", "line 3: labels.a: given twice, first in line 2"},
		{"number for text", "listen: 8080", "line 1: listen: wants text (put it in quotes), not a whole number"},
		{"flag for text", "listen: true", "line 1: listen: wants text (put it in quotes), not true or false"},
		{"text for a number", `replicas: "2"`, "line 1: replicas: wants a whole number of at most 8 bits, not text"},
		{"fraction for a whole number", "replicas: 1.5", "line 1: replicas: wants a whole number of at most 8 bits, not a number"},
		{"too large", "replicas: 128", "line 1: replicas: wants a whole number of at most 8 bits"},
		{"leading zero", "replicas: 012", "line 1: replicas: wants a whole number of at most 8 bits"},
		{"hexadecimal", "replicas: 0x1F", "line 1: replicas: wants a whole number of at most 8 bits"},
		{"negative where it cannot be", "cache: -1", "line 1: cache: wants a whole number from 0"},
		{"not a number", "ratio: .nan", "line 1: ratio: wants a number"},
		{"text for a flag", "debug: yes please", "line 1: debug: wants true or false, not text"},
		{"duration without a unit", "lease: 30", "line 1: lease: wants a duration such as 30s"},
		{"negative duration", "lease: -3s", "line 1: lease: wants a duration such as 30s"},
		{"section for a duration", "lease: {s: 30}", "line 1: lease: wants text, not keys and values"},
		{"text for a section", "store: x", "line 1: store: wants keys and values, not text"},
		{"text for a list", "regions: eu", "line 1: regions: wants a list, not text"},
		{"wrong type in a list", "regions:\n- eu\n- 1", "line 3: regions[1]: wants text"},
		{"key without a value", "listen:\ndebug: true", "line 1: listen: wants text (put it in quotes), not nothing"},
		{"section without a value", "store:", "line 1: store: wants keys and values, not nothing"},
		{"list instead of keys", "- a", "line 1: wants keys and values, not a list"},
		{"anchor", "listen: &a b", "line 1: listen: wants text (put it in quotes), not a YAML anchor"},
		{"second document", "listen: a\n---\nlisten: b", "line 3: a second YAML document"},
		{"broken YAML", "listen: [a", "line 1: "},
		{"tab", "store:\n\tdsn: x", "line 2: "},
		{"broken rule", "debug: true\nstore:\n  dsn: \"\"", "line 2: store: dsn must be given"},
		{"broken rule in a list", "peers:\n- weight: -1", "peers[0]: weight must not be negative"},
		{"broken rule in a map", "routes:\n  orders: {weight: -1}", "line 2: routes.orders: weight must not be negative"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := defaults()
			err := config.Decode([]byte(tt.yaml), &got)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s…", err, tt.want)
			}
		})
	}
}

func TestAllProblemsAreNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "orders.yaml")
	write(t, file, "listen: 1\nlease: x\nstore:\n  dns: y\n")
	got := defaults()
	err := config.Load(file, &got)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{file + ":1: listen: ", file + ":2: lease: ", file + ":4: store.dns: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestLoadNamesTheMissingFile(t *testing.T) {
	got := defaults()
	if err := config.Load("missing.yaml", &got); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "missing.yaml") {
		t.Errorf("got %v", err)
	}
}

func TestWhatCannotBeASchema(t *testing.T) {
	noKey := struct {
		Name string `doc:"A name."`
	}{}
	option := struct {
		Name string `yaml:"name,omitempty" doc:"A name."`
	}{}
	noDoc := struct {
		Name string `yaml:"name"`
	}{}
	channel := struct {
		C chan int `yaml:"c" doc:"A channel."`
	}{}
	tests := []struct {
		name string
		into any
	}{
		{"struct by value", defaults()},
		{"nothing", nil},
		{"pointer to text", new(string)},
		{"field without key", &noKey},
		{"field without description", &noDoc},
		{"field with an option", &option},
		{"field of a type without text form", &channel},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := config.Decode([]byte("c: 1"), tt.into); err == nil {
				t.Error("no error")
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
