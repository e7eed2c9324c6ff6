package config_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"example.com/handover/pkg/config"
)

type platform struct {
	Issuer   issuer                    `yaml:"issuer"`
	Services map[string]config.Section `yaml:"services" doc:"One section per service."`
}

type issuer struct {
	Trust `yaml:",inline"`
	Width int `yaml:"width" doc:"How wide."`
}

// Trust is embedded, with its keys and its rule.
type Trust struct {
	Issuers []string `yaml:"issuers" doc:"Whose tokens are believed."`
	Strict  bool     `yaml:"strict" doc:"Whether somebody must be trusted."`
}

func (t Trust) Validate() error {
	if t.Strict && len(t.Issuers) == 0 {
		return errors.New("nobody is trusted")
	}
	return nil
}

func TestSectionIsDecodedLater(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "suite.yaml")
	write(t, filepath.Join(folder, "password"), "hunter2")
	write(
		t, file,
		"services:\n  orders:\n    dsn: pg\n  login:\n    password: password\n  wrong:\n    dns: x\n    retry: 1\n  rule:\n    dsn: \"\"\n",
	)
	var p platform
	if err := config.Load(file, &p); err != nil {
		t.Fatal(err)
	}

	orders := defaults().Store
	if err := p.Services["orders"].Decode(&orders); err != nil || orders.DSN != "pg" || orders.Retry != defaults().Store.Retry {
		t.Errorf("got %+v (%v)", orders, err)
	}
	var user login
	if err := p.Services["login"].Decode(&user); err != nil || user.Password.Value() != "hunter2" {
		t.Errorf("a secret beside the file: got %q (%v)", user.Password.Value(), err)
	}
	tests := map[string]string{
		"wrong": file + ":7: services.wrong.dns: unknown key\n" + file + ":8: services.wrong.retry: wants a duration such as 30s, 5m or 1h30m",
		"rule":  file + ": services.rule: dsn must be given",
	}
	for name, want := range tests {
		other := defaults().Store
		if err := p.Services[name].Decode(&other); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}

	absent := p.Services["absent"]
	if absent.IsSet() || !p.Services["orders"].IsSet() {
		t.Error("sections do not know whether they are set")
	}
	kept := defaults().Store
	if err := absent.Decode(&kept); err != nil || kept != defaults().Store {
		t.Errorf("an absent section changed the defaults: %+v (%v)", kept, err)
	}
	if err := absent.Decode(&store{}); err == nil {
		t.Error("an absent section is not validated")
	}
	if err := absent.Decode(store{}); err == nil {
		t.Error("a struct by value is filled")
	}
}

func TestSectionMustHaveKeys(t *testing.T) {
	var p platform
	err := config.Decode([]byte("services:\n  orders: 1"), &p)
	if want := "line 2: services.orders: wants keys and values, not a whole number"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestEmbeddedKeys(t *testing.T) {
	var p platform
	if err := config.Decode([]byte("issuer: {issuers: [a], width: 2, strict: true}"), &p); err != nil {
		t.Fatal(err)
	}
	want := issuer{Trust: Trust{Issuers: []string{"a"}, Strict: true}, Width: 2}
	if !reflect.DeepEqual(p.Issuer, want) {
		t.Errorf("got %+v", p.Issuer)
	}
	err := config.Decode([]byte("issuer:\n  issuers: []"), &p)
	if err == nil || strings.Count(err.Error(), "nobody is trusted") != 1 || !strings.HasPrefix(err.Error(), "line 1: issuer: ") {
		t.Errorf("its rule must be checked once: %v", err)
	}
}

func TestReferenceOfSections(t *testing.T) {
	var out bytes.Buffer
	if err := config.Reference(&out, platform{}); err != nil {
		t.Fatal(err)
	}
	want := `issuer:
  # Whose tokens are believed. (list of: text)
  issuers: []
  # Whether somebody must be trusted. (true or false)
  strict: false
  # How wide. (whole number)
  width: 0

# One section per service. (by name: section of its own)
services: {}
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	var back platform
	if err := config.Decode(out.Bytes(), &back); err != nil || !reflect.DeepEqual(back, platform{}) {
		t.Errorf("read back as %+v (%v)", back, err)
	}
}
