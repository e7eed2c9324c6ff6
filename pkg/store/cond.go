package store

import (
	"strconv"
	"strings"

	"example.com/handover/pkg/call"
)

// Cond is one condition on a column of the kind or of every row (customer, correlation, created_at …).
type Cond struct {
	Column string `json:"c"`
	// "=", "<>", "IN", "ANY", ">=", "<", "HAS", "PARTNER", "AMONG", and two that name their value, for the indexes that do: "SOME", "SET".
	Op     string `json:"o"`
	Values []any  `json:"v"` // as they are kept

	Table string `json:"t,omitempty"` // of "AMONG", with the column there that holds the ids
	Of    string `json:"f,omitempty"`
	Where []Cond `json:"w,omitempty"`
}

// Eq holds where the column has this value.
func Eq(column string, value any) Cond {
	return Cond{Column: column, Op: "=", Values: []any{columnValue(value)}}
}

// In holds where the column has one of these values; of none, nowhere.
func In[V any](column string, values ...V) Cond {
	c := Cond{Column: column, Op: "IN"}
	for _, v := range values {
		c.Values = append(c.Values, columnValue(v))
	}
	return c
}

// Any is In for few values that many rows have. A list is then read value by value, each in its order and no further than the page, so
// that a page does not cost more where there are more rows.
func Any[V any](column string, values ...V) Cond {
	c := In(column, values...)
	c.Op = "ANY"
	return c
}

// True holds where a column of a condition is set: its value is in the statement, so that an index of such rows alone serves.
func True(column string) Cond { return Cond{Column: column, Op: "SET"} }

// Not holds where the column has another value.
func Not(column string, value any) Cond {
	return Cond{Column: column, Op: "<>", Values: []any{columnValue(value)}}
}

// Among holds where the column has the id of a row of another table of the service where all of these hold.
func Among(column, table string, where ...Cond) Cond {
	return AmongOf(column, table, "id", where...)
}

// AmongOf holds where the column has the value of another column, in a row of another table of the service where all of these hold.
func AmongOf(column, table, of string, where ...Cond) Cond {
	return Cond{Column: column, Op: "AMONG", Table: table, Of: of, Where: where}
}

// Before holds where the column has a smaller value.
func Before(column string, value any) Cond {
	return Cond{Column: column, Op: "<", Values: []any{columnValue(value)}}
}

// Since holds where the column has this value or a greater one.
func Since(column string, value any) Cond {
	return Cond{Column: column, Op: ">=", Values: []any{columnValue(value)}}
}

// Has holds where a text column that lists several values between separators ("|CH|DE|") contains this one ("|CH|").
func Has(column, value string) Cond {
	return Cond{Column: column, Op: "HAS", Values: []any{clean(value)}}
}

// OfPartner holds where the row's customer belongs to this partner now.
func OfPartner(partner string) Cond {
	return Cond{Column: "customer", Op: "PARTNER", Values: []any{partner}}
}

// few says whether a condition holds for few rows, however many there are: those that were escalated, and those that are parked.
func (c Cond) few() bool {
	return c.Op == "SET" || c.Column == OrderUrgency && c.Op == "<" && c.Values[0] == any(int64(0))
}

// OfRevision says whether a row begins or ceases to fulfil a condition by a new revision alone. What other tables say of it, for whom it
// waits and whether it is parked become another without one.
func (c Cond) OfRevision() bool {
	switch c.Column {
	case "parked", "attempts", "waiting_owner", "waiting_until", "escalated", OrderUrgency:
		return false
	}
	return c.Op != "PARTNER" && c.Op != "AMONG"
}

// filter builds a WHERE clause; its terms hold together.
type filter struct {
	terms []string
	args  []any
}

// arg adds an argument and returns its placeholder.
func (f *filter) arg(v any) string {
	f.args = append(f.args, v)
	return "$" + strconv.Itoa(len(f.args))
}

func (f *filter) add(term string) { f.terms = append(f.terms, term) }

func (f *filter) cond(c Cond) {
	switch c.Op {
	case "IN", "ANY":
		f.in(c.Column, c.Values)
	case "SOME":
		f.add(c.Column + " <> ''")
	case "AMONG":
		inner := filter{args: f.args}
		for _, w := range c.Where {
			inner.cond(w)
		}
		f.args = inner.args
		f.add(c.Column + " IN (SELECT " + c.Of + " FROM " + c.Table + inner.String() + ")")
	case "PARTNER":
		f.partner(c.Values[0])
	case "SET":
		f.add(c.Column + " = 1")
	case "HAS":
		// Not LIKE, which ignores case on SQLite and knows wildcards.
		f.add("replace(" + c.Column + ", " + f.arg(c.Values[0]) + ", '') <> " + c.Column)
	default:
		f.add(c.Column + " " + c.Op + " " + f.arg(c.Values[0]))
	}
}

func (f *filter) in(column string, values []any) {
	if len(values) == 0 {
		f.add("1 = 0")
		return
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = f.arg(v)
	}
	f.add(column + " IN (" + strings.Join(marks, ", ") + ")")
}

// scope hides the rows of customers outside it.
func (f *filter) scope(s call.Scope) {
	if s.All() {
		return
	}
	if partner := s.OfPartner(); partner != "" {
		f.partner(partner)
		return
	}
	f.add("customer <> ''")
	f.in("customer", anys(s.List()))
}

func (f *filter) partner(partner any) {
	f.add("customer IN (SELECT customer FROM partner_customers WHERE partner = " + f.arg(partner) + ")")
}

// after continues behind the last row of the page before; op is ">" or "<".
func (f *filter) after(columns, op string, last []any) {
	if last == nil {
		return
	}
	marks := make([]string, len(last))
	for i, v := range last {
		marks[i] = f.arg(v)
	}
	f.add("(" + columns + ") " + op + " (" + strings.Join(marks, ", ") + ")")
}

func (f *filter) String() string {
	if len(f.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(f.terms, " AND ")
}

func anys[V any](values []V) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}
