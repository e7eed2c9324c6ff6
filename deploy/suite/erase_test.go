package main

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/kit"
)

// TestErasedPersonIsNowhereButWhereLawKeepsIt plays a life to its first invoice and has its person erased. Then every
// byte that the suite has written, in databases, streams, files and logs, is searched for the name and the address.
func TestErasedPersonIsNowhereButWhereLawKeepsIt(t *testing.T) {
	folder := t.TempDir()
	cfg, err := journey.AllInOne(folder)
	if err != nil {
		t.Fatal(err)
	}
	log := &lines{}
	cfg.Platform.Telemetry.Log.Level, cfg.Platform.Telemetry.Log.Out = slog.LevelDebug, log
	p, err := kit.Start(t.Context(), cfg, services()...)
	if err != nil {
		t.Fatal(err)
	}
	target := journey.Target{
		Keys: cfg.Platform.Auth.Development, Addresses: journey.Everywhere(p.GRPCAddress()), Gateways: []string{p.HTTPAddress()},
	}
	words, erase, err := journey.PlayPerson(t.Context(), target, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if found := search(t, cfg.Platform.Data, words); !found["orders"] || !found["sandbox"] || !found["billing"] {
		t.Fatalf("before, the search finds %v: it would prove nothing", found)
	}
	if err := erase(); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	found := search(t, cfg.Platform.Data, words)
	delete(found, "billing") // issued invoices say whom they were addressed to
	delete(found, "sandbox") // the mailbox is the world outside
	if len(found) > 0 {
		t.Errorf("still found in %v", found)
	}
	for _, word := range words {
		for _, line := range log.with(word) {
			t.Errorf("in the log: %s", line)
		}
	}
}

// search returns the services in whose folders one of the words stands.
func search(t *testing.T, folder string, words []string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		service, _, _ := strings.Cut(relative, string(filepath.Separator))
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				found[service] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// lines keeps what is logged.
type lines struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.Write(p)
}

// with returns the lines that hold a word.
func (l *lines) with(word string) (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.kept.String()) {
		if strings.Contains(line, word) {
			found = append(found, line)
		}
	}
	return found
}
