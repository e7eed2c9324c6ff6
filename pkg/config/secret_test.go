package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"example.com/handover/pkg/config"
)

type login struct {
	Password config.Secret `yaml:"password" doc:"The password."`
	private  config.Secret
}

func TestSecretIsReadFromItsFile(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "password"), "  hunter2\n")
	write(t, filepath.Join(folder, "empty"), " \n")
	tests := []struct {
		name, path, value, problem string
	}{
		{"beside the configuration", "password", "hunter2", ""},
		{"by a full path", filepath.Join(folder, "password"), "hunter2", ""},
		{"none", `""`, "", ""},
		{"missing file", "nothing", "", "cannot be read"},
		{"empty file", "empty", "", "is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(folder, "config.yaml")
			write(t, file, "password: "+tt.path)
			var got login
			err := config.Load(file, &got)
			if tt.problem != "" {
				if err == nil || !strings.Contains(err.Error(), file+":1: password: ") || !strings.Contains(err.Error(), tt.problem) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || got.Password.Value() != tt.value || got.Password.IsSet() != (tt.value != "") {
				t.Errorf("got %q (%v)", got.Password.Value(), err)
			}
		})
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	write(t, file, "hunter2")
	var s config.Secret
	if err := s.UnmarshalText([]byte(file)); err != nil {
		t.Fatal(err)
	}
	outer := login{Password: s, private: s}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "login", outer)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "login", outer)
	asJSON, err1 := json.Marshal(outer)
	asYAML, err2 := yaml.Marshal(outer)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	shown := map[string]string{
		"String": s.String(), "%v": fmt.Sprintf("%v", s), "%+v": fmt.Sprintf("%+v", outer), "%#v": fmt.Sprintf("%#v", outer),
		"%v of a pointer": fmt.Sprintf("%v", &s), "log": log.String(), "JSON": string(asJSON), "YAML": string(asYAML),
	}
	for name, text := range shown {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s shows the secret: %s", name, text)
		}
		if !strings.Contains(text, "(secret from "+file+")") {
			t.Errorf("%s does not say where it is from: %s", name, text)
		}
	}
	if got := (config.Secret{}).String(); got != "(no secret)" {
		t.Errorf("no secret is shown as %q", got)
	}
}

// A secret that is replaced is seen by whoever asks next; while its file is away, the first one holds.
func TestASecretIsReplacedInItsFile(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "password"), "old")
	write(t, filepath.Join(folder, "config.yaml"), "password: password")
	var c login
	if err := config.Load(filepath.Join(folder, "config.yaml"), &c); err != nil {
		t.Fatal(err)
	}
	copied := c
	write(t, filepath.Join(folder, "password"), "new\n")
	if copied.Password.Value() != "new" {
		t.Errorf("got %q", copied.Password.Value())
	}
	if err := os.Remove(filepath.Join(folder, "password")); err != nil {
		t.Fatal(err)
	}
	if c.Password.Value() != "old" {
		t.Errorf("without the file: %q", c.Password.Value())
	}
}
