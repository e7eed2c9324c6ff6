// Package blob keeps files: evidence, PDFs, raw cost data. A blob has a class, which decides how long it is kept, and
// a key within the class. A folder serves one machine, S3 serves many; both behave the same.
//
// It owns neither who may see a blob nor what is in it, and no retention periods: whoever calls Sweep does.
package blob

import (
	"context"
	"io"
	"iter"
	"regexp"
	"strings"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// Store is what services see. Every method refuses a class or key that is not valid: errs.Invalid, reasons
// BLOB_CLASS_INVALID and BLOB_KEY_INVALID.
//
// A class is lower-case letters, digits and "-". A key is one or more parts of letters, digits, ".", "_" and "-",
// joined by "/", no part beginning with ".", 200 characters a part and 512 in all. Never put personal data into a key.
type Store interface {
	// Put stores what the reader gives, whole or not at all, in place of what was there.
	Put(ctx context.Context, class, key, contentType string, content io.Reader) error
	// Get opens a blob; the caller closes its Content. An absent one is errs.NotFound, reason BLOB_NOT_FOUND.
	Get(ctx context.Context, class, key string) (*Blob, error)
	// Delete removes a blob; that it is absent is no error.
	Delete(ctx context.Context, class, key string) error
	// List yields the blobs of a class whose keys begin with prefix, ordered by key; it ends at the first error.
	List(ctx context.Context, class, prefix string) iter.Seq2[Entry, error]
	// Sweep deletes the blobs of a class that were put before an instant and returns how many.
	Sweep(ctx context.Context, class string, before clock.Instant) (int, error)
}

// Entry is what is known of a blob without opening it.
type Entry struct {
	Key   string
	Size  int64         // bytes
	PutAt clock.Instant // S3 tells whole seconds
}

// Blob is an open blob.
type Blob struct {
	ContentType string
	Size        int64 // bytes
	Content     io.ReadCloser
}

const (
	part       = `[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}` // fits a file name
	longestKey = 512
)

var (
	validClass  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	validKey    = regexp.MustCompile(`^` + part + `(/` + part + `)*$`)
	validPrefix = regexp.MustCompile(`^[A-Za-z0-9._/-]*$`)
)

func checkClass(class string) error {
	if !validClass.MatchString(class) {
		return errs.InvalidField("class", "BLOB_CLASS_INVALID", "%q is no class of blobs", class)
	}
	return nil
}

func checkKey(class, key string) error {
	if !validKey.MatchString(key) || len(key) > longestKey {
		return errs.InvalidField("key", "BLOB_KEY_INVALID", "%q cannot be the key of a blob", key)
	}
	return checkClass(class)
}

func checkPrefix(class, prefix string) error {
	if !validPrefix.MatchString(prefix) {
		return errs.InvalidField("prefix", "BLOB_KEY_INVALID", "no key begins with %q", prefix)
	}
	return checkClass(class)
}

// checkType keeps a content type to one line, for it is stored on one.
func checkType(contentType string) error {
	if contentType == "" || len(contentType) > 255 || strings.ContainsAny(contentType, "\r\n") {
		return errs.InvalidField("content_type", "BLOB_TYPE_INVALID", "%q is no content type", contentType)
	}
	return nil
}

func notFound(class, key string) error {
	return errs.New(errs.NotFound, "BLOB_NOT_FOUND", "no blob %s/%s", class, key)
}
