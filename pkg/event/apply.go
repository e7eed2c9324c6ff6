package event

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"runtime/debug"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// apply runs the inbox and the handler in one transaction. A message whose revision is not newer than the last seen
// is dropped. What the handler said no to comes back as a refusal; every other error means "not now".
func (c *consumer) apply(ctx context.Context, m Message) (err error) {
	ctx, end := startSpan(ctx, c.bus.o.Traces, c.s.Consumer, m)
	defer func() { end(err) }()
	var said error
	err = c.db.InTx(asConsumer(ctx, c.db.Service(), m), func(tx *store.Tx) error {
		said = nil
		seen, err := tx.Seen(c.s.Consumer, m.Aggregate, m.Revision)
		if err != nil || seen {
			return err
		}
		said = contained(c.s.Handle, tx, m)
		return said
	})
	if err != nil && said != nil && ctx.Err() == nil && counts(said) {
		return &refusal{said}
	}
	return err
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

func asRefusal(err error) (error, bool) {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return nil, false
	}
	return r.cause, true
}

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
