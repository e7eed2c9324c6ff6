package kit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
)

// seen is what an effect found when it was called.
type seen struct {
	claim  string // by which it was called
	coats  int    // that were saved before
	intent bool   // it was saved, too
}

// coats wants a number of coats of paint, one effect after the other; each notes what is saved when it is called.
type coats struct {
	mu    sync.Mutex
	table *store.Table[fence]
	calls []seen
}

func (c *coats) effects(n int, change func(i int, e *kit.Effect[fence])) *kit.Effects[fence] {
	es := &kit.Effects[fence]{Ledger: func(f *fence) *intent.Ledger { return &f.Intents }}
	for i := range n {
		name := fmt.Sprintf("coat-%02d", i)
		e := kit.Effect[fence]{
			Name: name, Settle: time.Millisecond,
			Wanted: func(f *fence) []intent.Want {
				if len(f.Painted) != i {
					return nil
				}
				return intent.Now()
			},
			Do: func(ctx context.Context, a kit.Attempt[fence]) (kit.Record[fence], error) {
				row, err := c.table.Get(ctx, call.Everyone("test"), a.ID)
				if err != nil {
					return nil, err
				}
				c.mu.Lock()
				defer c.mu.Unlock()
				c.calls = append(c.calls, seen{call.From(ctx).ID, len(row.Doc.Painted), row.Doc.Intents.Asked(name, "")})
				return func(f *fence, _ time.Time) ([]fact.Fact, error) {
					f.Painted += "x"
					return []fact.Fact{{Name: "painted"}}, nil
				}, nil
			},
		}
		if change != nil {
			change(i, &e)
		}
		es.All = append(es.All, e)
	}
	return es
}

// painted waits for all coats and returns the calls.
func (c *coats) painted(t *testing.T, es *kit.Effects[fence]) []seen {
	t.Helper()
	start(t, loopback(t, ""), fences(es, &c.table, new(*store.DB)))
	all := strings.Repeat("x", len(es.All))
	row := become(t, c.table, "painted", func(r store.Row[fence]) bool { return r.Doc.Painted == all && r.WakeAt.IsZero() && r.Attempts == 0 })
	if row.Doc.Intents != nil || row.Parked {
		t.Errorf("left is %+v, parked %t", row.Doc.Intents, row.Parked)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

// What is due at once is done under one claim. What came of an effect and the intent of the next one are saved before its call.
func TestAClaimIsKeptForWhatIsDueNext(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]bool{"calls that change something": false, "looks": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &coats{}
			calls := c.painted(t, c.effects(5, func(_ int, e *kit.Effect[fence]) { e.Look = look }))
			if len(calls) != 5 {
				t.Fatalf("called %d times", len(calls))
			}
			for i, call := range calls {
				if want := (seen{calls[0].claim, i, !look}); call != want {
					t.Errorf("call %d found %+v, want %+v", i, call, want)
				}
			}
		})
	}
}

// An aggregate that always has something due lets others have their turn.
func TestAClaimIsNotKeptForEver(t *testing.T) {
	t.Parallel()
	c := &coats{}
	claims := map[string]int{}
	for _, call := range c.painted(t, c.effects(40, nil)) {
		claims[call.claim]++
	}
	if len(claims) != 3 {
		t.Errorf("40 effects were done under %d claims", len(claims))
	}
}

// What came of an effect is kept, also when the next one cannot be begun.
func TestWhatCannotBeBegunTakesNothingBack(t *testing.T) {
	t.Parallel()
	c, tries := &coats{}, 0
	calls := c.painted(t, c.effects(3, func(i int, e *kit.Effect[fence]) {
		if i != 1 {
			return
		}
		e.Begin = func(*fence, kit.Intended, time.Time) ([]fact.Fact, error) {
			if tries++; tries < 3 {
				return nil, errors.New("a bug")
			}
			return nil, nil
		}
	}))
	if len(calls) != 3 || tries != 3 {
		t.Errorf("begun %d times, called %+v", tries, calls)
	}
}

// Nothing is looked for that was not asked for: an effect that is not admitted after its intent was saved has had none.
func TestWhatIsNotAdmittedIsNotLookedFor(t *testing.T) {
	t.Parallel()
	c, tries, looked := &coats{}, 0, 0
	calls := c.painted(t, c.effects(2, func(i int, e *kit.Effect[fence]) {
		if i != 1 {
			return
		}
		e.Find = func(context.Context, kit.Attempt[fence]) (kit.Record[fence], error) {
			looked++
			return nil, nil
		}
		e.Admit = func(context.Context, kit.Attempt[fence]) error {
			if tries++; tries < 2 {
				return errs.New(errs.Exhausted, "RATE_LIMITED", "not now")
			}
			return nil
		}
	}))
	if len(calls) != 2 || tries != 2 || looked != 0 {
		t.Errorf("admitted after %d tries, looked %d times, called %+v", tries, looked, calls)
	}
}
