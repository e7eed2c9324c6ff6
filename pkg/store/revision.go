package store

import (
	"database/sql"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
)

// Revision is what is relayed of one save: the names of its public facts, and the public state of the aggregate after
// them. It is kept until it was relayed.
type Revision struct {
	ID          string // that of the event of its last public fact
	Service     string // whose database it is in
	Kind        string // noun of the aggregate
	Aggregate   string // its id
	Revision    int64
	Facts       []string // past verbs, in order, at least one
	Customer    string
	Actor       call.Actor
	Correlation string
	Cause       string        // id of the event or request that led to it
	OccurredAt  time.Time     // business time
	RecordedAt  clock.Instant // machine time, never falling within an aggregate
	Type        string        // full name of the message in Body
	Body        []byte        // the public state, a protobuf message
	Trace       string        // traceparent of the work that recorded it
}

const revisionColumns = "id, kind, aggregate, revision, facts, customer, actor_subject, actor_role, actor_on_behalf_of, " +
	"correlation, cause, occurred_at, recorded_at, type, body, trace"

// revisionKey is the order in which revisions are relayed: strict within an aggregate.
const revisionKey = "recorded_at, aggregate, revision"

// factSeparator stands in no name of a fact.
const factSeparator = ","

func (r *Revision) values() []any {
	return []any{
		r.ID, r.Kind, r.Aggregate, r.Revision, strings.Join(r.Facts, factSeparator), r.Customer,
		r.Actor.Subject, r.Actor.Role, r.Actor.OnBehalfOf, r.Correlation, r.Cause,
		r.OccurredAt.UnixMicro(), int64(r.RecordedAt), r.Type, r.Body, r.Trace,
	}
}

func (db *DB) scanRevision(rows *sql.Rows) (Revision, error) {
	r := Revision{Service: db.service}
	var facts string
	var occurred int64
	err := rows.Scan(&r.ID, &r.Kind, &r.Aggregate, &r.Revision, &facts, &r.Customer,
		&r.Actor.Subject, &r.Actor.Role, &r.Actor.OnBehalfOf, &r.Correlation, &r.Cause,
		&occurred, &r.RecordedAt, &r.Type, &r.Body, &r.Trace)
	r.Facts, r.OccurredAt = strings.Split(facts, factSeparator), time.UnixMicro(occurred).UTC()
	return r, err
}
