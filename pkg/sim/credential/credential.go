// Package credential holds the secrets that a simulated party accepts. They can be replaced while it serves, and several
// are good for as long as a replacement takes.
package credential

import (
	"crypto/subtle"
	"slices"
	"sync"
)

// Set has the secrets of each holder. It is safe for concurrent use.
type Set struct {
	mu      sync.RWMutex
	secrets map[string][]string // by holder
}

// NewSet returns a set in which each holder has one secret.
func NewSet(first map[string]string) *Set {
	s := &Set{secrets: map[string][]string{}}
	for holder, secret := range first {
		s.secrets[holder] = []string{secret}
	}
	return s
}

// Replace says which secrets of a holder are good from now on. None: the holder is not known any more.
func (s *Set) Replace(holder string, secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secrets[holder] = slices.Clone(secrets); len(secrets) == 0 {
		delete(s.secrets, holder)
	}
}

// Accepts reports whether a secret of a holder is good.
func (s *Set) Accepts(holder, secret string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.ContainsFunc(s.secrets[holder], func(good string) bool {
		return subtle.ConstantTimeCompare([]byte(good), []byte(secret)) == 1
	})
}

// Holder returns whose secret it is, where the secret itself names its holder, as an access key does.
func (s *Set) Holder(secret string) (holder string, known bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for holder, good := range s.secrets {
		if slices.Contains(good, secret) {
			return holder, true
		}
	}
	return "", false
}

// Has reports whether a holder is known.
func (s *Set) Has(holder string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.secrets[holder]) > 0
}

// Empty reports whether nobody is known.
func (s *Set) Empty() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.secrets) == 0
}
