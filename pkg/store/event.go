package store

import (
	"database/sql"
	"encoding/json"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/fact"
)

// Event is a fact of an aggregate as it was recorded: a line of its timeline and of the audit trail. What goes out of
// the facts of a save is its Revision.
type Event struct {
	ID          string // "evt_…"
	Service     string // whose events table it is in
	Kind        string // noun of the aggregate
	Aggregate   string // its id
	Revision    int64  // of the aggregate after the fact
	N           int    // place among the facts of the revision, from 0
	Name        string // past verb
	Customer    string
	Actor       call.Actor
	Reason      string // the fact's, else the words the actor gave with the call
	Text        string // key of its sentence, when it is not the one of its kind and name
	Correlation string
	Cause       string // id of the event or request that led to it
	Details     map[string]string
	Audience    fact.Audience
	Private     bool
	OccurredAt  time.Time     // business time
	RecordedAt  clock.Instant // machine time, never falling within an aggregate
}

const eventColumns = "id, kind, aggregate, revision, n, name, customer, actor_subject, actor_role, actor_on_behalf_of, " +
	"reason, text, correlation, cause, details, audience, private, occurred_at, recorded_at"

// eventKey is the order of events: strict within an aggregate.
const eventKey = "recorded_at, aggregate, revision, n"

func (e *Event) key() []any { return []any{int64(e.RecordedAt), e.Aggregate, e.Revision, e.N} }

func (e *Event) values() ([]any, error) {
	var details []byte // empty for none
	var err error
	if len(e.Details) > 0 {
		details, err = json.Marshal(e.Details)
	}
	return []any{
		e.ID, e.Kind, e.Aggregate, e.Revision, e.N, e.Name, e.Customer,
		e.Actor.Subject, e.Actor.Role, e.Actor.OnBehalfOf,
		clean(e.Reason), clean(e.Text), e.Correlation, e.Cause, string(details), string(e.Audience), columnValue(e.Private),
		e.OccurredAt.UnixMicro(), int64(e.RecordedAt),
	}, err
}

func (db *DB) scanEvent(rows *sql.Rows) (Event, error) {
	e := Event{Service: db.service}
	var details string
	var occurred int64
	err := rows.Scan(&e.ID, &e.Kind, &e.Aggregate, &e.Revision, &e.N, &e.Name, &e.Customer,
		&e.Actor.Subject, &e.Actor.Role, &e.Actor.OnBehalfOf,
		&e.Reason, &e.Text, &e.Correlation, &e.Cause, &details, &e.Audience, &e.Private,
		&occurred, &e.RecordedAt)
	e.OccurredAt = time.UnixMicro(occurred).UTC()
	if err != nil || details == "" {
		return e, err
	}
	return e, json.Unmarshal([]byte(details), &e.Details)
}
