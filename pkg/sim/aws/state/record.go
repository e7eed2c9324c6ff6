package state

import "encoding/json"

// Record is one entity as it stood after a commit. An empty Doc says that it is gone.
type Record struct {
	Kind string          `json:"kind"`
	ID   string          `json:"id"`
	Doc  json.RawMessage `json:"doc,omitempty"`
}

// Journal keeps what is committed, over a restart.
type Journal interface {
	// Load returns the newest record of every entity.
	Load() ([]Record, error)
	// Append keeps the records of one commit, all or none; they are durable when it returns.
	Append([]Record) error
	Close() error
}
