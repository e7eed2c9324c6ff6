package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// openUnclaimed opens the case of a finding, under an id that was saved with it.
func (r *reconciler) openUnclaimed(ctx, calls context.Context, c *payerClaim, a payer.Action) error {
	if err := c.Save(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.IntendCase(a.CaseID) }); err != nil {
		return err
	}
	u := c.Doc.Finding(a.CaseID)
	if u == nil {
		return c.Finish(ctx, nil)
	}
	err := ask(calls, a.CaseID, func(ctx context.Context) error {
		_, err := r.peers.cases.OpenCase(ctx, caseOf(c.ID, c.Doc, u))
		return err
	})
	now := c.Now()
	if err != nil {
		refuses := r.absenceOf(ctx, err, "support") == transfer.Refuses
		return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.CaseNotOpened(a.CaseID, refuses, now) })
	}
	return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.CaseOpened(a.CaseID) })
}

// caseOf is what people read. It says the same at every try.
func caseOf(payerID string, p *payer.Payer, u *payer.Unclaimed) *supportv1.OpenCaseRequest {
	why := "No transfer of ours belongs to it."
	if u.TransferID != "" {
		why = "Transfer " + u.TransferID + " belongs to it, which has ended without an agreement."
	}
	return &supportv1.OpenCaseRequest{
		CaseId: u.CaseID, CustomerId: u.CustomerID, Kind: supportv1.CaseKind_CASE_KIND_UNCLAIMED_RELATIONSHIP,
		Priority: supportv1.CasePriority_CASE_PRIORITY_P2, Correlation: u.OrderID, SubjectId: payerID,
		Title: "AWS transfer " + u.AWSTransferID + " of account " + u.SourceAccountID + ": nothing stands behind it",
		Description: "AWS has transfer " + u.AWSTransferID + " of account " + u.SourceAccountID + " to payer account " + p.AccountID +
			", which starts on " + u.StartAt.Format(time.DateOnly) + ". " + why + " Find out whose it is, then withdraw or cancel it at AWS, " +
			"or have it ordered. The case is resolved by itself when the transfer is gone or explained.",
	}
}

// closeUnclaimed has the case of a settled finding resolved. A case that is over already, or that support never got, needs
// nothing.
func (r *reconciler) closeUnclaimed(ctx, calls context.Context, c *payerClaim, a payer.Action) error {
	err := ask(calls, a.CaseID+"-resolve", func(ctx context.Context) error {
		_, err := r.peers.cases.ResolveCase(ctx, &supportv1.ResolveCaseRequest{
			CaseId: a.CaseID, Notes: "AWS transfer " + a.AWSTransferID + " is gone or explained.",
		})
		return err
	})
	now := c.Now()
	switch kind := errs.KindOf(err); {
	case err == nil, kind == errs.NotFound, kind == errs.Precondition:
		return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.CaseClosed(a.CaseID) })
	default:
		r.absenceOf(ctx, err, "support")
		return c.Finish(ctx, func(p *payer.Payer) ([]fact.Fact, error) { return p.CaseNotClosed(a.CaseID, now) })
	}
}
