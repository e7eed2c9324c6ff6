package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/organizations"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// invite saves the intent first: AWS takes no idempotency token, so that a lost answer can only be settled by the name
// that was saved here.
func (r *reconciler) invite(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiOrganizations)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	if err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.Prepare(now) }); err != nil {
		return nil, err
	}
	inv := *c.Doc.Current()
	answer, err := r.aws.Invite(calls, payer.Payer, organizations.Invitation{
		Name: inv.Name, SourceAccountID: c.Doc.SourceAccountID, Start: inv.StartAt, Notes: c.Doc.Note,
	})
	switch o := aws.Classify(err); {
	case o.Class == aws.Done:
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.Answered(inv.Attempt, answer, now)
		}, nil
	case o.Code == "DuplicateHandshake":
		found, err := r.aws.Find(calls, payer.Payer, c.Doc.SourceAccountID, inv.Name)
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
		return nil, r.unsent(ctx, c, err, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.NotSent(inv.Attempt, now) })
	}
}

// unsent takes an intent back after a call that surely had no effect.
func (r *reconciler) unsent(ctx context.Context, c *claim, cause error, takeBack func(*transfer.Transfer) ([]fact.Fact, error)) error {
	if err := c.Save(ctx, takeBack); err != nil {
		return err
	}
	return r.later(cause)
}

// lookUp settles an invitation whose answer was lost, by its name.
func (r *reconciler) lookUp(_, calls context.Context, _ *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiOrganizations)
	if err != nil {
		return nil, err
	}
	found, err := r.aws.Find(calls, payer.Payer, a.SourceAccountID, a.Name)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		return t.LookedUp(a.Attempt, found, now)
	}, nil
}

func (r *reconciler) check(_, calls context.Context, _ *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiOrganizations)
	if err != nil {
		return nil, err
	}
	seen, err := r.aws.Read(calls, payer.Payer, a.AWSTransferID)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.Observe(seen, now) }, nil
}

// cancel asks AWS to take an invitation back, and reads what became of it: the customer may have been faster.
func (r *reconciler) cancel(_, calls context.Context, _ *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiOrganizations)
	if err != nil {
		return nil, err
	}
	if err := r.aws.Cancel(calls, payer.Payer, a.AWSHandshakeID); err != nil {
		return nil, r.later(err)
	}
	seen, err := r.aws.Read(calls, payer.Payer, a.AWSTransferID)
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
