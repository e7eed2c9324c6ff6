package kit_test

import (
	"context"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
)

func denied() error { return errs.New(errs.Denied, "DENIED", "the password is wrong") }

// dated gives a fence a date that has come, at which it is called overdue.
func dated(es *kit.Effects[fence]) *kit.Effects[fence] {
	es.Dates = func(f *fence) time.Time {
		if f.Refusal != "" {
			return time.Time{}
		}
		return intent.Immediately
	}
	es.Tick = func(f *fence, _ string, _ time.Time) ([]fact.Fact, error) {
		if f.Refusal != "" {
			return nil, nil
		}
		f.Refusal = "overdue"
		return []fact.Fact{{Name: "overdue"}}, nil
	}
	return es
}

// wantedStill makes the one effect wanted although the fence is overdue. Its party knows the token, so that it is repeated.
func wantedStill(e *kit.Effect[fence]) {
	e.Find = nil
	e.Wanted = func(f *fence) []intent.Want {
		if f.Painted != "" || f.Unwanted {
			return nil
		}
		return intent.Now()
	}
}

// An effect that fails for as long as its party is away holds up no date of the aggregate.
func TestAFailingEffectHoldsUpNoDate(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{"away": unavailable, "denied": denied} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &painter{did: map[string]int{}, fail: func(int) error { return fail() }}
			row := become(t, work(t, dated(effects(p, wantedStill)), ""), "overdue", func(r store.Row[fence]) bool { return r.Doc.Refusal != "" })
			if row.Doc.Painted != "" {
				t.Errorf("it was painted: %+v", row.Doc)
			}
		})
	}
}

// A patient effect goes on beside one that fails, also for what the date of the same pass made of the aggregate.
func TestAFailingEffectHoldsUpNoPatientEffect(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}, fail: func(int) error { return unavailable() }}
	es := dated(effects(p, wantedStill))
	told := &painter{did: map[string]int{}}
	es.All = append(es.All, kit.Effect[fence]{
		Name: "tell", Patient: true,
		Wanted: func(f *fence) []intent.Want {
			if f.Refusal != "overdue" {
				return nil
			}
			return intent.Now()
		},
		Do: func(ctx context.Context, a kit.Attempt[fence]) (kit.Record[fence], error) {
			_, err := told.paint(ctx, a)
			return func(f *fence, _ time.Time) ([]fact.Fact, error) { f.Refusal = "told"; return nil, nil }, err
		},
	})
	row := become(t, work(t, es, ""), "told", func(r store.Row[fence]) bool { return r.Doc.Refusal == "told" })
	if _, _, did := told.counts(); did != 1 || row.Parked {
		t.Errorf("told %d times, parked %t", did, row.Parked)
	}
}

// What a party denies is asked at once a few times, then by the hour of the business. The row fails no more, nothing else of
// it waits, and the document says since when it is so.
func TestADeniedEffectSaysSinceWhen(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]bool{"a call that changes something": false, "a look": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &painter{did: map[string]int{}, fail: func(int) error { return denied() }}
			table := work(t, effects(p, func(e *kit.Effect[fence]) { e.Look = look }), "platform: {work: {max_attempts: 2}}")
			row := become(t, table, "left for an hour", func(r store.Row[fence]) bool {
				i := r.Doc.Intents["paint"]
				return i != nil && !i.Again.IsZero() && r.Attempts == 0
			})
			i := row.Doc.Intents["paint"]
			if row.Parked || i.Asked || !row.WakeAt.Equal(i.Again) || i.Again.Sub(i.DeniedAt) < time.Hour {
				t.Errorf("parked %t, wakes at %s, the intent is %+v", row.Parked, row.WakeAt, i)
			}
			if since := row.Doc.Intents.Denied(); !since.Equal(i.DeniedAt) {
				t.Errorf("the document says %s", since)
			}
			if asked, looked, _ := p.counts(); asked < 3 || looked != 0 {
				t.Errorf("asked %d times, looked %d times", asked, looked)
			}
		})
	}
}

// What was put off and is not wanted any more is forgotten: wanted again, it would wait for the pause of another wish.
func TestAPauseEndsWithTheWish(t *testing.T) {
	t.Parallel()
	p := &painter{did: map[string]int{}}
	es := effects(p, func(e *kit.Effect[fence]) {
		e.Patient = true
		e.Unwanted = func(f *fence) []intent.Want {
			if f.Unwanted && f.Painted != "" {
				return intent.Now()
			}
			return nil
		}
		e.Undo = func(context.Context, kit.Attempt[fence]) (kit.Record[fence], error) { return nil, unavailable() }
	})
	table, db := workIn(t, es, "")
	become(t, table, "painted", isPainted)
	change(t, db, table, func(f *fence) { f.Unwanted = true })
	become(t, table, "not taken back for now", func(r store.Row[fence]) bool { return r.Doc.Intents["paint-undo"] != nil })
	change(t, db, table, func(f *fence) { f.Unwanted = false })
	become(t, table, "forgotten", func(r store.Row[fence]) bool { return r.Doc.Intents == nil && r.WakeAt.IsZero() })
}

func change(t *testing.T, db *store.DB, table *store.Table[fence], change func(*fence)) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := table.Update(tx, call.Everyone("test"), "one", "", func(f *fence) ([]fact.Fact, error) {
			change(f)
			return []fact.Fact{{Name: "changed"}}, nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
