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

// sweep compares AWS's transfers to a payer with the suite's connections. It lists at AWS first: what is there then was
// intended here before. A payer that AWS does not let us into is left alone: only people can mend that.
func (o *outside) sweep() payerEffect {
	return payerEffect{
		Name: payer.EffectSweep, Look: true, Admit: o.payerPermit, Wanted: (*payer.Payer).SweepWanted,
		Do: func(ctx context.Context, a payerAttempt) (payerRecord, error) {
			p, err := o.payer(ctx, a.ID)
			if err != nil {
				return nil, err
			}
			listed, err := o.orgs.Inbound(ctx, p.Payer)
			if err != nil {
				return nil, err
			}
			found, err := o.unclaimed(ctx, a.ID, listed, a.Now)
			if err != nil {
				return nil, err
			}
			members, err := o.unagreedMembers(ctx, a.ID, a.Now)
			found = append(found, members...)
			return func(p *payer.Payer, now time.Time) ([]fact.Fact, error) { return p.Swept(found, now) }, err
		},
		Outcome: aws.OutcomeOf, Patient: true, // AWS being away holds up no case of the payer
		Refused: func(p *payer.Payer, _ kit.Intended, out intent.Outcome, now time.Time) ([]fact.Fact, error) {
			return p.NotSwept(cmp.Or(out.Reason, out.Code), now)
		},
	}
}

// unclaimed returns the transfers at AWS that nothing stands behind.
func (o *outside) unclaimed(ctx context.Context, payerID string, listed []payer.Seen, listedAt time.Time) ([]payer.Finding, error) {
	known, err := o.knownOf(ctx, payerID, listedAt)
	if err != nil {
		return nil, err
	}
	var found []payer.Finding
	for _, seen := range listed {
		ours, err := o.standsBehind(ctx, payerID, known, seen, listedAt)
		if err != nil {
			return nil, err
		}
		if standing := payer.Judge(seen, ours, listedAt); standing != payer.Fine {
			found = append(found, payer.Finding{Seen: seen, Ours: ours, Late: standing == payer.Late})
		}
	}
	return found, nil
}

// known are the connections of a payer that may stand behind a transfer at AWS: by the id of their transfer, and by AWS's.
type known struct{ ours, aws map[string]*payer.Ours }

// knownOf reads the payer's connections but for those that have ended, which are ever more.
func (o *outside) knownOf(ctx context.Context, payerID string, at time.Time) (known, error) {
	k := known{map[string]*payer.Ours{}, map[string]*payer.Ours{}}
	q := store.Query{Where: []store.Cond{store.Eq("payer", payerID), store.Eq("uses_quota", true)}, Size: 500}
	for {
		page, err := o.tables.connections.List(ctx, sweeps(), q)
		if err != nil {
			return k, err
		}
		for _, row := range page.Rows {
			ours := oursOf(row.Doc, at)
			k.ours[row.Doc.TransferID] = ours
			for _, inv := range row.Doc.Invitations {
				k.aws[inv.AWSTransferID] = ours // "" for one that was never sent: AWS lists no such id
			}
		}
		if q.Token = page.Next; q.Token == "" {
			return k, nil
		}
	}
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
	if ours := k.ours[transferID]; ours != nil || transferID == "" {
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

// unagreedMembers returns the members of the payer's organization that no agreement stands behind. Each is looked at in AWS
// day by day as long as it is bound, so that the connection says who is a member.
func (o *outside) unagreedMembers(ctx context.Context, payerID string, at time.Time) (found []payer.Finding, err error) {
	q := store.Query{Where: []store.Cond{store.Eq("payer", payerID), store.Eq("state", string(connection.Effective))}, Size: 500}
	for {
		page, err := o.tables.connections.List(ctx, sweeps(), q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			c, ours := row.Doc, oursOf(row.Doc, at)
			seen := payer.Seen{SourceAccountID: c.AccountID, Status: payer.Member, StartAt: c.StartAt}
			if c.Basis == connection.Membership && payer.Judge(seen, ours, at) == payer.Abandoned {
				found = append(found, payer.Finding{Seen: seen, Ours: ours})
			}
		}
		if q.Token = page.Next; q.Token == "" {
			return found, nil
		}
	}
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
