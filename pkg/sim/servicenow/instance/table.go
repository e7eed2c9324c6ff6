package instance

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Table is the definition of a table.
type Table struct {
	Name     string
	Writable bool // through the Table API
	Fields   map[string]Field

	prefix string // of its numbers; empty: its records have none
	first  int    // the number that the first record gets
	flow   *flow  // how its records move; nil: they have no states
}

// Field is the definition of a field. The zero value is a text.
type Field struct {
	References string   // the table whose sys_id it holds
	Choices    []Choice // its values and what people see of them
	Journal    bool     // writing adds an entry, reading returns nothing
	Default    string   // its value in a new record

	derived bool // set by the instance: what a caller sends is ignored
	max     int  // characters that it holds; zero: enough
}

// Choice is a value and what people see of it.
type Choice struct{ Value, Label string }

func (t *Table) number(n int) string { return fmt.Sprintf("%s%07d", t.prefix, n) }

// numberOf is the number of a record without its prefix; zero: it has none.
func (t *Table) numberOf(row Row) int {
	if t.prefix == "" {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(row[Number], t.prefix)) // an odd number is none to count from
	return n
}

// cut shortens a text to what the field holds, as an instance does without a word.
func (f Field) cut(text string) string {
	letters := []rune(text)
	if f.max == 0 || len(letters) <= f.max {
		return text
	}
	return string(letters[:f.max])
}

// Names returns the table's fields in the order of their names.
func (t *Table) Names() []string { return slices.Sorted(maps.Keys(t.Fields)) }
