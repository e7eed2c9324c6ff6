package cluster

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"example.com/handover/deploy/config"
)

// File is a shipped configuration file that is adapted to a test: other ports and folders, and what the test is about.
type File struct{ content map[string]any }

// ShippedFile opens a file of deploy/config by its path there.
func ShippedFile(path string) (File, error) {
	text, err := config.Files().ReadFile(path)
	if err != nil {
		return File{}, err
	}
	f := File{content: map[string]any{}}
	if err := yaml.Unmarshal(text, &f.content); err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Set gives a key its value; the key is a path with dots: "platform.nats.url".
func (f File) Set(key string, value any) {
	parent, last := f.at(key)
	parent[last] = value
}

// Remove takes a key away, so that its default holds.
func (f File) Remove(key string) {
	parent, last := f.at(key)
	delete(parent, last)
}

// at returns the map that holds a key, and the key's last part.
func (f File) at(key string) (map[string]any, string) {
	parts := strings.Split(key, ".")
	at := f.content
	for _, part := range parts[:len(parts)-1] {
		inner, ok := at[part].(map[string]any)
		if !ok {
			inner = map[string]any{}
			at[part] = inner
		}
		at = inner
	}
	return at, parts[len(parts)-1]
}

// Write writes the file, for its owner alone.
func (f File) Write(path string) error {
	text, err := yaml.Marshal(f.content)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
