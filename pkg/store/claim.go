package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
)

// ErrLostClaim says that another worker may have the row by now: nothing was saved.
var ErrLostClaim = errs.New(errs.Conflict, "CLAIM_LOST", "the claim lapsed and the row was taken or changed since")

// Claim is a row that this worker, and nobody else, works on until the lease lapses. Calls and events may change
// the row meanwhile: what the work brings is applied to the newest document, and if that is due, it is claimed again.
type Claim[T any] struct {
	Row[T]   // as of the claim, the last Save or Finish
	table    *Table[T]
	token    string
	finished bool
	kept     *keeper
	ends     <-chan struct{} // closed when its worker is to end; nil: never
}

// Now is the business time of this moment.
func (c *Claim[T]) Now() time.Time { return c.table.db.business.Now() }

// Ends reports whether the worker is to end: what it has begun is finished, and nothing else is begun.
func (c *Claim[T]) Ends() bool {
	select {
	case <-c.ends:
		return true
	default:
		return false
	}
}

// Claim takes up to n due rows, those due longest first. Rows whose document cannot be read are parked on the way;
// rows of a newer release are left to it. Each row's Attempts counts this try, so that one which kills its worker
// every time is seen to fail as well.
func (t *Table[T]) Claim(ctx context.Context, n int, lease time.Duration) ([]*Claim[T], error) {
	token, machine, held := ids.New("clm"), t.db.machine.Now(), t.db.machine.Stopwatch()
	var taken []stored
	err := single(ctx, t.db, func(tx *Tx) error {
		var err error
		taken, err = selectAll(tx, scanRow, t.claimSQL(),
			token, int64(machine.Add(lease)), int64(machine), tx.now.UnixMicro(), t.kind.Version, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(taken, func(a, b stored) int { return cmp.Or(a.WakeAt.Compare(b.WakeAt), cmp.Compare(a.ID, b.ID)) })
	var claims []*Claim[T]
	for i := range taken {
		row, err := t.decode(&taken[i])
		c := &Claim[T]{Row: row, table: t, token: token, kept: &keeper{
			base: context.WithoutCancel(ctx), work: ctx, lease: lease, until: machine.Add(lease), held: held,
		}}
		if err == nil {
			claims = append(claims, c)
			continue
		}
		t.db.log.ErrorContext(ctx, "parked a row that cannot be read", "kind", t.kind.Noun, "id", c.ID, "error", err)
		if err := c.Fail(ctx, err, 0, 1); err != nil {
			return claims, err
		}
	}
	return claims, nil
}

// claimSQL looks in two places: free rows, and rows whose claim or back-off has lapsed. Each is a range of the work
// index, so that a claim costs the same however many rows sleep, are claimed or back off. SQLite would prepare a statement anew
// for each value of a parameter that is the whole LIMIT.
func (t *Table[T]) claimSQL() string {
	const places = `
WITH lapsed AS MATERIALIZED (
  SELECT id FROM %[1]s
  WHERE parked = 0 AND claimed_until > 0 AND claimed_until <= $3 AND wake_at <= $4 AND doc_version <= $5
  ORDER BY wake_at LIMIT $6 + 0%[2]s
), free AS MATERIALIZED (
  SELECT id FROM %[1]s
  WHERE parked = 0 AND claimed_until = 0 AND wake_at <= $4 AND doc_version <= $5
  ORDER BY wake_at LIMIT $6 + 0%[2]s
), due AS MATERIALIZED (
  SELECT id FROM lapsed UNION ALL SELECT id FROM free LIMIT $6 + 0
)
UPDATE %[1]s SET claim = $1, claimed_until = $2, claimed_at = $3, attempts = attempts + 1
WHERE id IN (SELECT id FROM due) RETURNING %[3]s`
	return fmt.Sprintf(places, t.kind.Table, t.db.dialect.skipLocked, rowColumns)
}

// Save applies change to the newest document and keeps the claim: for an intent before its effect. ErrLostClaim when
// the claim is gone.
func (c *Claim[T]) Save(ctx context.Context, change func(*T) ([]fact.Fact, error)) error {
	return c.table.db.InTx(ctx, func(tx *Tx) error { return c.SaveTx(tx, change) })
}

// SaveTx is Save as a part of a larger transaction; c.Row follows when that commits.
func (c *Claim[T]) SaveTx(tx *Tx, change func(*T) ([]fact.Fact, error)) error {
	return c.SettleTx(tx, change, func(*T) Then { return Keep })
}

// Finish applies change to the newest document and frees the claim; a nil change only frees it. The row is due again
// when its newest document says so. ErrLostClaim when the claim is gone.
func (c *Claim[T]) Finish(ctx context.Context, change func(*T) ([]fact.Fact, error)) error {
	return c.table.db.InTx(ctx, func(tx *Tx) error { return c.FinishTx(tx, change) })
}

// FinishTx is Finish as a part of a larger transaction; c.Row follows when that commits.
func (c *Claim[T]) FinishTx(tx *Tx, change func(*T) ([]fact.Fact, error)) error {
	return c.SettleTx(tx, change, func(*T) Then { return Free })
}

// Then is what becomes of a claim when the work saves.
type Then int

// What becomes of it.
const (
	Free Then = iota // the work is done, as with Finish
	Keep             // it is in the middle of something, as with Save
	GoOn             // something is done, and the next thing begins: tries are counted as if the row was claimed again
)

// Settle is SettleTx in a transaction of its own.
func (c *Claim[T]) Settle(ctx context.Context, change func(*T) ([]fact.Fact, error), then func(*T) Then) error {
	return c.table.db.InTx(ctx, func(tx *Tx) error { return c.SettleTx(tx, change, then) })
}

// SettleTx applies change to the newest document, and then does with the claim what the changed document is to have. c.Row follows
// when the transaction commits. ErrLostClaim when the claim is gone.
func (c *Claim[T]) SettleTx(tx *Tx, change func(*T) ([]fact.Fact, error), then func(*T) Then) error {
	var chosen Then
	row, err := c.apply(tx, change, func(s *stored, doc *T) {
		switch chosen = then(doc); chosen {
		case Free:
			s.claim, s.claimedUntil, s.Attempts, s.LastError = "", 0, 0, ""
		case GoOn:
			s.Attempts, s.LastError = 1, ""
		case Keep:
		}
	})
	tx.committed = append(tx.committed, func() {
		c.Row = row
		if chosen == Free {
			c.finished = true
			c.kept.finished()
		}
	})
	return err
}

func (c *Claim[T]) apply(
	tx *Tx, change func(*T) ([]fact.Fact, error), settle func(*stored, *T),
) (Row[T], error) {
	s, err := c.table.lock(tx, call.Everyone("the worker that holds the claim"), c.ID)
	if err != nil {
		return Row[T]{}, err
	}
	if s.claim != c.token {
		return Row[T]{}, ErrLostClaim
	}
	var newest *T
	return c.table.save(tx, s, func(doc *T) (facts []fact.Fact, err error) {
		if newest = doc; change != nil {
			facts, err = change(doc)
		}
		return facts, err
	}, func(s *stored, _ bool) { settle(s, newest) })
}

// giveBack frees a claim that nobody began to work on, as if it had not been taken.
func (c *Claim[T]) giveBack(ctx context.Context) error {
	return c.table.db.InTx(ctx, func(tx *Tx) error {
		_, err := tx.Exec("UPDATE "+c.table.kind.Table+
			" SET claim = '', claimed_until = 0, attempts = attempts - 1 WHERE id = $1 AND claim = $2", c.ID, c.token)
		return err
	})
}
