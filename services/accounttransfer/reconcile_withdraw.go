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
	seen := standing(all, c.Doc.Withdrawal.Revocation.ID)
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.ObserveRevocation(seen, now) }, nil
}

// cancelTerm takes back a service term that the customer has not answered, and reads what became of it: the customer may
// have been faster.
func (r *reconciler) cancelTerm(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	return r.takeBack(ctx, calls, c, a, handshake{
		id: c.Doc.Term().ID, list: r.partner.Terms, sent: (*transfer.Transfer).TermCancelSent, observe: (*transfer.Transfer).ObserveTerm,
		refused: func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) { return t.TermCancelRefused() },
	})
}

// cancelRevocation takes back the end of a service term that the customer has not answered.
func (r *reconciler) cancelRevocation(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	return r.takeBack(ctx, calls, c, a, handshake{
		id: c.Doc.Withdrawal.Revocation.ID, list: r.partner.Revocations, sent: (*transfer.Transfer).RevocationCancelSent,
		observe: (*transfer.Transfer).ObserveRevocation, refused: (*transfer.Transfer).RevocationCancelRefused,
	})
}

// handshake is one that AWS is asked to take back, with what records what became of it.
type handshake struct {
	id            string
	list          func(context.Context, aws.Payer, string) ([]transfer.TermSeen, error)
	sent, refused decision
	observe       func(*transfer.Transfer, transfer.TermSeen, time.Time) ([]fact.Fact, error)
}

func (r *reconciler) takeBack(ctx, calls context.Context, c *claim, a transfer.Action, h handshake) (decision, error) {
	payer, err := r.enter(calls, a.PayerID, apiPartnerCentral)
	if err != nil {
		return nil, err
	}
	var all []transfer.TermSeen
	if err = r.partner.Cancel(calls, payer.Payer, h.id); err == nil {
		all, err = h.list(calls, payer.Payer, c.Doc.RelationshipID())
	}
	switch o := aws.Classify(err); o.Class {
	case aws.Done:
	case aws.Refused, aws.Denied:
		r.log.WarnContext(ctx, "AWS refused to cancel a handshake", "transfer", c.ID, "reason", reasonOf(o), "request", o.RequestID)
		return h.refused, nil
	default:
		return nil, r.later(err)
	}
	seen := standing(all, h.id)
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		sent, err := h.sent(t, now)
		if err != nil {
			return nil, err
		}
		more, err := h.observe(t, seen, now)
		return append(sent, more...), err
	}, nil
}
