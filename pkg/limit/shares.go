package limit

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// parts is how many owners at least it takes to fill a room.
const parts = 16

// shares hold each owner to a part of a room. What one has is kept while it uses or waits for it.
type shares struct {
	each int64

	mu   sync.Mutex
	open map[string]*share
}

type share struct {
	*semaphore.Weighted
	users int
}

func newShares(room int64) shares { return shares{each: max(1, room/parts), open: map[string]*share{}} }

// enter waits until a size fits into the owner's share; a larger one takes the whole of it.
func (s *shares) enter(ctx context.Context, owner string, size int64) (leave func(), err error) {
	size = min(size, s.each)
	own := s.of(owner)
	if err := own.Acquire(ctx, size); err != nil {
		s.leave(owner, own)
		return nil, err
	}
	return func() { own.Release(size); s.leave(owner, own) }, nil
}

func (s *shares) of(owner string) *share {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.open[owner]
	if own == nil {
		own = &share{Weighted: semaphore.NewWeighted(s.each)}
		s.open[owner] = own
	}
	own.users++
	return own
}

func (s *shares) leave(owner string, own *share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(s.open, owner)
	}
}
