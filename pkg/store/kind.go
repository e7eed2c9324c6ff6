package store

import (
	"context"
	"reflect"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/clock"
)

// Immediately is what Next returns for an aggregate that is due now, whatever the time.
var Immediately = time.Unix(0, 0).UTC()

// Kind describes one kind of aggregate, whose document is a T.
type Kind[T any] struct {
	Noun    string // "order": the noun of its events
	Table   string // "orders"
	Prefix  string // of its ids: "ord"; empty: ids are not checked
	Version int    // doc_version written; newer documents are neither claimed nor changed

	// Upgrade turns a document of an older version into one of Version. It is pure. Nil: there is no older version.
	Upgrade func(from int, doc []byte) ([]byte, error)
	// Customer is whose aggregate it is; "" is seen by unlimited scopes only. Nil: it belongs to nobody.
	Customer func(*T) string
	// Correlation is the id of the order or request that began it. Nil: its own id.
	Correlation func(*T) string
	// Next is when the aggregate is due: zero for never, Immediately for now. It is pure, and asked at each save. Nil:
	// never.
	Next func(*T) time.Time
	// Waiting says who must act before the aggregate goes on. It is pure, and asked at each save. Nil: it never waits.
	Waiting func(*T) Waiting
	// Columns are computed from the document at each save, for what is filtered, ordered or held unique by.
	Columns []Column[T]
	// Words are what the aggregate is found by where a column would have to hold several values, see [Worded]: what of it begins or ends is
	// written with each save. They are no personal data, which stays in rows that can be erased. It is pure. Nil: there are none.
	Words func(*T) []string
	// Later says that nothing refuses what a save writes, for no column is unique: to a server, it goes out with what the transaction
	// sends next, or with the commit.
	Later bool
	// Public is the public state that goes out with its facts, after the change. Fields marked debug_redact are cleared. Nil:
	// its events are not relayed.
	Public func(m Meta, doc *T) proto.Message
}

// Column is a column that the store computes. Value returns a string, integer, bool (kept as 0 or 1), time (kept as
// microseconds; zero: NULL) or nil (NULL), or a type based on one of these. What is ordered by is never NULL.
type Column[T any] struct {
	Name  string
	Value func(*T) any
}

// OrNull is the value of a column for a text that may be empty: NULL then. A unique column of many rows that lack the
// value needs no partial index, which a search with a placeholder would pass by.
func OrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// kindInfo is what is known of a kind without its document type.
type kindInfo struct {
	noun, table string
	version     int
	columns     []string // that are computed
	bell        *bell    // rung when a commit of this process left a row of this kind due now
	republish   func(ctx context.Context, from clock.Instant) (int, error)
}

// columnValue is v as both databases keep it.
func columnValue(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		return micros(v)
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.String:
		return clean(r.String())
	case r.CanInt():
		return r.Int()
	case r.CanUint():
		return int64(r.Uint())
	case r.Kind() == reflect.Bool:
		if r.Bool() {
			return int64(1)
		}
		return int64(0)
	}
	return v // the driver refuses what it does not know
}

// micros is a business time as it is kept; NULL for the zero time.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// clean drops what PostgreSQL refuses in a TEXT.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
