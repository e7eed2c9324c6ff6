package event

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"slices"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// apply runs the inbox and the handler in one transaction. What the handler said no to comes back as a refusal, what it
// cannot do now as a postponement; every other error is of the database.
func (c *consumer) apply(ctx context.Context, m Message) (err error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.AckWait/2)
	defer cancel()
	ctx, end := startSpan(ctx, c.bus.o.Traces, c.s.Consumer, m)
	defer func() { end(err) }()
	var said error
	release, err := c.db.Turn(ctx)
	if err != nil {
		return &postponement{err}
	}
	defer release()
	err = c.db.InTx(asConsumer(ctx, c.db.Service(), m), func(tx *store.Tx) (err error) {
		said, err = c.applyIn(tx, m)
		if said == nil && err == nil {
			said = tx.Flush() // what the database refuses of it at the end is refused all the same
		}
		return first(said, err)
	})
	switch {
	case err == nil || said == nil:
		return err
	case ctx.Err() == nil && counts(said):
		return &refusal{said}
	default:
		return &postponement{said}
	}
}

// applyTogether applies messages in one transaction, or none of them. Consumers change related rows of one order in the
// order of these: so they seldom wait for each other.
func (c *consumer) applyTogether(ctx context.Context, batch []*taken) error {
	ctx, cancel := context.WithTimeout(ctx, c.o.AckWait/2)
	defer cancel()
	of := map[string]string{}
	for _, t := range batch {
		if _, known := of[t.m.Aggregate]; !known {
			of[t.m.Aggregate] = t.m.Correlation
		}
	}
	batch = slices.Clone(batch)
	slices.SortStableFunc(batch, func(a, b *taken) int { return cmp.Compare(of[a.m.Aggregate], of[b.m.Aggregate]) })
	release, err := c.db.Turn(ctx)
	if err != nil {
		return err
	}
	defer release()
	return c.db.Together(ctx, func(tx *store.Tx) error {
		for _, t := range batch {
			if err := c.applyPart(ctx, tx, t.m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *consumer) applyPart(ctx context.Context, tx *store.Tx, m Message) (err error) {
	ctx, end := startSpan(ctx, c.bus.o.Traces, c.s.Consumer, m)
	defer func() { end(err) }()
	return tx.Part(asConsumer(ctx, c.db.Service(), m), func(tx *store.Tx) error {
		said, err := c.applyIn(tx, m)
		return first(said, err)
	})
}

// applyIn drops a message whose revision is not newer than the last seen. said is what the handler returned.
func (c *consumer) applyIn(tx *store.Tx, m Message) (said, err error) {
	seen, err := tx.Seen(c.s.Consumer, m.Aggregate, m.Revision)
	if err != nil || seen {
		return nil, err
	}
	return contained(c.s.Handle, tx, m), nil
}

// asConsumer says who acts: this service, for whom the event's actor acted.
func asConsumer(ctx context.Context, service string, m Message) context.Context {
	behalf := m.Actor.OnBehalfOf
	if behalf == "" {
		behalf = m.Actor.Subject
	}
	return call.With(ctx, call.Call{
		ID:    m.ID,
		Actor: call.Actor{Subject: "service:" + service, Role: "SERVICE", OnBehalfOf: behalf},
		Scope: call.Everyone("consumer"),
		Cause: m.ID,
	})
}

// contained turns a panic of the handler into an error, so that the transaction rolls back and the process lives.
func contained(handle func(*store.Tx, Message) error, tx *store.Tx, m Message) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return handle(tx, m)
}

// refusal is our decision's no. It is the only thing that counts as a try.
type refusal struct{ cause error }

func (r *refusal) Error() string { return r.cause.Error() }
func (r *refusal) Unwrap() error { return r.cause }

// postponement is a handler's "not now".
type postponement struct{ cause error }

func (p *postponement) Error() string { return p.cause.Error() }
func (p *postponement) Unwrap() error { return p.cause }

// counts reports whether what a handler returned is a decision. What trying again can mend is none: an absent
// database or peer, a deadline, somebody who was faster.
func counts(err error) bool {
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Deadline, errs.Cancelled, errs.Conflict:
		return false
	default:
	}
	for _, away := range []error{
		context.Canceled, context.DeadlineExceeded, sql.ErrConnDone, sql.ErrTxDone, driver.ErrBadConn,
	} {
		if errors.Is(err, away) {
			return false
		}
	}
	_, network := errors.AsType[net.Error](err)
	return !network
}
