package blob

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/id"
)

// Folder keeps blobs in a folder: <class>/<key>~, one file each, which holds the content type on its first line and
// the content after it, so that one rename stores both. The "~", which no key has, lets "a" and "a/b" live together.
type Folder struct{ root *os.Root }

var _ Store = (*Folder)(nil)

const (
	suffix   = "~"
	incoming = ".incoming" // what is being written; no class has this name
)

// OpenFolder opens a folder, making it if need be. Several processes of one machine may share it; what one of them left
// half written more than an hour ago is removed.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{root}
	if err := f.clean(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

// abandoned is how long a file may be in the making.
const abandoned = time.Hour

// clean makes the place for what is being written, and removes what nobody writes any more.
func (f *Folder) clean() error {
	if err := f.root.MkdirAll(incoming, 0o700); err != nil {
		return err
	}
	entries, err := fs.ReadDir(f.root.FS(), incoming)
	if err != nil {
		return err
	}
	before := clock.Machine{}.Now().Time().Add(-abandoned)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || info.ModTime().After(before) {
			continue // it has just been put into place, or is being written
		}
		if err := f.root.Remove(path.Join(incoming, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Close releases the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put writes to a file aside, syncs it, and renames it into place.
func (f *Folder) Put(ctx context.Context, class, key, contentType string, content io.Reader) error {
	if err := errors.Join(checkKey(class, key), checkType(contentType), ctx.Err()); err != nil {
		return err
	}
	aside := path.Join(incoming, id.New("put"))
	name := path.Join(class, key) + suffix
	err := f.write(aside, contentType, content)
	if err == nil {
		err = f.root.MkdirAll(path.Dir(name), 0o700)
	}
	if err == nil {
		err = f.root.Rename(aside, name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("put %s/%s: %w", class, key, err), ignoreAbsent(f.root.Remove(aside)))
	}
	return f.syncUp(path.Dir(name))
}

func (f *Folder) write(name, contentType string, content io.Reader) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, io.MultiReader(strings.NewReader(contentType+"\n"), content))
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncUp makes a rename, and the folders that were made for it, last.
func (f *Folder) syncUp(dir string) error {
	for {
		d, err := f.root.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
}

// Get opens a blob.
func (f *Folder) Get(ctx context.Context, class, key string) (*Blob, error) {
	if err := errors.Join(checkKey(class, key), ctx.Err()); err != nil {
		return nil, err
	}
	file, err := f.root.Open(path.Join(class, key) + suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(class, key)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	reader := bufio.NewReader(file)
	first, err := reader.ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("blob %s/%s has no content type: %w", class, key, err), file.Close())
	}
	return &Blob{
		ContentType: strings.TrimSuffix(first, "\n"),
		Size:        info.Size() - int64(len(first)),
		Content: struct {
			io.Reader
			io.Closer
		}{reader, file},
	}, nil
}

// Delete removes a blob.
func (f *Folder) Delete(ctx context.Context, class, key string) error {
	if err := errors.Join(checkKey(class, key), ctx.Err()); err != nil {
		return err
	}
	return ignoreAbsent(f.root.Remove(path.Join(class, key) + suffix))
}

// Sweep deletes what is old.
func (f *Folder) Sweep(ctx context.Context, class string, before clock.Instant) (int, error) {
	return sweep(ctx, f, class, before)
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
