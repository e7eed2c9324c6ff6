package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"example.com/handover/pkg/config"
)

func TestAFileIsFoundBesideTheConfiguration(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "c.yaml")
	text := "near: keys/a\nfar: /etc/keys/b\nmany: {one: c}\nnone: ''\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var c struct {
		Near config.File            `yaml:"near" doc:"beside it"`
		Far  config.File            `yaml:"far" doc:"elsewhere"`
		Many map[string]config.File `yaml:"many" doc:"several"`
		None config.File            `yaml:"none" doc:"no file"`
	}
	if err := config.Load(path, &c); err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		c.Near.Path(): filepath.Join(folder, "keys", "a"), c.Far.Path(): "/etc/keys/b", c.Many["one"].Path(): filepath.Join(folder, "c"),
		c.None.Path(): "",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
