package kit

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/rand/v2"
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
	watchAgain  = time.Minute            // how often a whole list is read again: NATS may lose a wake-up, and not all that matters wakes
	watchPause  = 100 * time.Millisecond // between two reads, so that what changes often is told in its newest state alone
	watchSpread = 2 * time.Second        // over how long the watches that one reconnect wakes read their lists again
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
// tells of what is not in the list whether or not it was; where more than its rows' revisions decides what is in the list, or the scope is
// another by now, it begins anew. It ends when the caller goes away, with WATCH_TOO_LARGE when more is in the
// list than can be watched, and with UNAVAILABLE when the process shuts down.
func WatchList[T any](
	ctx context.Context, e *Env, table *store.Table[T], where []store.Cond, token string, send func(Listed[T]) error,
) error {
	is, err := watchOf(table.Noun(), where, call.From(ctx))
	if err != nil {
		return err
	}
	since, err := is.since(token)
	if err != nil {
		return err
	}
	if !resumable(where, call.From(ctx).Scope) {
		since = time.Time{}
	}
	l := &listWatch[T]{ctx: ctx, env: e, table: table, where: where, is: is, send: send}
	var stop func()
	l.changed, stop = e.Bus.FollowAll(ctx, e.Name, table.Noun(), customersOf(where, call.From(ctx).Scope))
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
	is      watchToken
	send    func(Listed[T]) error
	changed *event.Changed
	held    map[string]sent // what was sent of each that is in the list
}

// sent is what a row that is sent again differs in.
type sent struct {
	revision int64
	parked   bool
	waiting  store.Waiting
}

func (l *listWatch[T]) of(r store.Row[T]) sent {
	waiting := l.table.Waiting(r)
	waiting.Until = waiting.Until.UTC() // equal times are to be equal values
	return sent{r.Revision, r.Parked, waiting}
}

func (l *listWatch[T]) begin(since time.Time) error {
	now := l.env.Business.Now()
	found, err := l.read(l.where)
	if err != nil {
		return err
	}
	l.held = map[string]sent{}
	if since.IsZero() {
		if err := l.send(Listed[T]{Reset: true}); err != nil {
			return err
		}
		return l.tell(found.rows, nil, now, true)
	}
	var fresh []store.Row[T]
	for _, r := range found.rows {
		if r.UpdatedAt.Before(since) {
			l.held[r.ID] = l.of(r)
		} else {
			fresh = append(fresh, r)
		}
	}
	moved, err := l.read(append(slices.DeleteFunc(slices.Clone(l.where), mutable), store.Since("updated_at", since)))
	if errs.ReasonOf(err) == reasonTooLarge { // too much has changed to tell it one by one
		return l.begin(time.Time{})
	}
	if err != nil {
		return err
	}
	return l.tell(fresh, found.missing(moved.ids()), now, true)
}

// resumable says whether all that came into a list and left it since a time can be told by revisions alone.
func resumable(where []store.Cond, scope call.Scope) bool {
	return scope.OfPartner() == "" && !slices.ContainsFunc(where, func(c store.Cond) bool { return !c.OfRevision() })
}

// customersOf says whose changes a list can show at all, so that a change of anybody else's costs no query. A partner's customers are known
// to the store alone.
func customersOf(where []store.Cond, scope call.Scope) func(customer string) bool {
	return func(customer string) bool {
		if scope.OfPartner() == "" && !scope.Sees(customer) {
			return false
		}
		return !slices.ContainsFunc(where, func(c store.Cond) bool {
			return !mutable(c) && !slices.Contains(c.Values, any(customer))
		})
	}
}

// mutable says whether a condition may have held for a row before and hold no more: a row stays its customer's.
func mutable(c store.Cond) bool {
	return c.Column != "customer" || c.Op != "=" && c.Op != "IN" && c.Op != "ANY"
}

func (l *listWatch[T]) follow() error {
	again := time.NewTicker(watchAgain)
	defer again.Stop()
	for {
		whole := true
		select {
		case <-l.changed.Some:
			whole = false
		case <-l.changed.Missed:
			if err := (clock.Machine{}).Wait(l.ctx, rand.N(watchSpread)); err != nil {
				return err
			}
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
		found, err := l.read(l.where)
		if err != nil {
			return err
		}
		return l.tell(found.rows, found.missing(slices.Sorted(maps.Keys(l.held))), now, false)
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := l.read(append(slices.Clone(l.where), store.In("id", ids...)))
	if err != nil {
		return err
	}
	gone := found.missing(ids)
	return l.tell(found.rows, slices.DeleteFunc(gone, func(id string) bool { _, in := l.held[id]; return !in }), now, false)
}

// listed is what a list has. What cannot be read, because a newer release wrote it, is in it all the same.
type listed[T any] struct {
	rows       []store.Row[T]
	unreadable []string
}

func (l listed[T]) ids() []string {
	ids := slices.Clone(l.unreadable)
	for _, r := range l.rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// missing are those of the ids that are not in the list.
func (l listed[T]) missing(ids []string) []string {
	found := map[string]bool{}
	for _, id := range l.ids() {
		found[id] = true
	}
	return slices.DeleteFunc(ids, func(id string) bool { return found[id] })
}

// tell sends what the caller does not have, and a token if that was anything or it was told of nothing yet.
func (l *listWatch[T]) tell(rows []store.Row[T], left []string, now time.Time, told bool) error {
	for _, r := range rows {
		newest, have := l.of(r), l.held[r.ID]
		if have == newest || have.revision > newest.revision {
			continue
		}
		l.held[r.ID], told = newest, true
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
	return l.send(Listed[T]{Current: l.is.at(now)})
}

// read is all that conditions and the caller's scope let through.
func (l *listWatch[T]) read(where []store.Cond) (all listed[T], err error) {
	q := store.Query{Where: where, Size: store.MaxPage}
	for {
		page, err := l.table.List(l.ctx, call.From(l.ctx).Scope, q)
		if err != nil {
			return all, err
		}
		all.rows, all.unreadable = append(all.rows, page.Rows...), append(all.unreadable, page.Unreadable...)
		if len(all.rows)+len(all.unreadable) > watchable {
			return all, tooLarge()
		}
		if q.Token = page.Next; q.Token == "" {
			return all, nil
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
	Scope string `json:"s"` // what the caller saw then
	At    int64  `json:"t"` // business time, microseconds
}

func watchOf(noun string, where []store.Cond, c call.Call) (t watchToken, err error) {
	if t.Bound, err = digest(noun, where, c.KeyOwner); err != nil {
		return t, err
	}
	customers := c.Scope.List()
	slices.Sort(customers)
	t.Scope, err = digest(c.Scope.All(), c.Scope.OfPartner(), customers)
	return t, err
}

func digest(values ...any) (string, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:12]), nil
}

func (t watchToken) at(now time.Time) string {
	t.At = now.UnixMicro()
	text, _ := json.Marshal(t) // strings and a number
	return base64.RawURLEncoding.EncodeToString(text)
}

// since returns since when a caller with this token lacks what has changed; zero: it has nothing, or what it saw is not what it sees.
func (t watchToken) since(token string) (time.Time, error) {
	if token == "" {
		return time.Time{}, nil
	}
	var was watchToken
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(raw, &was)
	}
	if err != nil || was.Bound != t.Bound {
		return time.Time{}, errs.InvalidField("resume_token", "PAGE_TOKEN_INVALID", "this token belongs to another watch")
	}
	if was.Scope != t.Scope {
		return time.Time{}, nil
	}
	return time.UnixMicro(was.At).UTC().Add(-watchMargin), nil
}
