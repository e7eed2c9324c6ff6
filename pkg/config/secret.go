package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Secret is a value that stands in a file of its own; the configuration holds only that file's path. However it is
// printed, logged or encoded, it shows the path and never the value. The zero Secret is none.
type Secret struct {
	path   string
	folder string  // relative paths begin here
	value  *string // as first read: a pointer, for fmt prints the strings inside unexported fields of an outer struct
}

// Value returns what the file holds now, without the white space around it: whoever asks at each use sees a secret that was
// replaced. While the file cannot be read it is what it was at first; "" when no secret is configured.
func (s Secret) Value() string {
	if s.value == nil {
		return ""
	}
	if now, err := s.read(); err == nil {
		return now
	}
	return *s.value
}

// IsSet reports whether a file was named.
func (s Secret) IsSet() bool { return s.path != "" }

func (s Secret) String() string {
	if s.path == "" {
		return "(no secret)"
	}
	return "(secret from " + s.path + ")"
}

// GoString is String: %#v shows no secret either.
func (s Secret) GoString() string { return s.String() }

// LogValue is String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, for JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML is String, for YAML.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// UnmarshalText takes a path and reads the file. No path means no secret; an empty file is an error.
func (s *Secret) UnmarshalText(path []byte) error {
	*s = Secret{path: string(path), folder: s.folder}
	if s.path == "" {
		return nil
	}
	value, err := s.read()
	s.value = &value
	return err
}

func (s Secret) read() (string, error) {
	file := s.path
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.folder, file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("the secret's file cannot be read: %w", err)
	}
	value := strings.TrimSpace(string(data))
	if value == "" {
		return "", fmt.Errorf("the secret's file %s is empty", file)
	}
	return value, nil
}
