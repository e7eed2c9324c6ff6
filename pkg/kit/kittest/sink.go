package kittest

import (
	"bytes"
	"io"
	"sync"

	"example.com/handover/pkg/text/catalog"
)

// sink hands the process's log to its test, and drops what a goroutine still says after the test has ended.
type sink struct {
	mu sync.Mutex
	to io.Writer // nil: closed

	gaps []string // lines about texts that could not be said
}

// Write implements io.Writer.
func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to == nil {
		return len(p), nil
	}
	if bytes.Contains(p, []byte(catalog.Gap)) {
		s.gaps = append(s.gaps, string(p))
	}
	return s.to.Write(p)
}

// close returns the gaps that were seen.
func (s *sink) close() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = nil
	return s.gaps
}
