package kittest

import (
	"io"
	"sync"
)

// sink hands the process's log to its test, and drops what a goroutine still says after the test has ended.
type sink struct {
	mu sync.Mutex
	to io.Writer // nil: closed
}

// Write implements io.Writer.
func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to == nil {
		return len(p), nil
	}
	return s.to.Write(p)
}

func (s *sink) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = nil
}
