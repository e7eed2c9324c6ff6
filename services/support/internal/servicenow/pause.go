package servicenow

import (
	"sync"
	"time"

	"example.com/handover/pkg/clock"
)

const longestPause = time.Hour // limits are by the hour

// pause keeps a process from asking an instance that has asked it to wait. The limit is one for all its calls.
type pause struct {
	machine clock.Machine

	mu   sync.Mutex
	over clock.Instant
}

func (p *pause) now() clock.Instant { return p.machine.Now() }

func (p *pause) until(at clock.Instant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = max(p.over, at)
}

// left is zero when the pause is over.
func (p *pause) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.over.Sub(p.now())
	if left > longestPause { // the clock has been set back since
		return 0
	}
	return max(left, 0)
}
