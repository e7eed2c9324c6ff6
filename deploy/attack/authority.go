package main

import (
	"crypto/tls"
	"errors"
	"os"
	"path/filepath"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/ca"
)

// life is how long a certificate is good; a negative one is over.
const life = time.Hour

// authority signs certificates as the suite's own would, expired ones too, or as somebody else's does.
type authority struct {
	folder string
	signs  *ca.Authority
}

// newAuthority writes ca.crt into a folder.
func newAuthority(folder string) (*authority, error) {
	signs, err := ca.New("attack")
	if err != nil {
		return nil, err
	}
	a := &authority{folder, signs}
	return a, errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(a.path("ca.crt"), signs.PEM(), 0o600))
}

// issue writes name.crt and name.key, with the service's DNS name.
func (a *authority) issue(name string, left time.Duration) error {
	return a.signs.IssueUntil(clock.Machine{}.Now().Time().Add(left), a.folder, name, name+".handover.internal", "127.0.0.1")
}

func (a *authority) path(name string) string { return filepath.Join(a.folder, name) }

// pair reads a certificate with its key from a folder.
func pair(folder, name string) (tls.Certificate, error) {
	return tls.LoadX509KeyPair(filepath.Join(folder, name+".crt"), filepath.Join(folder, name+".key"))
}
