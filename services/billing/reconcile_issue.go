package billing

import (
	"context"
	"errors"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
)

// issue creates the invoice and closes the period in one transaction: number, invoice and period are there together or
// not at all.
func (r *periodReconciler) issue(ctx context.Context, c *periodClaim) error {
	rel, err := r.tables.relationships.Get(ctx, followsAll(), c.Doc.RelationshipID)
	if err != nil {
		return err
	}
	terms, why := rel.Doc.Billable()
	switch {
	case terms == nil:
		return r.obstruct(ctx, c, period.CodeAgreementMissing, why)
	case terms.ID != c.Doc.Basis.AgreementID || terms.SellerID != c.Doc.Basis.SellerID:
		return c.Finish(ctx, (*period.Period).PriceAgain)
	case c.Doc.Credit():
		return r.obstruct(ctx, c, period.CodeNegativeTotal, "the total is "+c.Doc.Priced.Total.String())
	}
	issuer, billTo, err := r.parties.read(ctx, terms.SellerID, rel.Doc.CustomerID)
	if err != nil {
		return err
	}
	draft := draftOf(c.Doc, rel.Doc, terms)
	draft.Issuer, draft.BillTo = issuer, billTo
	err = r.tables.db.InTx(ctx, func(tx *store.Tx) error { return r.issueTx(tx, c, draft) })
	if errors.Is(err, errTermsMoved) {
		return c.Finish(ctx, (*period.Period).PriceAgain)
	}
	if errs.ReasonOf(err) == period.ReasonStateRefuses {
		return c.Finish(ctx, nil) // somebody was faster: the period says what is next
	}
	return err
}

func draftOf(p *period.Period, rel *relationship.Relationship, terms *relationship.Agreement) invoice.Invoice {
	return invoice.Invoice{
		ID: invoice.IDFor(p.ID), SellerID: terms.SellerID, CustomerID: rel.CustomerID, OrderID: rel.OrderID, AgreementID: terms.ID,
		RelationshipID: rel.ID, PeriodID: p.ID, Month: p.Month, Lines: p.Priced.Lines, Total: p.Priced.Total, Exchange: p.Priced.Exchange,
	}
}

// errTermsMoved undoes an invoice whose prices rest on terms that hold no longer.
var errTermsMoved = errors.New("the terms or the pricebook have changed since the prices were computed")

// issueTx draws the number first: it makes the invoices of a seller wait for each other, so that one alone is the first
// of its relationship. Then it holds on to what the prices rest on.
func (r *periodReconciler) issueTx(tx *store.Tx, c *periodClaim, draft invoice.Invoice) error {
	now := tx.Now()
	number, err := nextNumber(tx, draft.SellerID, now.Year())
	if err != nil {
		return err
	}
	rel, err := r.tables.stillHolds(tx, c.Doc)
	if err != nil {
		return err
	}
	if rel == nil {
		return errTermsMoved
	}
	before, err := r.tables.invoices.CountTx(tx, followsAll(), store.Eq("relationship", draft.RelationshipID))
	if err != nil {
		return err
	}
	draft.Number, draft.First, draft.Final = number, before == 0, rel.IsLast(draft.Month)
	issued, facts := invoice.Issue(draft, r.paymentDays, now)
	err = c.FinishTx(tx, func(p *period.Period) ([]fact.Fact, error) {
		return p.Invoice(issued.ID, number, *c.Doc.Priced, issued.Final, now)
	})
	if err != nil {
		return err
	}
	_, err = r.tables.invoices.Create(tx, issued.ID, issued, facts...)
	return err
}
