package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"example.com/handover/pkg/call"
)

// Entry is an aggregate that somebody must see to.
type Entry struct {
	Kind   string // noun
	ID     string
	Parked bool // it failed too often and waits for Release
	rank   int64
}

// Agenda asks for what somebody must see to, over several kinds.
type Agenda struct {
	Kinds    map[string][]Cond // by noun; what must hold of a wait besides, for one that is no entry of another kind already
	Owners   []string          // whose turn it is; what waits for others is an entry once it was escalated
	Customer string            // empty: all that the scope sees
	Size     int               // 0: 50; at most 500
	Token    string            // what came with the page before
	Caller   string            // who asks: a token is of no use to another
}

// parkedRank puts what is parked first: nothing happens to it until somebody releases it.
const parkedRank = -nobody

// Agenda reads one page of what somebody must see to, the most urgent first, and the token of the page after.
func (db *DB) Agenda(ctx context.Context, scope call.Scope, a Agenda) ([]Entry, string, error) {
	bound, err := boundTo("agenda", a.Kinds, a.Owners, a.Customer, a.Caller)
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
	for _, k := range db.registered() {
		if also, asked := a.Kinds[k.noun]; asked {
			arms = append(arms, a.arms(f, k, also, scope, last, size+1)...)
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
	return paged(rows, size, bound, func(e Entry) []any { return []any{e.rank, e.ID} })
}

// arms are the statements of one kind: what is parked, what waits for the owners, and what was escalated and waits for others. Each
// is one walk along an index, as far as the page goes.
func (a Agenda) arms(f *filter, k *kindInfo, also []Cond, scope call.Scope, last []any, limit int) []string {
	arm := func(rank string, terms ...Cond) string {
		own := &filter{args: f.args}
		for _, c := range terms {
			own.cond(c)
		}
		if a.Customer != "" {
			own.cond(Eq("customer", a.Customer))
		}
		own.scope(scope)
		own.after("("+rank+"), id", ">", last)
		query := fmt.Sprintf("SELECT * FROM (SELECT '%s' AS noun, id, %s AS place, parked FROM %s%s ORDER BY place, id LIMIT %d) AS arm",
			k.noun, rank, k.table, own.String(), limit)
		f.args = own.args
		return query
	}
	waiting := append(WaitingFor(), Cond{Column: "parked", Op: "=", Values: []any{int64(0)}})
	waiting = append(waiting, also...)
	others := append(append([]Cond{}, waiting...), Escalated())
	for _, owner := range a.Owners {
		others = append(others, Cond{Column: "waiting_owner", Op: "<>", Values: []any{owner}})
	}
	return []string{
		arm(fmt.Sprintf("CAST(%d AS BIGINT)", parkedRank), Parked()),
		arm(OrderUrgency, append(append([]Cond{}, waiting...), In("waiting_owner", a.Owners...))...),
		arm(OrderUrgency, others...),
	}
}

func scanEntry(rows *sql.Rows) (Entry, error) {
	var e Entry
	err := rows.Scan(&e.Kind, &e.ID, &e.rank, &e.Parked)
	return e, err
}
