package limit

import (
	"sync"

	"example.com/handover/pkg/errs"
)

// Streams counts the streams that are open: of each key, and in all.
type Streams struct {
	each, all int

	mu    sync.Mutex
	open  map[string]int
	total int
}

// NewStreams takes so many streams of each key at once, and so many in all.
func NewStreams(each, all int) *Streams {
	return &Streams{each: each, all: all, open: map[string]int{}}
}

// Enter counts one more until leave is called, once. It fails with STREAMS_EXHAUSTED.
func (s *Streams) Enter(key string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.open[key] >= s.each:
		return nil, errs.New(errs.Exhausted, "STREAMS_EXHAUSTED", "you have %d streams open; end one first", s.open[key])
	case s.total >= s.all:
		return nil, errs.New(errs.Exhausted, "STREAMS_EXHAUSTED", "this replica has no room for another stream; try again later")
	}
	s.open[key]++
	s.total++
	return func() { s.leave(key) }, nil
}

func (s *Streams) leave(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total--
	if s.open[key]--; s.open[key] == 0 {
		delete(s.open, key)
	}
}
