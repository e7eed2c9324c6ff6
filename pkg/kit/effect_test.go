package kit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
)

// fence is an aggregate that wants one thing outside: to be painted.
type fence struct {
	Painted  string        `json:"painted,omitempty"`
	Refusal  string        `json:"refusal,omitempty"`
	Unwanted bool          `json:"unwanted,omitempty"`
	Intents  intent.Ledger `json:"intents,omitempty"`
}

// painter is an outside party that remembers what it did, by token, and fails as it is told to.
type painter struct {
	mu     sync.Mutex
	did    map[string]int
	asked  int
	looked int
	fail   func(try int) error // before the effect
	lose   func(try int) error // after it
}

func (p *painter) paint(_ context.Context, a kit.Attempt[fence]) (kit.Record[fence], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.fail != nil {
		if err := p.fail(p.asked); err != nil {
			return nil, err
		}
	}
	p.did[a.Token]++
	if p.lose != nil {
		if err := p.lose(p.asked); err != nil {
			return nil, err
		}
	}
	return painted(a.Token), nil
}

func painted(token string) kit.Record[fence] {
	return func(f *fence, _ time.Time) ([]fact.Fact, error) {
		f.Painted = token
		return []fact.Fact{{Name: "painted"}}, nil
	}
}

// find looks for what was painted with the token.
func (p *painter) find(_ context.Context, a kit.Attempt[fence]) (kit.Record[fence], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looked++
	if p.did[a.Token] == 0 {
		return nil, nil
	}
	return painted(a.Token), nil
}

func (p *painter) counts() (asked, looked, did int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.did {
		did += n
	}
	return p.asked, p.looked, did
}

// effects of a fence; change completes the one effect.
func effects(p *painter, change func(*kit.Effect[fence])) *kit.Effects[fence] {
	e := kit.Effect[fence]{
		Name: "paint", Do: p.paint, Find: p.find, Settle: time.Millisecond,
		Wanted: func(f *fence) []intent.Want {
			if f.Painted != "" || f.Refusal != "" || f.Unwanted {
				return nil
			}
			return intent.Now()
		},
	}
	if change != nil {
		change(&e)
	}
	return &kit.Effects[fence]{All: []kit.Effect[fence]{e}, Ledger: func(f *fence) *intent.Ledger { return &f.Intents }}
}

// work hosts a service with one fence and returns its table.
func work(t *testing.T, es *kit.Effects[fence], more string) *store.Table[fence] {
	t.Helper()
	table, _ := workIn(t, es, more)
	return table
}

// workIn is work, with the database in which a test changes the fence.
func workIn(t *testing.T, es *kit.Effects[fence], more string) (table *store.Table[fence], db *store.DB) {
	t.Helper()
	start(t, loopback(t, more), fences(es, &table, &db))
	return table, db
}

// fences is a service with one fence.
func fences(es *kit.Effects[fence], in **store.Table[fence], db **store.DB) kit.Service {
	return kit.New(kit.Spec[kit.NoConfig]{
		Name:       "fences",
		Migrations: fstest.MapFS{"migrations/00001_fences.sql": {Data: []byte("-- +goose Up\nCREATE TABLE fences (\n  -- +store kind\n);\n")}},
		Setup: func(ctx context.Context, e *kit.Env, _ *kit.NoConfig) error {
			table := store.NewTable(e.DB, store.Kind[fence]{Noun: "fence", Table: "fences", Version: 1, Next: es.Next})
			*in, *db = table, e.DB
			kit.WorkEffects(e, table, es)
			return e.DB.InTx(ctx, func(tx *store.Tx) error {
				_, err := table.Create(tx, "one", &fence{})
				return err
			})
		},
	})
}

// become waits until the fence is as wanted.
func become(t *testing.T, table *store.Table[fence], what string, so func(store.Row[fence]) bool) store.Row[fence] {
	t.Helper()
	for range 6000 {
		row, err := table.Get(t.Context(), call.Everyone("test"), "one")
		if err != nil {
			t.Fatal(err)
		}
		if so(row) {
			return row
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
	row, _ := table.Get(t.Context(), call.Everyone("test"), "one")
	t.Fatalf("not in time: %s; it is %+v, %+v", what, row.Doc, row.Meta)
	return row
}

func isPainted(r store.Row[fence]) bool { return r.Doc.Painted != "" }

func unavailable() error { return errs.New(errs.Unavailable, "UNAVAILABLE", "no answer") }

func TestAnEffectIsDoneOnce(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}}
	row := become(t, work(t, effects(p, nil), ""), "painted", isPainted)
	if asked, looked, did := p.counts(); asked != 1 || looked != 0 || did != 1 {
		t.Errorf("asked %d times, looked %d times, did %d", asked, looked, did)
	}
	if row.Doc.Intents != nil || row.Revision != 2 {
		t.Errorf("left is %+v, revision %d", row.Doc.Intents, row.Revision)
	}
}

// An answer that is lost after the effect is looked up, and the effect is not repeated.
func TestALostAnswerIsLookedUp(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, lose: func(try int) error {
		if try == 1 {
			return unavailable()
		}
		return nil
	}}
	become(t, work(t, effects(p, nil), ""), "painted", isPainted)
	if asked, looked, did := p.counts(); asked != 1 || looked != 1 || did != 1 {
		t.Errorf("asked %d times, looked %d times, did %d", asked, looked, did)
	}
}

