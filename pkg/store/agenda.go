package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
)

// Entry is an aggregate that somebody must see to.
type Entry struct {
	Of     int // place in Agenda.Of of the kind that lists it; len(Agenda.Of): a dead letter
	ID     string
	Parked bool   // it failed too often and waits for Release
	Rank   int64  // the smaller one is the more urgent one, of equals the one with the smaller id; the same in every database
	Token  string // continues after it
}

// Agenda asks for what somebody must see to, over several kinds.
type Agenda struct {
	Of       []AgendaOf
	Owners   []string // whose turn it is
	Letters  bool     // also the dead letters, which are nobody's but the reseller's, before all else that is not parked
	Others   bool     // also what waits for others and was escalated, or is among what AgendaOf.Besides names
	Customer string   // empty: all that the scope sees

	Parked    bool      // what is parked; what else is listed comes after it
	Escalated bool      // of what is not parked, only what was escalated
	Before    time.Time // of what is not parked, only what is late by then, or was escalated; zero: all
	Waits     bool      // also what is not parked

	Size   int    // 0: 50; at most 500
	Token  string // what came with the page before
	Caller string // who asks: a token is of no use to another
}

// AgendaOf is one kind of what somebody must see to.
type AgendaOf struct {
	Noun    string
	Is      []Cond // what must hold, parked or not
	Alone   []Cond // what must hold of a wait, for one that is no entry of another kind already
	Besides []Cond // what waits for the owners although no wait of the aggregate lists it, whoever has that; none: nothing
}

// parkedRank puts what is parked first: nothing happens to it until somebody releases it.
const parkedRank = -nobody

// Agenda reads one page of what somebody must see to, the most urgent first, and the token of the page after.
func (db *DB) Agenda(ctx context.Context, scope call.Scope, a Agenda) ([]Entry, string, error) {
	bound, err := boundTo(
		"agenda", a.Of, a.Owners, a.Letters, a.Others, a.Customer,
		scope.OfPartner(), a.Parked, a.Escalated, !a.Before.IsZero(), a.Waits, a.Caller,
	)
	if err != nil {
		return nil, "", err
	}
	last, err := readToken(a.Token, bound, 2)
	if err != nil {
		return nil, "", err
	}
	size := pageSize(a.Size)
	query, args := agendaSQL(db.registered(), scope, a, last, size+1)
	if query == "" {
		return nil, "", nil
	}
	rows, err := selectAll(reader{ctx, db}, scanEntry, query, args...)
	if err != nil {
		return nil, "", err
	}
	rows, next, err := paged(rows, size, bound, Entry.place)
	for i := range rows {
		if err == nil {
			rows[i].Token, err = writeToken(bound, rows[i].place()...)
		}
	}
	return rows, next, err
}

func (e Entry) place() []any { return []any{e.Rank, e.ID} }

// AgendaPlan says in the database's words how it reads the first page: for tests of indexes.
func (db *DB) AgendaPlan(ctx context.Context, scope call.Scope, a Agenda) ([]string, error) {
	query, args := agendaSQL(db.registered(), scope, a, nil, pageSize(a.Size)+1)
	return explain(ctx, db, query, args)
}

// agendaSQL reads so many entries after the last one; "": there is nothing to read.
func agendaSQL(kinds []*kindInfo, scope call.Scope, a Agenda, last []any, limit int) (string, []any) {
	f := &filter{}
	var arms []string
	for i, of := range a.Of {
		k := slices.IndexFunc(kinds, func(k *kindInfo) bool { return k.noun == of.Noun })
		if k >= 0 {
			arms = append(arms, a.arms(f, kinds[k], i, scope, last, limit)...)
		}
	}
	if a.Letters && a.Customer == "" && scope.All() {
		arms = append(arms, firstOf(f, len(a.Of), "dead_letters", []Cond{{Column: "dead", Op: "SET"}}, "dead", last, limit)...)
	}
	if len(arms) == 0 {
		return "", nil
	}
	return strings.Join(arms, " UNION ALL ") + " ORDER BY 3, 2 LIMIT " + f.arg(limit), f.args
}

// firstOf is the statement of what comes before every wait, in the order of ids; nothing where the page is past it.
func firstOf(f *filter, place int, table string, terms []Cond, parked string, last []any, limit int, more ...func(*filter)) []string {
	own := &filter{args: f.args}
	for _, c := range terms {
		own.cond(c)
	}
	for _, add := range more {
		add(own)
	}
	if last != nil {
		if rank, _ := last[0].(int64); rank > parkedRank {
			return nil
		}
		own.add("id > " + own.arg(last[1]))
	}
	f.args = own.args
	return []string{fmt.Sprintf(
		"SELECT * FROM (SELECT %d AS kind, id, CAST(%d AS BIGINT) AS place, %s AS parked FROM %s%s ORDER BY id LIMIT %d) AS arm",
		place, parkedRank, parked, table, own.String(), limit,
	)}
}

// arms are the statements of one kind: what is parked, what waits for the owners, what waits for the owners besides, and what was
// escalated and waits for others. Each is one walk along an index, as far as the page goes.
func (a Agenda) arms(f *filter, k *kindInfo, place int, scope call.Scope, last []any, limit int) (arms []string) {
	of := a.Of[place]
	within := func(own *filter) {
		if a.Customer != "" {
			own.cond(Eq("customer", a.Customer))
		}
		own.scope(scope)
	}
	arm := func(terms ...[]Cond) {
		own := &filter{args: f.args}
		for _, c := range slices.Concat(append(terms, of.Is)...) {
			own.cond(c)
		}
		within(own)
		own.after(OrderUrgency+", id", ">", last)
		arms = append(arms, fmt.Sprintf(
			"SELECT * FROM (SELECT %d AS kind, id, urgency AS place, parked FROM %s%s ORDER BY urgency, id LIMIT %d) AS arm",
			place, k.table, own.String(), limit,
		))
		f.args = own.args
	}
	if a.Parked {
		arms = append(arms, firstOf(f, place, k.table, append([]Cond{Parked()}, of.Is...), "parked", last, limit, within)...)
	}
	if !a.Waits {
		return arms
	}
	waiting := append(WaitingFor(), Cond{Column: "parked", Op: "=", Values: []any{int64(0)}})
	switch {
	case a.Escalated:
		waiting = append(waiting, Escalated())
	case !a.Before.IsZero():
		waiting = append(waiting, Overdue(a.Before))
	}
	for _, owner := range a.Owners { // of each, an index has the rows in order
		arm(waiting, of.Alone, []Cond{Eq("waiting_owner", owner)})
	}
	if !a.Others {
		return arms
	}
	if len(of.Besides) > 0 && !a.Escalated {
		arm(waiting, of.Besides)
	}
	for _, owner := range a.Owners {
		waiting = append(waiting, Cond{Column: "waiting_owner", Op: "<>", Values: []any{owner}})
	}
	arm(waiting, of.Alone, []Cond{Escalated()})
	return arms
}

func scanEntry(rows *sql.Rows) (Entry, error) {
	var e Entry
	err := rows.Scan(&e.Of, &e.ID, &e.Rank, &e.Parked)
	return e, err
}
