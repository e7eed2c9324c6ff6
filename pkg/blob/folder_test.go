package blob_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/clock"
)

func TestFolder(t *testing.T) {
	conformance(t, func(t *testing.T) blob.Store { return openFolder(t, filepath.Join(t.TempDir(), "blobs")) })
}

func TestFolderKeepsBlobsOverRestart(t *testing.T) {
	dir := t.TempDir()
	first := openFolder(t, dir)
	put(t, first, "evidence", "a/b", "content")
	leftover, writing := filepath.Join(dir, ".incoming", "put_half"), filepath.Join(dir, ".incoming", "put_other")
	yesterday := clock.Machine{}.Now().Time().AddDate(0, 0, -1)
	err := errors.Join(
		os.WriteFile(leftover, []byte("text/plain\nhal"), 0o600), os.Chtimes(leftover, yesterday, yesterday),
		os.WriteFile(writing, []byte("text/plain\nhal"), 0o600), first.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	second := openFolder(t, dir)
	if got := read(t, second, "evidence", "a/b"); got != "content" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(leftover); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was half written is still there: %v", err)
	}
	if _, err := os.Stat(writing); err != nil {
		t.Errorf("what another process writes is gone: %v", err)
	}
}

func TestFolderIsNotLeftThroughALink(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "a~")
	if err := errors.Join(
		os.WriteFile(secret, []byte("text/plain\nsecret"), 0o600), os.Symlink(outside, filepath.Join(dir, "evidence")),
	); err != nil {
		t.Fatal(err)
	}
	s := openFolder(t, dir)
	if b, err := s.Get(t.Context(), "evidence", "a"); err == nil {
		_ = b.Content.Close()
		t.Error("read a file outside of the folder")
	}
	if err := s.Delete(t.Context(), "evidence", "a"); err == nil {
		t.Error("deleted a file outside of the folder")
	}
	if _, err := os.Stat(secret); err != nil {
		t.Error(err)
	}
}

func openFolder(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	s, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
