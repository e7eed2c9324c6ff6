package journal_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/sim/journal"
)

func record(kind, id, doc string) journal.Record {
	r := journal.Record{Kind: kind, ID: id}
	if doc != "" {
		r.Doc = json.RawMessage(doc)
	}
	return r
}

func load(t *testing.T, path string) (*journal.File, []journal.Record) {
	t.Helper()
	f := journal.Open(path)
	records, err := f.Load()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f, records
}

func add(t *testing.T, f *journal.File, records ...journal.Record) {
	t.Helper()
	if err := f.Append(records); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, got []journal.Record, want ...journal.Record) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestNewestRecordOfEachEntityIsLoaded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.journal")
	f, empty := load(t, path)
	expect(t, empty)
	add(t, f, record("a", "1", `{"n":1}`), record("b", "1", `{"n":2}`))
	add(t, f, record("a", "1", `{"n":3}`))
	add(t, f, record("b", "1", ""), record("b", "2", `{"n":4}`))
	_, got := load(t, path)
	expect(t, got, record("a", "1", `{"n":3}`), record("b", "2", `{"n":4}`))
}

func TestLoadingCompacts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.journal")
	f, _ := load(t, path)
	for range 100 {
		add(t, f, record("a", "1", `{"n":1}`))
	}
	f, _ = load(t, path)
	if data, err := os.ReadFile(path); err != nil || strings.Count(string(data), "\n") != 1 {
		t.Fatalf("the file is %q, %v", data, err)
	}
	add(t, f, record("a", "2", `{"n":2}`)) // appending goes on where the compacted file ends
	_, got := load(t, path)
	expect(t, got, record("a", "1", `{"n":1}`), record("a", "2", `{"n":2}`))
}

// A crash may cut the file anywhere in its last commit; the commits before it stay, and nothing of it does.
func TestCommitCutShortIsDroppedAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "aws.journal")
	f, _ := load(t, path)
	add(t, f, record("a", "1", `{"n":1}`))
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	add(t, f, record("a", "1", `{"n":2}`), record("b", "1", `{"n":3}`))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := len(before); size < len(whole); size++ {
		torn := filepath.Join(dir, "torn")
		if err := os.WriteFile(torn, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		g, got := load(t, torn)
		expect(t, got, record("a", "1", `{"n":1}`))
		add(t, g, record("a", "1", `{"n":9}`))
		_, got = load(t, torn)
		expect(t, got, record("a", "1", `{"n":9}`))
	}
}

func TestLastLineOfZerosIsDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.journal")
	f, _ := load(t, path)
	add(t, f, record("a", "1", `{"n":1}`))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(data, 0, 0, 0, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	_, got := load(t, path)
	expect(t, got, record("a", "1", `{"n":1}`))
}

func TestDamageInTheMiddleIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aws.journal")
	text := "{\"kind\":\"a\",\"id\":\"1\",\"doc\":{}}\nrubbish\n{\"kind\":\"a\",\"id\":\"2\",\"doc\":{}}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(path).Load(); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error is %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != text {
		t.Error("the damaged file was changed")
	}
}

func TestAppendBeforeLoadAndAfterCloseFails(t *testing.T) {
	f := journal.Open(filepath.Join(t.TempDir(), "aws.journal"))
	if err := f.Append([]journal.Record{record("a", "1", `{}`)}); err == nil {
		t.Error("appended before it was loaded")
	}
	if _, err := f.Load(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Append([]journal.Record{record("a", "1", `{}`)}); err == nil {
		t.Error("appended after it was closed")
	}
}
