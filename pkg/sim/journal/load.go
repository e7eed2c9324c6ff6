package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Load returns the newest record of every entity in the order of their first appearance, rewrites the file to hold
// only those, and opens it for appending. A commit that the last crash cut short is dropped; damage anywhere else is
// an error.
func (f *File) Load() ([]Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("journal: %w", err)
	}
	committed, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("journal: %s: %w", f.path, err)
	}
	live := newest(committed)
	if err := f.rewrite(live); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return live, nil
}

// parse returns the records of whole commits.
func parse(data []byte) ([]Record, error) {
	var committed, open []Record
	for n := 1; len(data) > 0; n++ {
		text, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			break // torn: the write did not reach its end
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			if len(rest) == 0 {
				break // torn: the length reached the disk, the data did not
			}
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		open = append(open, l.Record)
		if !l.More {
			committed, open = append(committed, open...), nil
		}
		data = rest
	}
	return committed, nil
}

func newest(records []Record) []Record {
	type key struct{ kind, id string }
	at := map[key]int{}
	var out []Record
	for _, r := range records {
		k := key{r.Kind, r.ID}
		if i, ok := at[k]; ok {
			out[i] = r
			continue
		}
		at[k] = len(out)
		out = append(out, r)
	}
	live := out[:0]
	for _, r := range out {
		if len(r.Doc) > 0 {
			live = append(live, r)
		}
	}
	return live
}

// rewrite replaces the file by one that holds these records, so that a crash leaves the old one or the new one.
func (f *File) rewrite(records []Record) error {
	var data []byte
	for _, r := range records { // each its own commit: they are whole already
		one, err := marshal([]Record{r})
		if err != nil {
			return err
		}
		data = append(data, one...)
	}
	next := f.path + ".next"
	file, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if err := writeSynced(file, data); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := os.Rename(next, f.path); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := syncFolder(filepath.Dir(f.path)); err != nil {
		return errors.Join(err, file.Close())
	}
	if f.file != nil {
		_ = f.file.Close() // the old file is replaced: nothing in it is needed
	}
	f.file, f.size, f.broken = file, int64(len(data)), nil
	return nil
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
