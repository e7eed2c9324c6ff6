package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	ids "example.com/handover/pkg/id"
)

// DeadLetter is a message that a consumer refused too often.
type DeadLetter struct {
	ID        string // "dlt_…"
	Consumer  string
	Message   string // id of the event
	Subject   string
	Headers   map[string][]string
	Body      []byte
	Tries     int
	LastError string        // why it was refused
	FirstAt   clock.Instant // first refusal
	LastAt    clock.Instant
}

const letterColumns = "id, consumer, message, subject, headers, body, tries, last_error, first_at, last_at"

// RecordRefusal counts a refusal of m by consumer; dead says that it was the max-th and m is now a dead letter. ID,
// Tries and times of m are set here.
func (db *DB) RecordRefusal(ctx context.Context, consumer string, m DeadLetter, max int) (dead bool, err error) {
	headers, err := json.Marshal(m.Headers)
	if err != nil {
		return false, errs.Wrap(err, errs.Internal, "INTERNAL", "the headers of %s cannot be kept", m.Message)
	}
	err = db.InTx(ctx, func(tx *Tx) error {
		_, err := tx.one("INSERT INTO dead_letters ("+letterColumns+", dead) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $8, $9) "+
			"ON CONFLICT (consumer, message) DO UPDATE SET tries = dead_letters.tries + 1, last_error = excluded.last_error, "+
			"last_at = excluded.last_at, dead = CASE WHEN dead_letters.tries + 1 >= $10 THEN 1 ELSE 0 END RETURNING dead",
			[]any{
				ids.New("dlt"), consumer, m.Message, m.Subject, string(headers), m.Body, clean(m.LastError), int64(tx.machine),
				columnValue(max <= 1), max,
			}, &dead)
		return err
	})
	return dead, err
}

// DeadLetters reads one page, oldest first, and the token of the page after.
func (db *DB) DeadLetters(ctx context.Context, size int, token string) ([]DeadLetter, string, error) {
	bound, err := boundTo("dead_letters")
	if err != nil {
		return nil, "", err
	}
	last, err := readToken(token, bound, 1)
	if err != nil {
		return nil, "", err
	}
	size = pageSize(size)
	f := filter{terms: []string{"dead = 1"}}
	f.after("id", ">", last)
	query := "SELECT " + letterColumns + " FROM dead_letters" + f.String() + " ORDER BY id LIMIT " + f.arg(size+1)
	letters, err := selectAll(reader{ctx, db}, scanLetter, query, f.args...)
	if err != nil {
		return nil, "", err
	}
	return paged(letters, size, bound, func(l DeadLetter) []any { return []any{l.ID} })
}

// DeadLettersOf reads those of these ids that are still there.
func DeadLettersOf(ctx context.Context, db *DB, ids ...string) ([]DeadLetter, error) {
	f := filter{terms: []string{"dead = 1"}}
	f.in("id", anys(ids))
	return selectAll(reader{ctx, db}, scanLetter, "SELECT "+letterColumns+" FROM dead_letters"+f.String(), f.args...)
}

// TakeDeadLetter removes a dead letter in the transaction that deals with it. errs.NotFound "NOT_FOUND" when there is
// none of that id.
func (tx *Tx) TakeDeadLetter(id string) (DeadLetter, error) {
	taken, err := selectAll(tx, scanLetter, "DELETE FROM dead_letters WHERE id = $1 AND dead = 1 RETURNING "+letterColumns, id)
	if err != nil {
		return DeadLetter{}, err
	}
	if len(taken) == 0 {
		return DeadLetter{}, errs.New(errs.NotFound, "NOT_FOUND", "there is no dead letter %q", id)
	}
	return taken[0], nil
}

func scanLetter(rows *sql.Rows) (DeadLetter, error) {
	var l DeadLetter
	var headers string
	err := rows.Scan(&l.ID, &l.Consumer, &l.Message, &l.Subject, &headers, &l.Body, &l.Tries, &l.LastError, &l.FirstAt, &l.LastAt)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal([]byte(headers), &l.Headers)
}
