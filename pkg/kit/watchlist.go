package kit

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
)

const (
	watchable   = 1000                   // how long a list may be that is watched: its ids and revisions are kept for as long
	watchAgain  = time.Minute            // how often a whole list is read again: NATS may lose a wake-up, and a customer its partner
	watchPause  = 100 * time.Millisecond // between two reads, so that what changes often is told in its newest state alone
	watchMargin = time.Minute            // how much longer than a transaction lasts: what it saves may show after what began later
)

// Listed is one message of a watch of a list; one of its fields is set.
type Listed[T any] struct {
	Row     store.Row[T]
	Left    string // id of what is in the list no more
	Reset   bool   // forget what you have: all that is in the list follows
	Current string // all is told up to now: the token to resume after
}

// WatchList sends what a query finds, and then what changes of it: the newest state of each, and what has left the list. It reads, follows
// the subjects of the kind, and reads again; every read is held to the caller's scope. With a token it sends what has changed since, and
// tells of what is not in the list whether or not it was. It ends when the caller goes away, with WATCH_TOO_LARGE when more is in the
// list than can be watched, and with UNAVAILABLE when the process shuts down.
func WatchList[T any](
	ctx context.Context, e *Env, table *store.Table[T], where []store.Cond, token string, send func(Listed[T]) error,
) error {
	bound, err := boundList(table.Noun(), where, call.From(ctx).KeyOwner)
	if err != nil {
		return err
	}
	since, err := readWatchToken(token, bound)
	if err != nil {
		return err
	}
	l := &listWatch[T]{ctx: ctx, env: e, table: table, where: where, bound: bound, send: send}
	var stop func()
	l.changed, stop = e.Bus.FollowAll(ctx, e.Name, table.Noun())
	defer stop()
	if err := l.begin(since); err != nil {
		return err
	}
	return l.follow()
}

type listWatch[T any] struct {
	ctx     context.Context
	env     *Env
	table   *store.Table[T]
	where   []store.Cond
	bound   string
	send    func(Listed[T]) error
	changed *event.Changed
	held    map[string]int64 // revision that was sent, of each that is in the list
}

func (l *listWatch[T]) begin(since time.Time) error {
	now := l.env.Business.Now()
	rows, err := l.read(l.where)
	if err != nil {
		return err
	}
	l.held = map[string]int64{}
	if since.IsZero() {
		if err := l.send(Listed[T]{Reset: true}); err != nil {
			return err
		}
		return l.tell(rows, nil, now, true)
	}
	var fresh []store.Row[T]
	for _, r := range rows {
		if l.held[r.ID] = r.Revision; !r.UpdatedAt.Before(since) {
			fresh, l.held[r.ID] = append(fresh, r), 0
		}
	}
	moved, err := l.read(append(slices.DeleteFunc(slices.Clone(l.where), mutable), store.Since("updated_at", since)))
	if errs.ReasonOf(err) == reasonTooLarge { // too much has changed to tell it one by one
		return l.begin(time.Time{})
	}
	if err != nil {
		return err
	}
	var left []string
	for _, r := range moved {
		if _, in := l.held[r.ID]; !in {
			left = append(left, r.ID)
		}
	}
	return l.tell(fresh, left, now, true)
}

// mutable says whether a condition may have held for a row before and hold no more.
func mutable(c store.Cond) bool { return c.Column != "customer" }

func (l *listWatch[T]) follow() error {
	again := time.NewTicker(watchAgain)
	defer again.Stop()
	for {
		whole := true
		select {
		case <-l.changed.Some:
			whole = false
		case <-l.changed.Missed:
		case <-again.C:
		case <-l.ctx.Done():
			return l.ctx.Err()
		case <-l.env.Draining():
			return errs.New(errs.Unavailable, "SHUTTING_DOWN", "this replica is shutting down; watch again from the last token")
		}
		if err := l.look(whole); err != nil {
			return err
		}
		if err := (clock.Machine{}).Wait(l.ctx, watchPause); err != nil {
			return err
		}
	}
}

// look tells what is another now: of the whole list, or of what was told to have changed.
func (l *listWatch[T]) look(whole bool) error {
	now, ids := l.env.Business.Now(), l.changed.Take()
	if whole || len(ids) > store.MaxPage {
		rows, err := l.read(l.where)
		if err != nil {
			return err
		}
		return l.tell(rows, missing(slices.Sorted(maps.Keys(l.held)), rows), now, false)
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := l.read(append(slices.Clone(l.where), store.In("id", ids...)))
	if err != nil {
		return err
	}
	gone := missing(ids, rows)
	return l.tell(rows, slices.DeleteFunc(gone, func(id string) bool { _, in := l.held[id]; return !in }), now, false)
}

// missing are the ids of none of the rows.
func missing[T any](ids []string, rows []store.Row[T]) []string {
	found := map[string]bool{}
	for _, r := range rows {
		found[r.ID] = true
	}
	return slices.DeleteFunc(ids, func(id string) bool { return found[id] })
}

// tell sends what the caller does not have, and a token if that was anything or it was told of nothing yet.
func (l *listWatch[T]) tell(rows []store.Row[T], left []string, now time.Time, told bool) error {
	for _, r := range rows {
		if have, in := l.held[r.ID]; in && have >= r.Revision {
			continue
		}
		l.held[r.ID], told = r.Revision, true
		if err := l.send(Listed[T]{Row: r}); err != nil {
			return err
		}
	}
	for _, id := range left {
		delete(l.held, id)
		told = true
		if err := l.send(Listed[T]{Left: id}); err != nil {
			return err
		}
	}
	if len(l.held) > watchable {
		return tooLarge()
	}
	if !told {
		return nil
	}
	return l.send(Listed[T]{Current: writeWatchToken(l.bound, now)})
}

// read is all that conditions and the caller's scope let through.
func (l *listWatch[T]) read(where []store.Cond) (rows []store.Row[T], err error) {
	q := store.Query{Where: where, Size: store.MaxPage}
	for {
		page, err := l.table.List(l.ctx, call.From(l.ctx).Scope, q)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, page.Rows...); len(rows) > watchable {
			return nil, tooLarge()
		}
		if q.Token = page.Next; q.Token == "" {
			return rows, nil
		}
	}
}

const reasonTooLarge = "WATCH_TOO_LARGE"

func tooLarge() error {
	return errs.New(errs.Precondition, reasonTooLarge, "more than %d are in this list: watch a part of it", watchable).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.Said(
			"Filter by customer, state or owner of the wait, or read the list page by page.", "the filter of the call",
		)})
}

// watchToken says up to when all was told, to whom and of which list.
type watchToken struct {
	Bound string `json:"b"`
	At    int64  `json:"t"` // business time, microseconds
}

func boundList(noun string, where []store.Cond, caller string) (string, error) {
	text, err := json.Marshal([]any{noun, where, caller})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:12]), nil
}

func writeWatchToken(bound string, at time.Time) string {
	text, _ := json.Marshal(watchToken{bound, at.UnixMicro()}) // a string and a number
	return base64.RawURLEncoding.EncodeToString(text)
}

// readWatchToken returns since when the caller lacks what has changed; zero: it has nothing.
func readWatchToken(token, bound string) (time.Time, error) {
	if token == "" {
		return time.Time{}, nil
	}
	var t watchToken
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(raw, &t)
	}
	if err != nil || t.Bound != bound {
		return time.Time{}, errs.InvalidField("resume_token", "PAGE_TOKEN_INVALID", "this token belongs to another watch")
	}
	return time.UnixMicro(t.At).UTC().Add(-watchMargin), nil
}
