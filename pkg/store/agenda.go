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
	Of     int // place in Agenda.Of of the kind that lists it
	ID     string
	Parked bool   // it failed too often and waits for Release
	Rank   int64  // the smaller one is the more urgent one, of equals the one with the smaller id; the same in every database
	Token  string // continues after it
}

// Agenda asks for what somebody must see to, over several kinds.
type Agenda struct {
	Of       []AgendaOf
	Owners   []string // whose turn it is
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
		"agenda", a.Of, a.Owners, a.Others, a.Customer, scope.OfPartner(), a.Parked, a.Escalated, !a.Before.IsZero(), a.Waits, a.Caller,
	)
	if err != nil {
		return nil, "", err
	}
	last, err := readToken(a.Token, bound, 2)
	if err != nil {
		return nil, "", err
	}
	size := pageSize(a.Size)
	var arms []string
	f := &filter{}
	kinds := db.registered()
	for i, of := range a.Of {
		k := slices.IndexFunc(kinds, func(k *kindInfo) bool { return k.noun == of.Noun })
		if k >= 0 {
			arms = append(arms, a.arms(f, kinds[k], i, scope, last, size+1)...)
		}
	}
	if len(arms) == 0 {
		return nil, "", nil
	}
	query := strings.Join(arms, " UNION ALL ") + " ORDER BY 3, 2 LIMIT " + f.arg(size+1)
	rows, err := selectAll(reader{ctx, db}, scanEntry, query, f.args...)
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

// arms are the statements of one kind: what is parked, what waits for the owners, what waits for the owners besides, and what was
// escalated and waits for others. Each is one walk along an index, as far as the page goes.
func (a Agenda) arms(f *filter, k *kindInfo, place int, scope call.Scope, last []any, limit int) (arms []string) {
	of := a.Of[place]
	arm := func(rank string, terms ...[]Cond) {
		own := &filter{args: f.args}
		for _, c := range slices.Concat(append(terms, of.Is)...) {
			own.cond(c)
		}
		if a.Customer != "" {
			own.cond(Eq("customer", a.Customer))
		}
		own.scope(scope)
		own.after("("+rank+"), id", ">", last)
		arms = append(arms, fmt.Sprintf(
			"SELECT * FROM (SELECT %d AS kind, id, %s AS place, parked FROM %s%s ORDER BY place, id LIMIT %d) AS arm",
			place, rank, k.table, own.String(), limit,
		))
		f.args = own.args
	}
	if a.Parked {
		arm(fmt.Sprintf("CAST(%d AS BIGINT)", parkedRank), []Cond{Parked()})
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
	arm(OrderUrgency, waiting, of.Alone, []Cond{In("waiting_owner", a.Owners...)})
	if !a.Others {
		return arms
	}
	if len(of.Besides) > 0 && !a.Escalated {
		arm(OrderUrgency, waiting, of.Besides)
	}
	for _, owner := range a.Owners {
		waiting = append(waiting, Cond{Column: "waiting_owner", Op: "<>", Values: []any{owner}})
	}
	arm(OrderUrgency, waiting, of.Alone, []Cond{Escalated()})
	return arms
}

func scanEntry(rows *sql.Rows) (Entry, error) {
	var e Entry
	err := rows.Scan(&e.Of, &e.ID, &e.Rank, &e.Parked)
	return e, err
}
