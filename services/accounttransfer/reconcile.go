package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/organizations"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// reconciler does the one next thing of a transfer at AWS and records what came of it.
type reconciler struct {
	tables    *tables
	aws       *organizations.Client
	settle    time.Duration // machine time that AWS is given after an unanswered call
	perSecond float64       // calls in one payer account, over all replicas
}

type claim = store.Claim[transfer.Transfer]

// decision applies what was learned to the newest transfer.
type decision func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error)

func (r *reconciler) work(ctx context.Context, c *claim) error {
	a := transfer.NextAction(c.Doc, c.Now())
	calls, cancel := withTimeLeft(ctx)
	defer cancel()
	var apply decision
	var err error
	switch a.Kind {
	case transfer.Validate:
		apply = func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.Validated(now) }
	case transfer.Invite:
		apply, err = r.invite(ctx, calls, c, a)
	case transfer.LookUpInvitation:
		apply, err = r.lookUp(calls, a)
	case transfer.CheckInvitation:
		apply, err = r.check(calls, a)
	case transfer.CancelInvitation:
		apply, err = r.cancel(calls, a)
	case transfer.None:
		apply = func(*transfer.Transfer, time.Time) ([]fact.Fact, error) { return nil, nil }
	}
	if err != nil {
		return err
	}
	now := c.Now()
	return c.Finish(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) {
		facts, err := apply(t, now)
		if err != nil {
			return nil, err
		}
		more, err := t.Tick(a.Look, now)
		return append(facts, more...), err
	})
}

// withTimeLeft bounds the calls outside, so that there is always time left to record what came of them.
func withTimeLeft(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, set := ctx.Deadline()
	if !set {
		return context.WithCancel(ctx)
	}
	left := clock.Instant(deadline.UnixMicro()).Sub(clock.Machine{}.Now())
	return context.WithTimeout(ctx, left*4/5)
}

// invite saves the intent first: AWS takes no idempotency token, so that a lost answer can only be settled by the name
// that was saved here.
func (r *reconciler) invite(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	if err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.Prepare(now) }); err != nil {
		return nil, err
	}
	inv := *c.Doc.Current()
	answer, err := r.aws.Invite(calls, payer, organizations.Invitation{
		Name: inv.Name, SourceAccountID: c.Doc.SourceAccountID, Start: inv.StartAt, Notes: c.Doc.Note,
	})
	switch o := aws.Classify(err); {
	case o.Class == aws.Done:
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.Answered(inv.Attempt, answer, now)
		}, nil
	case o.Code == "DuplicateHandshake":
		found, err := r.aws.Find(calls, payer, c.Doc.SourceAccountID, inv.Name)
		if err != nil {
			return nil, r.later(err)
		}
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.Duplicated(inv.Attempt, found, now)
		}, nil
	case o.Class == aws.Refused, o.Class == aws.Denied:
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.Refused(inv.Attempt, transfer.Judge(reasonOf(o)), now)
		}, nil
	case o.Class == aws.Unanswered:
		return nil, r.later(err) // the intent stands: the next pass looks it up
	default:
		return r.unsent(ctx, c, inv.Attempt, err)
	}
}

// unsent takes the intent back after a call that surely had no effect.
func (r *reconciler) unsent(ctx context.Context, c *claim, attempt int, cause error) (decision, error) {
	now := c.Now()
	err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.NotSent(attempt, now) })
	if err != nil {
		return nil, err
	}
	return nil, r.later(cause)
}

// lookUp settles an invitation whose answer was lost, by its name.
func (r *reconciler) lookUp(ctx context.Context, a transfer.Action) (decision, error) {
	payer, err := r.enter(ctx, a.PayerID)
	if err != nil {
		return nil, err
	}
	found, err := r.aws.Find(ctx, payer, a.SourceAccountID, a.Name)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		return t.LookedUp(a.Attempt, found, now)
	}, nil
}

func (r *reconciler) check(ctx context.Context, a transfer.Action) (decision, error) {
	payer, err := r.enter(ctx, a.PayerID)
	if err != nil {
		return nil, err
	}
	seen, err := r.aws.Read(ctx, payer, a.AWSTransferID)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.Observe(seen, now) }, nil
}

// cancel asks AWS to take an invitation back, and reads what became of it: the customer may have been faster.
func (r *reconciler) cancel(ctx context.Context, a transfer.Action) (decision, error) {
	payer, err := r.enter(ctx, a.PayerID)
	if err != nil {
		return nil, err
	}
	if err := r.aws.Cancel(ctx, payer, a.AWSHandshakeID); err != nil {
		return nil, r.later(err)
	}
	seen, err := r.aws.Read(ctx, payer, a.AWSTransferID)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		sent, err := t.CancelSent(a.Attempt, now)
		if err != nil {
			return nil, err
		}
		more, err := t.Observe(seen, now)
		return append(sent, more...), err
	}, nil
}

// enter draws a permit for a call in the payer's account and returns how to get into it.
func (r *reconciler) enter(ctx context.Context, payerID string) (aws.Payer, error) {
	row, err := r.tables.payers.Get(ctx, payersAreOurs(), payerID)
	if err != nil {
		return aws.Payer{}, err
	}
	wait, err := r.tables.db.Permit(ctx, row.Doc.AccountID, "organizations", r.perSecond, max(1, int(2*r.perSecond)))
	if err != nil {
		return aws.Payer{}, err
	}
	if wait > 0 {
		e := errs.New(errs.Exhausted, "RATE_LIMITED", "account %s has had its calls for now", row.Doc.AccountID)
		e.RetryAfter = wait
		return aws.Payer{}, e
	}
	return aws.Payer{AccountID: row.Doc.AccountID, RoleARN: row.Doc.RoleARN, ExternalID: row.Doc.ExternalID}, nil
}

// later backs off for at least the time that AWS is given to settle, whatever happens to the transfer meanwhile. What
// AWS refuses is a failure that somebody must look at; all else passes by itself and is tried for as long as it takes.
func (r *reconciler) later(cause error) error {
	o := aws.Classify(cause)
	kind := errs.Unavailable
	if o.Class == aws.Refused || o.Class == aws.Denied {
		kind = errs.Precondition
	}
	e := errs.Wrap(cause, kind, "AWS_"+string(o.Class), "AWS did not do it for now")
	e.RetryAfter = r.settle
	return e
}

// reasonOf is AWS's typed reason; a code where there is none.
func reasonOf(o aws.Outcome) string {
	switch {
	case o.Class == aws.Denied:
		return "ACCESS_DENIED"
	case o.Reason != "":
		return o.Reason
	default:
		return o.Code
	}
}
