package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/billingconductor"
	"example.com/handover/services/accounttransfer/internal/partnercentral"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// maker creates one kind of thing at AWS, and finds it again; both return AWS's id for it, "" when there is none.
type maker struct {
	create, find func(context.Context, transfer.Creation) (string, error)
}

// create is the way in which everything comes about that AWS takes a token for. A conflict means that AWS has it: from
// an earlier try, or from an earlier transfer of the customer.
func (r *reconciler) create(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	m, refusal, err := r.maker(calls, c, a)
	switch {
	case err != nil:
		return nil, err
	case refusal != nil:
		return refusedCreation(a.Completes, *refusal), nil
	}
	now := c.Now()
	if err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.Intend(a.Completes, now) }); err != nil {
		return nil, err
	}
	made := *c.Doc.Creation(a.Completes)
	id, err := m.create(calls, made)
	switch o := aws.Classify(err); {
	case o.Class == aws.Done:
		return created(a.Completes, id), nil
	case o.Class == aws.Unanswered:
		return nil, r.later(err) // the intent stands: the next pass looks it up
	case o.Class != aws.Refused && o.Class != aws.Denied, o.Reason == writeConflict:
		return nil, r.unsent(ctx, c, err, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.NotCreated(a.Completes) })
	case o.Code == "Conflict", o.Reason == groupExists:
		if id, err = m.find(calls, made); err != nil {
			return nil, r.later(err)
		}
		if id != "" {
			return created(a.Completes, id), nil
		}
		fallthrough
	default:
		r.log.WarnContext(ctx, "AWS refused to create", "transfer", c.ID, "what", a.Completes, "reason", reasonOf(o), "message", o.Message, "request", o.RequestID)
		return refusedCreation(a.Completes, transfer.JudgeCreation(reasonOf(o))), nil
	}
}

// groupExists is Billing Conductor's reason for a transfer that has a group by another name.
const groupExists = "BILLING_GROUP_ALREADY_EXIST_IN_CURRENT_BILLING_PERIOD"

// lookUpCreation settles a creation whose answer was lost.
func (r *reconciler) lookUpCreation(_, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	m, refusal, err := r.maker(calls, c, a)
	switch {
	case err != nil:
		return nil, err
	case refusal != nil:
		return refusedCreation(a.Completes, *refusal), nil
	}
	id, err := m.find(calls, *c.Doc.Creation(a.Completes))
	switch {
	case err != nil:
		return nil, r.later(err)
	case id != "":
		return created(a.Completes, id), nil
	}
	return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) { return t.NotCreated(a.Completes) }, nil
}

func created(what transfer.Completion, id string) decision {
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) { return t.Created(what, id, now) }
}

func refusedCreation(what transfer.Completion, why transfer.Refusal) decision {
	return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
		return t.CreationRefused(what, why, now)
	}
}

// maker returns how the action's thing is made, or why it cannot be, before AWS is asked.
func (r *reconciler) maker(ctx context.Context, c *claim, a transfer.Action) (maker, *transfer.Refusal, error) {
	if a.Completes == transfer.BillingGroupCreated {
		payer, err := r.enter(ctx, a.PayerID, apiBillingConductor)
		return r.groupMaker(payer, c), nil, err
	}
	payer, err := r.enter(ctx, a.PayerID, apiPartnerCentral)
	switch {
	case err != nil:
		return maker{}, nil, err
	case payer.program == "":
		return maker{}, new(transfer.NoProgramAccount()), nil
	case a.Completes == transfer.RelationshipCreated:
		return r.relationshipMaker(payer, c), nil, nil
	case c.Doc.RelationshipID() == "":
		return maker{}, new(transfer.NoRelationship()), nil
	}
	return r.termMaker(payer, c), nil, nil
}

func (r *reconciler) groupMaker(payer door, c *claim) maker {
	return maker{
		create: func(ctx context.Context, made transfer.Creation) (string, error) {
			return r.groups.Create(ctx, payer.Payer, billingconductor.Group{
				Name: made.Name, Token: made.Token, TransferARN: c.Doc.TransferARN(),
			})
		},
		find: func(ctx context.Context, _ transfer.Creation) (string, error) {
			return r.groups.Find(ctx, payer.Payer, c.Doc.TransferARN())
		},
	}
}

func (r *reconciler) relationshipMaker(payer door, c *claim) maker {
	wanted := func(made transfer.Creation) partnercentral.Relationship {
		return partnercentral.Relationship{
			Program: payer.program, AccountID: c.Doc.SourceAccountID, Name: made.Name, Token: made.Token,
		}
	}
	return maker{
		create: func(ctx context.Context, made transfer.Creation) (string, error) {
			return r.partner.Relate(ctx, payer.Payer, wanted(made))
		},
		find: func(ctx context.Context, made transfer.Creation) (string, error) {
			return r.partner.FindRelationship(ctx, payer.Payer, wanted(made))
		},
	}
}

func (r *reconciler) termMaker(payer door, c *claim) maker {
	return maker{
		create: func(ctx context.Context, made transfer.Creation) (string, error) {
			return r.partner.Propose(ctx, payer.Payer, partnercentral.Term{
				Program: payer.program, RelationshipID: c.Doc.RelationshipID(), Before: c.Doc.Term().EndAt, Token: made.Token,
			})
		},
		find: func(ctx context.Context, _ transfer.Creation) (string, error) {
			seen, err := r.partner.Terms(ctx, payer.Payer, c.Doc.RelationshipID())
			return c.Doc.UnknownTerm(seen), err
		},
	}
}
