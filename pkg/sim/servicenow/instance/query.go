package instance

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// query is an encoded query: any of its groups (^NQ) must hold; of a group each clause (^); of a clause any condition
// (^OR).
type query struct {
	groups  [][]clause
	order   []order
	nothing bool // it had an invalid part, and the instance then returns no rows
}

type clause []condition

type order struct {
	path       string
	descending bool
}

// parse reads an encoded query. An invalid part is ignored, so that more rows are chosen than were wanted, unless the
// instance is set to choose none then.
func (i *Instance) parse(table, text string) query {
	var q query
	for group := range strings.SplitSeq(escape(text), "^NQ") {
		var clauses []clause
		for part := range strings.SplitSeq(group, "^") {
			switch part = unescape(part); {
			case part == "" || part == "EQ":
			case strings.HasPrefix(part, "ORDERBY"):
				q.sortBy(i, table, part)
			default:
				clauses = q.add(i, table, part, clauses)
			}
		}
		q.groups = append(q.groups, clauses)
	}
	return q
}

// add adds a condition to the clauses of a group: as one more, or after OR to the last.
func (q *query) add(i *Instance, table, part string, clauses []clause) []clause {
	text, alternative := strings.CutPrefix(part, "OR")
	c, ok := i.condition(table, text)
	last := len(clauses) - 1
	switch {
	case !ok:
		q.nothing = q.nothing || i.settings.InvalidQueryNothing
	case alternative && last >= 0:
		clauses[last] = append(clauses[last], c)
	default:
		clauses = append(clauses, clause{c})
	}
	return clauses
}

// A doubled ^ is the character itself; meanwhile NUL stands for it.
func escape(text string) string   { return strings.ReplaceAll(text, "^^", "\x00") }
func unescape(part string) string { return strings.ReplaceAll(part, "\x00", "^") }

func (q *query) sortBy(i *Instance, table, part string) {
	path, descending := strings.CutPrefix(part, "ORDERBYDESC")
	path = strings.TrimPrefix(path, "ORDERBY")
	if i.known(table, path) {
		q.order = append(q.order, order{path, descending})
	}
}

func (q query) chooses(value func(path string) string) bool {
	holds := func(c condition) bool { return c.holds(value(c.path)) }
	return !q.nothing && slices.ContainsFunc(q.groups, func(clauses []clause) bool {
		return !slices.ContainsFunc(clauses, func(c clause) bool { return !slices.ContainsFunc(c, holds) })
	})
}

func (q query) sort(rows []Row, value func(Row, string) string) {
	slices.SortFunc(rows, func(a, b Row) int {
		for _, o := range q.order {
			c := compare(value(a, o.path), value(b, o.path))
			if o.descending {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a[SysID], b[SysID])
	})
}

// compare orders whole numbers as numbers, all else as text, without regard to case.
func compare(a, b string) int {
	n, err := strconv.Atoi(a)
	m, err2 := strconv.Atoi(b)
	if err == nil && err2 == nil {
		return cmp.Compare(n, m)
	}
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}
