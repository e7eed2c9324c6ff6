package accounttransfer

import (
	"context"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

type payerClaim = store.Claim[payer.Payer]

// workPayer does the one next thing of a payer: it compares what AWS has with what we know, and has people settle the
// difference.
func (r *reconciler) workPayer(ctx context.Context, c *payerClaim) error {
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	switch a := payer.NextAction(c.Doc, c.Now()); a.Kind {
	case payer.Sweep:
		return r.sweep(ctx, calls, c)
	case payer.CancelLate:
		return r.cancelLate(ctx, calls, c, a)
	case payer.OpenCase:
		return r.openUnclaimed(ctx, calls, c, a)
	case payer.CloseCase:
		return r.closeUnclaimed(ctx, calls, c, a)
	case payer.None:
	}
	return c.Finish(ctx, nil)
}

// sweep lists at AWS first: what is there then was intended here before.
func (r *reconciler) sweep(ctx, calls context.Context, c *payerClaim) error {
	door, err := r.enter(calls, c.ID, apiOrganizations)
	if err != nil {
		return err
	}
	listedAt := c.Now()
	listed, err := r.aws.Inbound(calls, door.Payer)
	if err != nil {
		return r.notSwept(ctx, c, err)
	}
	known, err := r.knownOf(calls, c.ID)
	if err != nil {
		return err
	}
	var found []payer.Finding
	for _, seen := range listed {
		ours, err := r.standsBehind(calls, c.ID, known, seen)
		if err != nil {
			return err
		}
		if verdict := payer.Judge(seen, ours, listedAt); verdict != payer.Fine {
			found = append(found, payer.Finding{Seen: seen, Ours: ours, Late: verdict == payer.Late, CaseID: id.New("cas")})
		}
	}
	now := c.Now()
	return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.Swept(found, now) })
}

// notSwept leaves a payer alone that AWS does not let us into: only people can mend that, and until then nothing else of
// the payer stands still for it.
func (r *reconciler) notSwept(ctx context.Context, c *payerClaim, cause error) error {
	o, now := aws.Classify(cause), c.Now()
	if o.Class != aws.Refused && o.Class != aws.Denied {
		r.log.InfoContext(ctx, "AWS does not say what is billed to a payer, and is asked again later", "payer", c.ID, "class", o.Class)
		return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.SweepLost(now) })
	}
	r.log.WarnContext(ctx, "AWS does not let us see what is billed to a payer", "payer", c.ID, "reason", reasonOf(o), "request", o.RequestID)
	return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.NotSwept(now) })
}

// known are the transfers of a payer that may stand behind one at AWS: by our id, and by AWS's.
type known struct{ ours, aws map[string]*payer.Ours }

// knownOf reads the payer's transfers but for those that have failed or were cancelled, which are ever more.
func (r *reconciler) knownOf(ctx context.Context, payerID string) (known, error) {
	k := known{map[string]*payer.Ours{}, map[string]*payer.Ours{}}
	q := store.Query{Where: []store.Cond{store.Eq("payer", payerID), store.Eq("uses_quota", true)}, Size: 500}
	for {
		page, err := r.tables.transfers.List(ctx, sweepsAll(), q)
		if err != nil {
			return k, err
		}
		for _, row := range page.Rows {
			ours := oursOf(row)
			k.ours[row.ID] = ours
			for _, inv := range row.Doc.Invitations {
				k.aws[inv.AWSTransferID] = ours // "" for one that was never sent: AWS lists no such id
			}
		}
		if q.Token = page.Next; q.Token == "" {
			return k, nil
		}
	}
}

func sweepsAll() call.Scope {
	return call.Everyone("a sweep holds every customer's transfers against AWS")
}

// standsBehind returns the transfer of ours that one at AWS belongs to, by AWS's id or by the name that we gave it; nil
// when there is none.
func (r *reconciler) standsBehind(ctx context.Context, payerID string, k known, seen payer.Seen) (*payer.Ours, error) {
	if ours := k.aws[seen.AWSTransferID]; ours != nil {
		return ours, nil
	}
	transferID := transfer.NamedBy(seen.Name)
	if ours := k.ours[transferID]; ours != nil || transferID == "" {
		return ours, nil
	}
	row, err := r.tables.transfers.Get(ctx, sweepsAll(), transferID)
	switch {
	case errs.KindOf(err) == errs.NotFound, err == nil && row.Doc.PayerID != payerID:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return oursOf(row), nil
}

func oursOf(r store.Row[transfer.Transfer]) *payer.Ours {
	t := r.Doc
	return &payer.Ours{
		TransferID: r.ID, OrderID: t.OrderID, CustomerID: t.CustomerID, Ended: t.State.Ended(), EndedAt: t.EndedAt,
		Agreed: t.State == transfer.Completed && t.AgreementID != "",
	}
}

// cancelLate takes an invitation back whose transfer has ended, and reads what became of it.
func (r *reconciler) cancelLate(ctx, calls context.Context, c *payerClaim, a payer.Action) error {
	door, err := r.enter(calls, c.ID, apiOrganizations)
	if err != nil {
		return err
	}
	var seen transfer.Observation
	if err = r.aws.Cancel(calls, door.Payer, a.AWSHandshakeID); err == nil {
		seen, err = r.aws.Read(calls, door.Payer, a.AWSTransferID)
	}
	now := c.Now()
	switch o := aws.Classify(err); o.Class {
	case aws.Done:
		return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) {
			return p.LateSeen(a.AWSTransferID, payer.Status(seen.Status), now)
		})
	case aws.Refused, aws.Denied:
		r.log.WarnContext(ctx, "AWS refused to cancel a late invitation", "payer", c.ID, "reason", reasonOf(o), "request", o.RequestID)
		return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.LateRefused(a.AWSTransferID, now) })
	default:
		return r.later(err)
	}
}
