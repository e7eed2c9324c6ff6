package state

import "example.com/handover/pkg/sim/journal"

// Journal keeps what is committed, over a restart.
type Journal interface {
	// Load returns the newest record of every entity.
	Load() ([]journal.Record, error)
	// Append keeps the records of one commit, all or none; they are durable when it returns.
	Append(records []journal.Record) error
	Close() error
}
