package blob

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"example.com/handover/pkg/clock"
)

// List reads the names of the whole class first: folders are ordered unlike keys.
func (f *Folder) List(ctx context.Context, class, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		entries, err := f.entries(ctx, class, prefix)
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

func (f *Folder) entries(ctx context.Context, class, prefix string) ([]Entry, error) {
	if err := checkPrefix(class, prefix); err != nil {
		return nil, err
	}
	var entries []Entry
	err := fs.WalkDir(f.root.FS(), class, func(name string, file fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted meanwhile, or a class that has no blob yet
		}
		if err != nil || file.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		key := strings.TrimSuffix(strings.TrimPrefix(name, class+"/"), suffix)
		if !strings.HasPrefix(key, prefix) {
			return nil
		}
		entry, err := f.entry(name, key)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		entries = append(entries, entry)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Key, b.Key) })
	return entries, nil
}

func (f *Folder) entry(name, key string) (Entry, error) {
	file, err := f.root.Open(path.Clean(name))
	if err != nil {
		return Entry{}, err
	}
	info, err := file.Stat()
	if err == nil {
		var first string
		first, err = bufio.NewReaderSize(file, 512).ReadString('\n')
		if err == nil {
			return Entry{key, info.Size() - int64(len(first)), clock.Instant(info.ModTime().UnixMicro())}, file.Close()
		}
	}
	return Entry{}, errors.Join(err, file.Close())
}
