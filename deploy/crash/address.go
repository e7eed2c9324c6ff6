package main

import (
	"sync"

	"example.com/handover/pkg/kit"
)

// addressBook gives each address once: fixtures stand side by side, and not all that was given is listened to yet.
type addressBook struct {
	mu    sync.Mutex
	given map[string]bool
}

func (b *addressBook) choose(parts []*part) (a addresses, err error) {
	a.parts = parts
	all := append(a.listeners.All(), &a.nats, &a.postgres, &a.sandbox, &a.http)
	for _, p := range parts {
		all = append(all, &p.grpc)
	}
	for _, at := range all {
		if *at, err = b.next(); err != nil {
			return a, err
		}
	}
	return a, nil
}

func (b *addressBook) next() (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		free, err := kit.FreeAddress()
		if err != nil || !b.given[free] {
			b.given[free] = true
			return free, err
		}
	}
}
