package store

import (
	"context"
	"fmt"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// EventQuery selects events; empty fields select all.
type EventQuery struct {
	Correlation string
	Aggregate   string
	Audiences   []fact.Audience // those that the reader belongs to; empty: all
	Customers   call.Scope      // whose events; the zero scope sees nothing
	Size        int             // 0: 50; at most 500
	Token       string          // of the page before
	Caller      string          // who asks: a token is of no use to another
}

// Events reads one page of events in the order in which they were recorded, and the token of the page after; an empty
// one means that this is the last. errs.Invalid "PAGE_TOKEN_INVALID" for a token of another question.
func (db *DB) Events(ctx context.Context, q EventQuery) ([]Event, string, error) {
	bound, err := boundTo("events", q.Correlation, q.Aggregate, q.Audiences, q.Caller)
	if err != nil {
		return nil, "", err
	}
	last, err := readToken(q.Token, bound, 4)
	if err != nil {
		return nil, "", err
	}
	var f filter
	if q.Correlation != "" {
		f.cond(Eq("correlation", q.Correlation))
	}
	if q.Aggregate != "" {
		f.cond(Eq("aggregate", q.Aggregate))
	}
	if len(q.Audiences) > 0 {
		f.cond(In("audience", q.Audiences...))
	}
	f.scope(q.Customers)
	f.after(eventKey, ">", last)
	size := pageSize(q.Size)
	query := fmt.Sprintf("SELECT %s FROM events%s ORDER BY %s LIMIT %d", eventColumns, f.String(), eventKey, size+1)
	events, err := selectAll(reader{ctx, db}, db.scanEvent, query, f.args...)
	if err != nil {
		return nil, "", err
	}
	return paged(events, size, bound, func(e Event) []any { return e.key() })
}