// A call without an effect is looked up, found absent and repeated, as another intent.
func TestAnAbsentEffectIsBegunAnew(t *testing.T) {
	t.Parallel()
	absent := 0
	p := &painter{did: map[string]int{}, fail: func(try int) error {
		if try == 1 {
			return unavailable()
		}
		return nil
	}}
	es := effects(p, func(e *kit.Effect[fence]) {
		e.Absent = func(*fence, kit.Intended, time.Time) ([]fact.Fact, error) { absent++; return nil, nil }
	})
	become(t, work(t, es, ""), "painted", isPainted)
	if asked, looked, did := p.counts(); asked != 2 || looked != 1 || did != 1 || absent != 1 {
		t.Errorf("asked %d times, looked %d times, did %d, absent %d", asked, looked, did, absent)
	}
}

// Without a way to look, the same call goes out again under the same token.
func TestARepetitionHasTheSameToken(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, lose: func(try int) error {
		if try < 3 {
			return unavailable()
		}
		return nil
	}}
	become(t, work(t, effects(p, func(e *kit.Effect[fence]) { e.Find = nil }), ""), "painted", isPainted)
	if len(p.did) != 1 {
		t.Errorf("tokens are %v", p.did)
	}
}

// A call that surely had no effect is taken back, and not looked up.
func TestWhatHadNoEffectIsNotLookedUp(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, fail: func(try int) error {
		if try == 1 {
			return errs.New(errs.Exhausted, "RATE_LIMITED", "busy")
		}
		return nil
	}}
	become(t, work(t, effects(p, nil), ""), "painted", isPainted)
	if asked, looked, _ := p.counts(); asked != 2 || looked != 0 {
		t.Errorf("asked %d times, looked %d times", asked, looked)
	}
}

func TestARefusalIsRecorded(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, fail: func(int) error { return errs.New(errs.Precondition, "NO_PAINT", "there is no paint") }}
	es := effects(p, func(e *kit.Effect[fence]) {
		e.Refused = func(f *fence, _ kit.Intended, o intent.Outcome, _ time.Time) ([]fact.Fact, error) {
			f.Refusal = o.Reason
			return nil, nil
		}
	})
	row := become(t, work(t, es, ""), "refused", func(r store.Row[fence]) bool { return r.Doc.Refusal == "NO_PAINT" })
	if row.Doc.Intents != nil || row.Parked {
		t.Errorf("left is %+v, parked %t", row.Doc.Intents, row.Parked)
	}
}

// A refusal that nobody records counts, until the row is parked.
func TestAnUnrecordedRefusalParks(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, fail: func(int) error { return errs.New(errs.Precondition, "NO_PAINT", "there is no paint") }}
	table := work(t, effects(p, nil), "platform: {work: {max_attempts: 2}}")
	become(t, table, "parked", func(r store.Row[fence]) bool { return r.Parked })
}

// Missing the effect's own limit counts as well: what never fits is not tried for ever.
func TestAnOverrunParks(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}}
	es := effects(p, func(e *kit.Effect[fence]) {
		e.Limit, e.Find = 20*time.Millisecond, nil
		e.Do = func(ctx context.Context, _ kit.Attempt[fence]) (kit.Record[fence], error) {
			<-ctx.Done()
			return nil, fmt.Errorf("no answer: %w", ctx.Err())
		}
	})
	table := work(t, es, "platform: {work: {max_attempts: 2}}")
	become(t, table, "parked", func(r store.Row[fence]) bool { return r.Parked })
}

// A patient effect whose party is away waits by itself, in business time, and fails nothing.
func TestAPatientEffectWaitsByItself(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, fail: func(int) error { return unavailable() }}
	es := effects(p, func(e *kit.Effect[fence]) { e.Patient, e.Find = true, nil })
	row := become(t, work(t, es, ""), "postponed", func(r store.Row[fence]) bool {
		i := r.Doc.Intents["paint"]
		return i != nil && !i.Again.IsZero()
	})
	i := row.Doc.Intents["paint"]
	if row.Attempts != 0 || !row.WakeAt.Equal(i.Again) || i.Tries != 1 || !i.Asked {
		t.Errorf("the row has %d attempts and wakes at %s; the intent is %+v", row.Attempts, row.WakeAt, i)
	}
}

// What exists and is not wanted any more is taken back.
func TestAnUnwantedEffectIsTakenBack(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}}
	es := effects(p, func(e *kit.Effect[fence]) {
		e.Unwanted = func(f *fence) []intent.Want {
			if f.Unwanted && f.Painted != "" {
				return intent.Now()
			}
			return nil
		}
		e.Undo = func(context.Context, kit.Attempt[fence]) (kit.Record[fence], error) {
			return func(f *fence, _ time.Time) ([]fact.Fact, error) { f.Painted = ""; return nil, nil }, nil
		}
		done := e.Do
		e.Do = func(ctx context.Context, a kit.Attempt[fence]) (kit.Record[fence], error) {
			record, err := done(ctx, a)
			return func(f *fence, now time.Time) ([]fact.Fact, error) {
				f.Unwanted = true // somebody thinks otherwise meanwhile
				return record(f, now)
			}, err
		}
	})
	become(
		t, work(t, es, ""), "taken back", func(r store.Row[fence]) bool { return r.Doc.Unwanted && r.Doc.Painted == "" && r.WakeAt.IsZero() },
	)
}

// A panic of a call is a failure like any other.
func TestAPanickingEffectIsContained(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, fail: func(try int) error {
		if try == 1 {
			panic(errors.New("a bug"))
		}
		return nil
	}}
	become(t, work(t, effects(p, nil), ""), "painted", isPainted)
}
