// Package journal keeps a simulator's state in one append-only file: a line of JSON for each changed entity, synced
// at every commit and compacted when it is loaded.
//
// It owns the file's form and its durability, and knows nothing of what the lines mean. One process writes a file;
// keeping others away is the work of whoever owns the data folder.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// line is a record in the file. A commit of several entities is several lines, and counts only with its last.
type line struct {
	Record
	More bool `json:"more,omitempty"` // further lines of the same commit follow
}

// File is a journal in one file. It is ready to append once it has been loaded.
type File struct {
	path string

	mu     sync.Mutex
	file   *os.File
	size   int64 // of what is committed
	broken error // a failed write that could not be taken back
}

// Open returns the journal kept at path; Load reads it, and creates the file when there is none.
func Open(path string) *File { return &File{path: path} }

var errNotLoaded = errors.New("journal: not loaded")

// Append writes one commit and waits until it is on disk. After an error the file is as it was before.
func (f *File) Append(records []Record) error {
	data, err := marshal(records)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return errNotLoaded
	}
	if f.broken != nil {
		return f.broken
	}
	if err := writeSynced(f.file, data); err != nil {
		f.takeBack(err)
		return fmt.Errorf("journal: %w", err)
	}
	f.size += int64(len(data))
	return nil
}

// takeBack cuts a half-written commit off. When even that fails, nothing may follow it any more.
func (f *File) takeBack(cause error) {
	if err := f.file.Truncate(f.size); err != nil {
		f.broken = fmt.Errorf("journal: cannot take back a failed commit: %w", errors.Join(cause, err))
	}
}

// Close closes the file. Everything appended is on disk already.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}

func marshal(records []Record) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf) // ends every value with a newline
	for i, r := range records {
		if err := enc.Encode(line{Record: r, More: i < len(records)-1}); err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
	}
	return buf.Bytes(), nil
}

func writeSynced(f *os.File, data []byte) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}
