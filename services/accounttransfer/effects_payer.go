package accounttransfer

import (
	"cmp"
	"context"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/payer"
)

type (
	payerEffect  = kit.Effect[payer.Payer]
	payerAttempt = kit.Attempt[payer.Payer]
	payerRecord  = kit.Record[payer.Payer]
)

func (o *outside) payerPermit(ctx context.Context, a payerAttempt) error {
	return o.permit(ctx, a.Doc.AccountID, apiOrganizations)
}

func tickPayer(p *payer.Payer, _ string, now time.Time) ([]fact.Fact, error) { return p.Tick(now), nil }

// sweep compares what AWS has of a payer with the suite's connections: it tells each what has changed of it, and the payer what
// nothing stands behind. It lists at AWS first: what is there then was intended here before. A payer that AWS does not let us
// into is left alone: only people can mend that.
func (o *outside) sweep() payerEffect {
	return payerEffect{
		Name: payer.EffectSweep, Look: true, Limit: sweepLimit, Wanted: (*payer.Payer).SweepWanted,
		Do: func(ctx context.Context, a payerAttempt) (payerRecord, error) {
			if over, err := retires(ctx, o, a); err != nil || over {
				return func(p *payer.Payer, now time.Time) ([]fact.Fact, error) { return payer.Retire(p, now), nil }, err
			}
			at, err := o.list(ctx, a)
			if err != nil {
				return nil, err
			}
			found, err := o.unclaimed(ctx, a.ID, at)
			if err != nil {
				return nil, err
			}
			found = append(append(found, unagreedMembers(at)...), strayMembers(at)...)
			untold, err := o.tellConnections(ctx, a.Doc, at)
			return func(p *payer.Payer, now time.Time) ([]fact.Fact, error) {
				before := p.SweptAt
				facts, err := p.Swept(found, at.bound.awaited(), at.when, now)
				facts = append(facts, payer.NotTold(p, untold, before, now)...)
				return append(facts, payer.QuotaSeen(p, at.used(), now)...), err
			}, err
		},
		Outcome: aws.OutcomeOf, Patient: true, // AWS being away holds up no case of the payer
		Refused: func(p *payer.Payer, _ kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return p.NotSwept(cmp.Or(out.Reason, out.Code), now)
		},
	}
}

// retires reports whether a payer was a customer's own organization, and nothing is bound to it any more.
func retires(ctx context.Context, o *outside, a payerAttempt) (bool, error) {
	if !payer.Retires(a.Doc) {
		return false, nil
	}
	bound, err := o.boundTo(ctx, a.ID)
	return err == nil && len(bound) == 0, err
}

// unclaimed returns the transfers at AWS that nothing stands behind.
func (o *outside) unclaimed(ctx context.Context, payerID string, at listed) ([]payer.Finding, error) {
	known := at.bound.known(at.when)
	var found []payer.Finding
	for _, seen := range at.transfers {
		ours, err := o.standsBehind(ctx, payerID, known, seen, at.when)
		if err != nil {
			return nil, err
		}
		if standing := payer.Judge(seen, ours, at.when); standing != payer.Fine {
			found = append(found, payer.Finding{Seen: seen, Ours: ours, Late: standing == payer.Late})
		}
	}
	return found, nil
}

// standsBehind returns the connection that a transfer at AWS belongs to, by AWS's id or by the name that we gave it; nil
// when there is none.
func (o *outside) standsBehind(
	ctx context.Context, payerID string, k known, seen payer.Seen, at time.Time,
) (*payer.Ours, error) {
	if ours := k.aws[seen.AWSTransferID]; ours != nil {
		return ours, nil
	}
	transferID := connection.NamedBy(seen.Name)
	if ours := k.ours[transferID]; ours != nil || transferID == "" || payer.Judge(seen, nil, at) == payer.Fine {
		return ours, nil
	}
	page, err := o.tables.connections.List(ctx, sweeps(), store.Query{
		Where: []store.Cond{store.Eq("transfer", transferID), store.Eq("payer", payerID)}, Size: 1,
	})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	return oursOf(page.Rows[0].Doc, at), nil
}

// unagreedMembers returns the members of the payer's organization that no agreement stands behind.
func unagreedMembers(at listed) (found []payer.Finding) {
	for _, c := range at.bound.members() {
		ours, binds := oursOf(c, at.when), c.State == connection.Effective
		for _, account := range connection.Accounts(c) {
			seen := payer.Seen{SourceAccountID: account, Status: payer.Member, StartAt: c.StartAt}
			if _, there := at.members.Active[account]; there && binds && payer.Judge(seen, ours, at.when) == payer.Abandoned {
				found = append(found, payer.Finding{Seen: seen, Ours: ours})
			}
		}
	}
	return found
}

// strayMembers returns the accounts that a connection has lost, that AWS lists as members again, closed or not, and that nobody holds.
func strayMembers(at listed) (found []payer.Finding) {
	held := at.bound.holders()
	for _, c := range at.lost {
		for _, account := range connection.Lost(c) {
			_, ours := held[account]
			if _, there := at.members.Active[account]; ours || !there {
				continue
			}
			held[account] = c.ID // it is told once
			seen := payer.Seen{SourceAccountID: account, Status: payer.Member, StartAt: at.members.Since[account]}
			found = append(found, payer.Finding{Seen: seen, Ours: oursOf(c, at.when)})
		}
	}
	return found
}

func oursOf(c *connection.Connection, at time.Time) *payer.Ours {
	return &payer.Ours{
		TransferID: c.TransferID, OrderID: c.OrderID, CustomerID: c.CustomerID,
		Ended: !c.JourneyEndedAt.IsZero(), EndedAt: c.JourneyEndedAt, Agreed: connection.Agreed(c, at),
	}
}

// cancelLate takes an invitation back whose journey has ended, and reads what became of it.
func (o *outside) cancelLate() payerEffect {
	return payerEffect{
		Name: payer.EffectCancel, Admit: o.payerPermit, Wanted: (*payer.Payer).CancelWanted,
		Outcome: aws.OutcomeOf, Settle: o.settle,
		Do: func(ctx context.Context, a payerAttempt) (payerRecord, error) {
			u := a.Doc.Finding(a.Subject)
			if u == nil {
				return nil, nil // settled while the answer to an earlier try was lost
			}
			p, err := o.payer(ctx, a.ID)
			if err != nil {
				return nil, err
			}
			if err := o.orgs.Cancel(ctx, p.Payer, u.AWSHandshakeID); err != nil {
				return nil, err
			}
			seen, err := o.orgs.Read(ctx, p.Payer, u.AWSTransferID)
			return func(p *payer.Payer, now time.Time) ([]fact.Fact, error) {
				return p.LateSeen(a.Subject, payer.Status(seen.Status), now)
			}, err
		},
		Refused: func(p *payer.Payer, a kit.Intended, _ intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return p.LateRefused(a.Subject, now)
		},
	}
}
