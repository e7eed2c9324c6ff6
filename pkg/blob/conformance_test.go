package blob_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// conformance is what every store must do; each case gets a fresh one.
func conformance(t *testing.T, open func(t *testing.T) blob.Store) {
	cases := map[string]func(*testing.T, blob.Store){
		"put and get":               putAndGet,
		"put replaces":              putReplaces,
		"put is whole or nothing":   putIsWholeOrNothing,
		"put by many at once":       putByMany,
		"absent blobs":              absentBlobs,
		"a key below another":       keyBelowAnother,
		"list by prefix, ordered":   listByPrefix,
		"sweep deletes what is old": sweepDeletesOld,
		"bad classes and keys":      badNames,
	}
	for name, run := range cases {
		t.Run(name, func(t *testing.T) { run(t, open(t)) })
	}
}

func putAndGet(t *testing.T, s blob.Store) {
	large := bytes.Repeat([]byte("0123456789abcdef\n"), 100_000)
	contents := map[string][]byte{"empty": {}, "small": []byte("hello"), "line breaks": []byte("\n\ntext/html\n"), "large": large}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			key := "dir/" + strings.ReplaceAll(name, " ", "-") + ".bin"
			for kind, reader := range map[string]io.Reader{
				"seekable": bytes.NewReader(content), "stream": io.LimitReader(bytes.NewReader(content), 1<<30),
			} {
				if err := s.Put(t.Context(), "evidence", key, "application/x-test; v=1", reader); err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				if got := read(t, s, "evidence", key); got != string(content) {
					t.Errorf("%s: %d bytes came back, want %d", kind, len(got), len(content))
				}
			}
			b, err := s.Get(t.Context(), "evidence", key)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = b.Content.Close() }()
			if b.ContentType != "application/x-test; v=1" || b.Size != int64(len(content)) {
				t.Errorf("got type %q and size %d, want size %d", b.ContentType, b.Size, len(content))
			}
		})
	}
}

func putReplaces(t *testing.T, s blob.Store) {
	put(t, s, "evidence", "a", "a long first content")
	if err := s.Put(t.Context(), "evidence", "a", "text/html", strings.NewReader("short")); err != nil {
		t.Fatal(err)
	}
	b, err := s.Get(t.Context(), "evidence", "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Content.Close() }()
	if data, err := io.ReadAll(b.Content); err != nil || string(data) != "short" || b.ContentType != "text/html" {
		t.Errorf("got %q of type %q (%v)", data, b.ContentType, err)
	}
}

func putIsWholeOrNothing(t *testing.T, s blob.Store) {
	put(t, s, "evidence", "kept", "before")
	broken := errors.New("the sender went away")
	for _, key := range []string{"kept", "new"} {
		reader := io.MultiReader(strings.NewReader("half of it"), iotest.ErrReader(broken))
		if err := s.Put(t.Context(), "evidence", key, "text/plain", reader); !errors.Is(err, broken) {
			t.Errorf("%s: got %v", key, err)
		}
	}
	if got := keys(t, s, "evidence", ""); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("stored %v", got)
	}
	if got := read(t, s, "evidence", "kept"); got != "before" {
		t.Errorf("replaced by %q", got)
	}
}

func putByMany(t *testing.T, s blob.Store) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			content := strings.Repeat(string(rune('a'+i)), 10_000)
			if err := s.Put(t.Context(), "evidence", "same/key", "text/plain", strings.NewReader(content)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := read(t, s, "evidence", "same/key")
	if len(got) != 10_000 || strings.Trim(got, got[:1]) != "" {
		t.Errorf("contents were mixed: %d bytes", len(got))
	}
}

func absentBlobs(t *testing.T, s blob.Store) {
	if _, err := s.Get(t.Context(), "evidence", "none/here"); errs.KindOf(err) != errs.NotFound || errs.ReasonOf(err) != "BLOB_NOT_FOUND" {
		t.Errorf("get: %v", err)
	}
	if err := s.Delete(t.Context(), "evidence", "none/here"); err != nil {
		t.Errorf("delete: %v", err)
	}
	if got := keys(t, s, "evidence", ""); len(got) > 0 {
		t.Errorf("list: %v", got)
	}
	put(t, s, "evidence", "a", "x")
	if _, err := s.Get(t.Context(), "invoices", "a"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("get from another class: %v", err)
	}
	if err := s.Delete(t.Context(), "evidence", "a"); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, err := s.Get(t.Context(), "evidence", "a"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("get after delete: %v", err)
	}
}

func keyBelowAnother(t *testing.T, s blob.Store) {
	for _, key := range []string{"a", "a/b", "a/b/c"} {
		put(t, s, "evidence", key, "content of "+key)
	}
	if err := s.Delete(t.Context(), "evidence", "a/b"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "a/b/c"} {
		if got := read(t, s, "evidence", key); got != "content of "+key {
			t.Errorf("%s holds %q", key, got)
		}
	}
}

