package link_test

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.com/handover/services/orders/internal/link"
)

func signer(t *testing.T, key string) *link.Signer {
	t.Helper()
	s, err := link.NewSigner(strings.Repeat(key, link.MinKey))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sent() link.Named {
	return link.Named{OrderID: "ord_0dm3v0000000000000000000vv", Number: 3, ExpiresAt: time.Date(2026, 3, 2, 9, 0, 0, 1000, time.UTC)}
}

// accepted is what the contract takes as a token.
var accepted = regexp.MustCompile(`^[0-9A-Za-z_-]{20,200}$`)

func TestTokenIsReadBack(t *testing.T) {
	s := signer(t, "k")
	token := s.Token(sent())
	if got, err := s.Read(token); err != nil || got != sent() {
		t.Errorf("got %+v, %v", got, err)
	}
	if !accepted.MatchString(token) || s.Token(sent()) != token {
		t.Errorf("token %q", token)
	}
}

// TestForgedTokens: no byte of a token can be changed, and no token is good under another key.
func TestForgedTokens(t *testing.T) {
	s := signer(t, "k")
	token := s.Token(sent())
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		raw[i] ^= 1
		if _, err := s.Read(base64.RawURLEncoding.EncodeToString(raw)); !errors.Is(err, link.ErrForged) {
			t.Errorf("byte %d may be changed: %v", i, err)
		}
		raw[i] ^= 1
	}
	last := sent()
	last.Number++
	for name, wrong := range map[string]string{
		"another key": signer(t, "q").Token(sent()), "shorter": token[:len(token)-1], "longer": token + "A",
		"nothing": "", "no base64": strings.Repeat("!", len(token)), "padded": token + "==", "nothing signed": token[:50],
		"one signature on another link": s.Token(last)[:51] + token[51:],
	} {
		if _, err := s.Read(wrong); !errors.Is(err, link.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysThatCanBeGuessedAreRefused(t *testing.T) {
	if _, err := link.NewSigner(strings.Repeat("k", link.MinKey-1)); err == nil {
		t.Error("a short key is taken")
	}
}

func TestKeyIsMadeOnce(t *testing.T) {
	folder := t.TempDir()
	first, err := link.OpenKey(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := link.NewSigner(first); err != nil {
		t.Error(err)
	}
	if again, err := link.OpenKey(folder); err != nil || again != first {
		t.Errorf("got another key, %v", err)
	}
	if other, err := link.OpenKey(t.TempDir()); err != nil || other == first {
		t.Errorf("two deployments have one key, %v", err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("left behind: %v, %v", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
}
