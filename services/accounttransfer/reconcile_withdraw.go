package accounttransfer

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/partnercentral"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// withdraw asks AWS to end the accepted billing transfer, and reads what became of it. The intent is saved first, so
// that after a lost answer AWS is looked at before it is asked again.
func (r *reconciler) withdraw(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiOrganizations)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	if err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.PrepareWithdrawal(now) }); err != nil {
		return nil, err
	}
	err = r.aws.Withdraw(calls, payer.Payer, a.AWSTransferID, c.Doc.Withdrawal.Before)
	switch o := aws.Classify(err); o.Class {
	case aws.Done:
		return r.withdrawn(calls, payer, a)
	case aws.Refused, aws.Denied:
		r.log.WarnContext(ctx, "AWS refused to withdraw", "transfer", c.ID, "reason", reasonOf(o), "request", o.RequestID)
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.WithdrawalRefused(reasonOf(o), now)
		}, nil
	case aws.Unanswered:
		return nil, r.later(err)
	default:
		return nil, r.unsent(ctx, c, err, (*transfer.Transfer).WithdrawalLost)
	}
}

// lookUpWithdrawal settles a withdrawal whose answer was lost.
func (r *reconciler) lookUpWithdrawal(_, calls context.Context, _ *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiOrganizations)
	if err != nil {
		return nil, err
	}
	return r.withdrawn(calls, payer, a)
}

// withdrawn reads what AWS made of a withdrawal.
func (r *reconciler) withdrawn(ctx context.Context, payer door, a transfer.Action) (decision, error) {
	seen, err := r.aws.Read(ctx, payer.Payer, a.AWSTransferID)
	if err != nil {
		return nil, r.later(err)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		answered, err := t.WithdrawalAnswered(now)
		if err != nil {
			return nil, err
		}
		more, err := t.Observe(seen, now)
		return append(answered, more...), err
	}, nil
}

// revokeTerm asks the customer, through AWS, to agree to the end of the service term. AWS sends it once for its token; a
// conflict means that one is under way.
func (r *reconciler) revokeTerm(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiPartnerCentral)
	if err != nil {
		return nil, err
	}
	if err := c.Save(ctx, (*transfer.Transfer).IntendRevocation); err != nil {
		return nil, err
	}
	relationship := c.Doc.RelationshipID()
	id, err := r.partner.Revoke(calls, payer.Payer, partnercentral.Revocation{
		Program: payer.program, RelationshipID: relationship, Token: c.Doc.Withdrawal.Revocation.Token,
	})
	switch o := aws.Classify(err); {
	case o.Class != aws.Done && o.Class != aws.Refused && o.Class != aws.Denied:
		return nil, r.later(err) // the same token again is the same revocation
	case o.Code == "Conflict":
		if id, err = r.pendingRevocation(calls, payer, relationship); err != nil {
			return nil, err
		}
	case o.Class != aws.Done:
		r.log.WarnContext(ctx, "AWS refused to end a service term", "transfer", c.ID, "reason", reasonOf(o), "request", o.RequestID)
	}
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		if id == "" {
			return t.RevocationRefused()
		}
		return t.RevocationSent(id, now)
	}, nil
}

// pendingRevocation returns the revocation that the customer has not answered; "" when there is none.
func (r *reconciler) pendingRevocation(ctx context.Context, payer door, relationship string) (string, error) {
	all, err := r.partner.Revocations(ctx, payer.Payer, relationship)
	if err != nil {
		return "", r.later(err)
	}
	for _, seen := range slices.Backward(all) {
		if seen.Status == transfer.TermPending {
			return seen.HandshakeID, nil
		}
	}
	return "", nil
}

func (r *reconciler) checkRevocation(_, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiPartnerCentral)
	if err != nil {
		return nil, err
	}
	all, err := r.partner.Revocations(calls, payer.Payer, c.Doc.RelationshipID())
	if err != nil {
		return nil, r.later(err)
	}
	return observing(all, (*transfer.Transfer).ObserveRevocation), nil
}

// cancelTerm takes back a service term that the customer has not answered, and reads what became of it: the customer may
// have been faster.
func (r *reconciler) cancelTerm(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiPartnerCentral)
	if err != nil {
		return nil, err
	}
	var all []transfer.TermSeen
	if err = r.partner.CancelTerm(calls, payer.Payer, c.Doc.Term().ID); err == nil {
		all, err = r.partner.Terms(calls, payer.Payer, c.Doc.RelationshipID())
	}
	switch o := aws.Classify(err); o.Class {
	case aws.Done:
	case aws.Refused, aws.Denied:
		r.log.WarnContext(ctx, "AWS refused to cancel a service term", "transfer", c.ID, "reason", reasonOf(o), "request", o.RequestID)
		return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) { return t.TermCancelRefused() }, nil
	default:
		return nil, r.later(err)
	}
	observe := observing(all, (*transfer.Transfer).ObserveTerm)
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		sent, err := t.TermCancelSent(now)
		if err != nil {
			return nil, err
		}
		more, err := observe(t, now)
		return append(sent, more...), err
	}, nil
}

// observing shows a transfer every handshake that AWS lists.
func observing(all []transfer.TermSeen, observe func(*transfer.Transfer, transfer.TermSeen, time.Time) ([]fact.Fact, error)) decision {
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		var facts []fact.Fact
		for _, seen := range all {
			news, err := observe(t, seen, now)
			if err != nil {
				return nil, err
			}
			facts = append(facts, news...)
		}
		return facts, nil
	}
}