func listByPrefix(t *testing.T, s blob.Store) {
	for _, key := range []string{"a/b", "a.txt", "a-1", "b/x/2", "b/x/10", "b/y", "B/z"} {
		put(t, s, "cost-data", key, key)
	}
	put(t, s, "cost", "other/class", "")
	tests := map[string][]string{
		"":     {"B/z", "a-1", "a.txt", "a/b", "b/x/10", "b/x/2", "b/y"},
		"b/":   {"b/x/10", "b/x/2", "b/y"},
		"b/x":  {"b/x/10", "b/x/2"},
		"a":    {"a-1", "a.txt", "a/b"},
		"none": {},
	}
	for prefix, want := range tests {
		if got := keys(t, s, "cost-data", prefix); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", prefix, got, want)
		}
	}
	for entry, err := range s.List(t.Context(), "cost-data", "a.txt") {
		now := clock.Machine{}.Now()
		if err != nil || entry.Size != int64(len("a.txt")) || entry.PutAt > now || entry.PutAt < now.Add(-time.Minute) {
			t.Errorf("got %+v (%v), now is %d", entry, err, now)
		}
	}
	for entry, err := range s.List(t.Context(), "cost-data", "") {
		if err != nil || entry.Key != "B/z" {
			t.Errorf("begins with %+v (%v)", entry, err)
		}
		break // a caller may stop early
	}
}

func sweepDeletesOld(t *testing.T, s blob.Store) {
	for _, key := range []string{"a", "b/c", "b/d"} {
		put(t, s, "evidence", key, key)
	}
	put(t, s, "invoices", "kept", "")
	now := clock.Machine{}.Now()
	if n, err := s.Sweep(t.Context(), "evidence", now.Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("swept %d young ones (%v)", n, err)
	}
	if n, err := s.Sweep(t.Context(), "evidence", now.Add(time.Hour)); n != 3 || err != nil {
		t.Errorf("swept %d old ones (%v)", n, err)
	}
	if got := keys(t, s, "evidence", ""); len(got) > 0 {
		t.Errorf("left %v", got)
	}
	if got := keys(t, s, "invoices", ""); len(got) != 1 {
		t.Errorf("another class holds %v", got)
	}
}

func badNames(t *testing.T, s blob.Store) {
	names := map[string][][2]string{
		"BLOB_CLASS_INVALID": {{"", "a"}, {"..", "a"}, {"Evidence", "a"}, {"a/b", "a"}, {".incoming", "a"}, {"a_b", "a"}},
		"BLOB_KEY_INVALID": {
			{"c", ""},
			{"c", "/"},
			{"c", "/etc/passwd"},
			{"c", "../x"},
			{"c", "a/../../x"},
			{"c", "a/.."},
			{"c", "."},
			{"c", "a//b"},
			{"c", "a/"},
			{"c", `a\..\b`},
			{"c", "a\x00"},
			{"c", "a b"},
			{"c", "ä"},
			{"c", "a~"},
			{"c", ".hidden"},
			{"c", "a\n"},
			{"c", strings.Repeat("a", 201)},
			{"c", strings.Repeat("abcdefghi/", 51) + "abc"},
		},
	}
	for reason, list := range names {
		for _, name := range list {
			_, getErr := s.Get(t.Context(), name[0], name[1])
			putErr := s.Put(t.Context(), name[0], name[1], "text/plain", strings.NewReader("x"))
			for verb, err := range map[string]error{"put": putErr, "get": getErr, "delete": s.Delete(t.Context(), name[0], name[1])} {
				if errs.KindOf(err) != errs.Invalid || errs.ReasonOf(err) != reason {
					t.Errorf("%s %q: %v", verb, name, err)
				}
			}
		}
	}
	for _, contentType := range []string{"", "text/plain\nx", strings.Repeat("x", 256)} {
		if err := s.Put(t.Context(), "c", "a", contentType, strings.NewReader("x")); errs.ReasonOf(err) != "BLOB_TYPE_INVALID" {
			t.Errorf("type %q: %v", contentType, err)
		}
	}
	for _, prefix := range []string{"a b", "ä", "~"} {
		for _, err := range s.List(t.Context(), "c", prefix) {
			if errs.ReasonOf(err) != "BLOB_KEY_INVALID" {
				t.Errorf("list %q: %v", prefix, err)
			}
		}
	}
	if _, err := s.Sweep(t.Context(), "..", 1<<62); errs.ReasonOf(err) != "BLOB_CLASS_INVALID" {
		t.Errorf("sweep: %v", err)
	}
}

func put(t *testing.T, s blob.Store, class, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), class, key, "text/plain", strings.NewReader(content)); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func read(t *testing.T, s blob.Store, class, key string) string {
	t.Helper()
	b, err := s.Get(t.Context(), class, key)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	data, err := io.ReadAll(b.Content)
	if err := errors.Join(err, b.Content.Close()); err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return string(data)
}

func keys(t *testing.T, s blob.Store, class, prefix string) []string {
	t.Helper()
	list := []string{}
	for entry, err := range s.List(t.Context(), class, prefix) {
		if err != nil {
			t.Fatalf("list %s: %v", prefix, err)
		}
		list = append(list, entry.Key)
	}
	return list
}
