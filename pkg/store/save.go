package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
)

// Create saves a new aggregate at revision 1. An empty id makes a fresh one; one of another kind is errs.Invalid
// "REQUEST_INVALID", one that is taken errs.Exists "ALREADY_EXISTS".
func (t *Table[T]) Create(tx *Tx, id string, doc *T, facts ...fact.Fact) (Row[T], error) {
	if id == "" {
		id = ids.New(t.kind.Prefix)
	}
	if t.kind.Prefix != "" && !ids.Valid(t.kind.Prefix, id) {
		return Row[T]{}, errs.New(errs.Invalid, "REQUEST_INVALID", "%q is no id of a %s", id, t.kind.Noun)
	}
	s := stored{Meta: Meta{ID: id, Revision: 1, CreatedAt: tx.now, UpdatedAt: tx.now}}
	s.record(tx.machine)
	if err := t.encode(&s, doc); err != nil {
		return Row[T]{}, err
	}
	n, err := tx.Exec(t.texts.insert, append(t.values(&s, doc), s.CreatedAt.UnixMicro())...)
	if err != nil {
		return Row[T]{}, err
	}
	if n == 0 {
		tx.forget(t.Row(id))
		return Row[T]{}, errs.New(errs.Exists, "ALREADY_EXISTS", "there is a %s %q already", t.kind.Noun, id).
			WithMeta("unique", "id")
	}
	tx.held[t.Row(id)] = nil
	if err := t.reword(tx, id, nil, t.words(doc)); err != nil {
		return Row[T]{}, err
	}
	return t.saved(tx, &s, doc, facts)
}

// Update locks the row, lets change alter the newest document, and saves it. A change that returns facts makes a new
// revision; one without is bookkeeping and keeps it. An etag other than "" must be that of the newest revision, else
// errs.Conflict "ETAG_MISMATCH"; errs.NotFound as Get; a unique column that refuses is errs.Exists "ALREADY_EXISTS"
// with the column in the meta "unique".
//
// A claim on the row stays; a change with facts ends a back-off, for what failed may now succeed, but not the firm part
// of it: see Claim.Fail.
func (t *Table[T]) Update(
	tx *Tx, scope call.Scope, id, etag string, change func(*T) ([]fact.Fact, error),
) (Row[T], error) {
	s, err := t.lock(tx, scope, id)
	if err != nil {
		return Row[T]{}, err
	}
	if etag != "" && etag != s.ETag() {
		return Row[T]{}, errs.New(errs.Conflict, "ETAG_MISMATCH",
			"the %s %q has changed: its etag is now %q", t.kind.Noun, id, s.ETag()).WithMeta("etag", s.ETag())
	}
	return t.save(tx, s, change, func(s *stored, changed bool) {
		if changed || s.claimedUntil <= tx.machine {
			s.wake(tx.machine)
		}
	})
}

// lock takes the row lock and reads what is newest. What the transaction holds nobody else changes: it is read once.
func (t *Table[T]) lock(tx *Tx, scope call.Scope, id string) (stored, error) {
	if err := tx.hold(t.Row(id)); err != nil {
		return stored{}, err
	}
	if s := tx.held[t.Row(id)]; s != nil {
		return *s, t.visible(tx, scope, s.Customer, id)
	}
	s, err := t.load(tx, scope, id, t.db.dialect.forUpdate)
	if err == nil {
		tx.held[t.Row(id)] = &s
	}
	return s, err
}

