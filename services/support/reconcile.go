package support

import (
	"context"
	"log/slog"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// reconciler does the one next thing of a case in ServiceNow and records what came of it.
type reconciler struct {
	tables    *tables
	desk      *servicenow.Client
	settle    time.Duration // machine time that ServiceNow is given after an unanswered call
	portalURL string
	log       *slog.Logger
}

type claim = store.Claim[cases.Case]

// decision applies what was learned to the newest case.
type decision func(k *cases.Case, now time.Time) ([]fact.Fact, error)

func (r *reconciler) work(ctx context.Context, c *claim) error {
	a := cases.NextAction(c.Doc, c.Now())
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	var apply decision
	var err error
	switch a.Kind {
	case cases.FindRecord:
		apply, err = r.find(calls, c.ID)
	case cases.CreateRecord:
		apply, err = r.create(ctx, calls, c)
	case cases.LookUpComment:
		apply, err = r.lookUp(calls, c.Doc.Record.Ref, a.Comment)
	case cases.SendComment:
		apply, err = r.send(ctx, calls, c, a.Comment)
	case cases.Resolve:
		apply, err = r.resolve(calls, c.Doc)
	case cases.ReadRecord:
		apply, err = r.read(calls, c.Doc)
	case cases.None:
		apply = func(*cases.Case, time.Time) ([]fact.Fact, error) { return nil, nil }
	}
	if err != nil {
		return err
	}
	return r.finish(ctx, c, apply)
}

// finish records what came of the work; the channel that the case sets up follows in the same transaction.
func (r *reconciler) finish(ctx context.Context, c *claim, apply decision) error {
	return r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		if err := r.tables.lock(tx, c.ID, c.Doc); err != nil {
			return err
		}
		var after *cases.Case
		err := c.FinishTx(tx, func(k *cases.Case) ([]fact.Fact, error) {
			after = k
			return apply(k, tx.Now())
		})
		if err != nil {
			return err
		}
		return r.tables.follow(tx, after, r.portalURL)
	})
}

// unsent takes an intent back after a call that surely had no effect.
func (r *reconciler) unsent(ctx context.Context, c *claim, takeBack func(*cases.Case) ([]fact.Fact, error), cause error) (decision, error) {
	if err := c.Save(ctx, takeBack); err != nil {
		return nil, err
	}
	return nil, r.later(cause)
}

// later backs off for at least the time that ServiceNow is given to settle, or asked for. What it refuses is a failure
// that somebody must look at; all else, also a password that is wrong for every case, passes when it is mended and is
// tried for as long as it takes.
func (r *reconciler) later(cause error) error {
	o := servicenow.Classify(cause)
	kind := errs.Unavailable
	switch o.Class {
	case servicenow.Refused:
		kind = errs.Precondition
	case servicenow.Throttled:
		kind = errs.Exhausted
	default:
	}
	e := errs.Wrap(cause, kind, "SERVICENOW_"+string(o.Class), "ServiceNow did not do it for now")
	e.RetryAfter = max(r.settle, o.RetryAfter)
	return e
}
