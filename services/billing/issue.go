package billing

import (
	"context"
	"errors"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/invoicepdf"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
)

// issue creates the invoice and closes the period in one transaction: number, invoice and period are there together or
// not at all.
func (w *periodWork) issue(ctx context.Context, a periodAttempt) (periodRecord, error) {
	rel, err := w.tables.relationships.Get(ctx, anyCustomer(), a.Doc.RelationshipID)
	if err != nil {
		return nil, err
	}
	terms, _ := rel.Doc.Billable(a.Doc.Month)
	switch next := period.NextAction(a.Doc, a.Now); {
	case next == period.Look:
		return again((*period.Period).LookAgain), nil
	case next != period.Issue:
		return nil, nil // issued by a try whose answer was lost
	case rel.Doc.Forgone():
		return again((*period.Period).Forgo), nil
	case terms == nil:
		return nil, w.unsettled(ctx, a.Doc)
	case terms.AgreementID != a.Doc.Basis.AgreementID || terms.SellerID != a.Doc.Basis.SellerID:
		return again((*period.Period).PriceAgain), nil
	case a.Doc.Credit():
		why := text.New("hold.negative_total", "total", a.Doc.Priced.Total.String())
		return obstruct(&period.Obstacle{Code: period.CodeNegativeTotal, Why: why}), nil
	}
	issuer, billTo, err := w.parties.read(ctx, terms.SellerID, rel.Doc.CustomerID, rel.Doc.OrderID)
	if err != nil {
		return nil, err
	}
	draft := draftOf(a.Doc, rel.Doc, terms)
	draft.Issuer, draft.BillTo = issuer, billTo
	if _, err := invoicepdf.Make(&draft); err != nil { // before a number is drawn, which no invoice without a document may have
		return nil, errs.Wrap(err, errs.Internal, reasonInternal, "the invoice cannot be drawn")
	}
	err = w.tables.db.InTx(ctx, func(tx *store.Tx) error { return w.issueTx(tx, a.Doc, draft) })
	if errors.Is(err, errTermsMoved) {
		return again((*period.Period).PriceAgain), nil
	}
	if errs.ReasonOf(err) == period.ReasonStateRefuses {
		return nil, nil // the period has moved on meanwhile: it says what is next
	}
	return nil, err
}

// again records what the period is to forget, or to forgo.
func again(change func(*period.Period) ([]fact.Fact, error)) periodRecord {
	return func(p *period.Period, _ time.Time) ([]fact.Fact, error) { return change(p) }
}

func draftOf(p *period.Period, rel *relationship.Relationship, terms *relationship.Agreed) invoice.Invoice {
	return invoice.Invoice{
		ID: invoice.IDFor(p.ID), SellerID: terms.SellerID, CustomerID: rel.CustomerID, OrderID: rel.OrderID, AgreementID: terms.AgreementID,
		RelationshipID: rel.ID, PeriodID: p.ID, Month: p.Month, Lines: p.Priced.Lines, Total: p.Priced.Total, Exchanges: p.Priced.Exchanges,
	}
}

// errTermsMoved undoes an invoice whose prices rest on terms that hold no longer.
var errTermsMoved = errors.New("the terms or the pricebook have changed since the prices were computed")

// issueTx draws the number first: it makes the invoices of a seller wait for each other, so that one alone is the first
// of its relationship. Then it holds on to what the prices rest on.
func (w *periodWork) issueTx(tx *store.Tx, priced *period.Period, draft invoice.Invoice) error {
	now := tx.Now()
	number, err := nextNumber(tx, draft.SellerID, now.Year())
	if err != nil {
		return err
	}
	rel, err := w.tables.stillHolds(tx, priced)
	if err != nil {
		return err
	}
	if rel == nil {
		return errTermsMoved
	}
	before, err := w.tables.invoices.CountTx(tx, anyCustomer(), store.Eq("relationship", draft.RelationshipID))
	if err != nil {
		return err
	}
	draft.Number, draft.First, draft.Final = number, before == 0, rel.IsLast(draft.Month)
	issued, facts := invoice.Issue(draft, w.paymentDays, now)
	_, err = w.tables.periods.Update(tx, anyCustomer(), priced.ID, "", func(p *period.Period) ([]fact.Fact, error) {
		return p.Invoice(issued.ID, number, *priced.Priced, issued.Final, now)
	})
	if err != nil {
		return err
	}
	_, err = w.tables.invoices.Create(tx, issued.ID, issued, facts...)
	return err
}
