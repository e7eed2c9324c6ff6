package journal

import "encoding/json"

// Record is one entity as it stood after a commit. An empty Doc says that it is gone.
type Record struct {
	Kind string          `json:"kind"`
	ID   string          `json:"id"`
	Doc  json.RawMessage `json:"doc,omitempty"`
}