// save applies change to a locked row; settle then says what becomes of the claim.
func (t *Table[T]) save(
	tx *Tx, old stored, change func(*T) ([]fact.Fact, error), settle func(s *stored, changed bool),
) (Row[T], error) {
	if old.version > t.kind.Version {
		return Row[T]{}, errs.New(errs.Unavailable, "UNAVAILABLE",
			"%s %q was written by a newer release: only that one may change it", t.kind.Noun, old.ID)
	}
	row, err := t.decode(&old)
	if err != nil {
		return row, err
	}
	words := t.words(row.Doc)
	var facts []fact.Fact
	if change != nil {
		if facts, err = change(row.Doc); err != nil {
			return row, err
		}
	}
	s := old
	if len(facts) > 0 {
		s.Revision++
		s.UpdatedAt = tx.now
		s.record(tx.machine)
	}
	settle(&s, len(facts) > 0)
	if err := t.encode(&s, row.Doc); err != nil {
		return row, err
	}
	if s != old {
		if err := tx.write(statement{query: t.texts.update, args: t.values(&s, row.Doc)}, t.kind.Later); err != nil {
			return row, err
		}
		tx.held[t.Row(s.ID)] = &s
	}
	if err := t.reword(tx, s.ID, words, t.words(row.Doc)); err != nil {
		return row, err
	}
	return t.saved(tx, &s, row.Doc, facts)
}

// saved records the facts and notes what the transaction leaves to do.
func (t *Table[T]) saved(tx *Tx, s *stored, doc *T, facts []fact.Fact) (Row[T], error) {
	row := Row[T]{Meta: s.Meta, Doc: doc}
	if s.dueNow(tx.now, tx.machine) {
		tx.woke[t.kind.Table] = t.info
	}
	return row, t.record(tx, row, s.recordedAt, facts)
}

// encode writes the document and everything that is computed from it.
func (t *Table[T]) encode(s *stored, doc *T) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "INTERNAL", "the document of %s cannot be written", s.ID)
	}
	s.doc, s.version = string(text), t.kind.Version
	s.Customer, s.Correlation = "", s.ID
	if t.kind.Customer != nil {
		s.Customer = t.kind.Customer(doc)
	}
	if t.kind.Correlation != nil {
		s.Correlation = cmp.Or(t.kind.Correlation(doc), s.ID)
	}
	if t.kind.Next != nil {
		s.WakeAt = wakeTime(t.kind.Next(doc))
	}
	return nil
}

// written are the columns that every save sets, in the order of values; created_at is set once.
const written = "id, customer, correlation, revision, doc, doc_version, wake_at, claimed_until, claim, " +
	"attempts, last_error, parked, updated_at, recorded_at, " + waitingColumns

func (t *Table[T]) values(s *stored, doc *T) []any {
	values := []any{
		s.ID, s.Customer, s.Correlation, s.Revision, s.doc, s.version, micros(s.WakeAt), int64(s.claimedUntil), s.claim,
		s.Attempts, s.LastError, columnValue(s.Parked), s.UpdatedAt.UnixMicro(), int64(s.recordedAt),
	}
	var waiting Waiting
	if t.kind.Waiting != nil {
		waiting = t.kind.Waiting(doc)
	}
	values = append(values, waiting.values()...)
	for _, c := range t.kind.Columns {
		values = append(values, columnValue(c.Value(doc)))
	}
	return values
}

func (t *Table[T]) names() []string {
	names := strings.Split(written, ", ")
	for _, c := range t.kind.Columns {
		names = append(names, c.Name)
	}
	return names
}

// texts are the statements that write a kind's rows.
type texts struct{ insert, update string }

func textsOf(table string, names []string) texts {
	var set []string
	for i, name := range names[1:] {
		set = append(set, name+" = $"+strconv.Itoa(i+2))
	}
	names = append(names, "created_at")
	return texts{
		insert: fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (id) DO NOTHING",
			table, strings.Join(names, ", "), placeholders(1, len(names))),
		update: fmt.Sprintf("UPDATE %s SET %s WHERE id = $1", table, strings.Join(set, ", ")),
	}
}

// placeholders is "$from, …" n times.
func placeholders(from, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(marks, ", ")
}

// wakeTime rounds up to what is kept: a row that woke a fraction before its time would find nothing to do, and be due
// again at once, for ever.
func wakeTime(t time.Time) time.Time {
	kept := t.UTC().Truncate(time.Microsecond)
	if kept.Before(t) {
		return kept.Add(time.Microsecond)
	}
	return kept
}
