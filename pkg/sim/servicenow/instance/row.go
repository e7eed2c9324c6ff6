package instance

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Fields that the code speaks of.
const (
	SysID       = "sys_id"
	ModCount    = "sys_mod_count"
	CreatedOn   = "sys_created_on"
	CreatedBy   = "sys_created_by"
	UpdatedOn   = "sys_updated_on"
	UpdatedBy   = "sys_updated_by"
	Number      = "number"
	State       = "state"
	Comments    = "comments"
	WorkNotes   = "work_notes"
	Correlation = "correlation_id"
)

// Row is a record: every value a string, as in the Table API. A committed row is never changed, only replaced.
type Row map[string]string

// layout is how an instance writes a time: UTC, in whole seconds.
const layout = "2006-01-02 15:04:05"

func stamp(t time.Time) string { return t.UTC().Format(layout) }

// newSysID returns 32 hexadecimal digits.
func newSysID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // does not fail
	return hex.EncodeToString(b)
}

// fixedSysID is the sys_id of what an instance has from the start, the same after every start.
func fixedSysID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// UserID is the sys_id of a user.
func UserID(name string) string { return fixedSysID("sys_user", name) }

// value is a field of a row; a path with a dot follows references. The caller holds the lock.
func (i *Instance) value(table string, row Row, path string) string {
	field, rest, walks := strings.Cut(path, ".")
	if !walks {
		return row[field]
	}
	target := i.tables[table].Fields[field].References
	next, ok := i.rows[target][row[field]]
	if !ok {
		return ""
	}
	return i.value(target, next, rest)
}

// known reports whether a path leads to a field.
func (i *Instance) known(table, path string) bool {
	_, ok := i.FieldAt(table, path)
	return ok
}

// FieldAt returns the field that a path leads to; a dot follows a reference.
func (i *Instance) FieldAt(table, path string) (Field, bool) {
	t := i.tables[table]
	if t == nil {
		return Field{}, false
	}
	name, rest, walks := strings.Cut(path, ".")
	f, ok := t.Fields[name]
	if !ok || !walks {
		return f, ok
	}
	return i.FieldAt(f.References, rest)
}

// Value is a field of a record; a path with a dot follows references.
func (i *Instance) Value(table string, row Row, path string) string {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.value(table, row, path)
}

// Display is what people see of a field: the label of a choice, the name of what is referred to. Times are shown as
// they are, as for a user in UTC with the instance's format.
func (i *Instance) Display(f Field, value string) string {
	for _, c := range f.Choices {
		if c.Value == value {
			return c.Label
		}
	}
	if f.References == "" {
		return value
	}
	target, _ := i.Get(f.References, value)
	for _, name := range []string{"name", Number} {
		if target[name] != "" {
			return target[name]
		}
	}
	return ""
}
