package kit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lockFolder creates the data folder and holds it, because SQLite and embedded NATS each belong to one process.
func lockFolder(folder string) (func(context.Context) error, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock := flock.New(filepath.Join(folder, "lock"))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !held {
		return nil, fmt.Errorf("data folder %s is in use by another process", folder)
	}
	return func(context.Context) error { return lock.Unlock() }, nil
}
