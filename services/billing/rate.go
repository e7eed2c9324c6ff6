package billing

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
	"example.com/handover/services/billing/internal/statement"
)

// rate prices the charges on the terms of the month, as far as they are known.
func (w *periodWork) rate(ctx context.Context, a periodAttempt) (periodRecord, error) {
	rel, err := w.tables.relationships.Get(ctx, anyCustomer(), a.Doc.RelationshipID)
	if err != nil {
		return nil, err
	}
	if rel.Doc.Forgone() {
		return again((*period.Period).Forgo), nil
	}
	terms, _ := rel.Doc.Billable(a.Doc.Month)
	if terms == nil {
		return nil, w.unsettled(ctx, a.Doc)
	}
	book, own, err := w.tables.bookOf(ctx, rel.Doc, a.Doc.Month, terms)
	if err != nil {
		return nil, err
	}
	if own {
		why := text.New(period.WhyOwnPrices, "currency", terms.CurrencyCode)
		return obstruct(&period.Obstacle{Code: period.CodePricebookMissing, Why: why}), nil
	}
	if book.Doc == nil {
		why := text.New("hold.pricebook_missing", "currency", terms.CurrencyCode)
		return obstruct(&period.Obstacle{Code: period.CodePricebookMissing, Why: why}), nil
	}
	charges, err := w.tables.chargesOf(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	buyer, err := w.tables.buyerOf(ctx, rel.Doc.CustomerID)
	if err != nil {
		return nil, err
	}
	in, on := w.inputOf(a.Doc, charges, terms, book), basisOf(terms, book)
	in.Terms.Support, on.Support = supportOf(rel.Doc, a.Doc.Month, buyer)
	priced, err := statement.Compute(in)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "the charges cannot be priced")
	}
	return func(p *period.Period, now time.Time) ([]fact.Fact, error) {
		return p.Price(priced, on, now)
	}, nil
}

// unsettled holds a period for which nobody is invoiced, unless that has been settled meanwhile. It holds on to the
// relationship, so that what settles it later finds the period on hold.
func (w *periodWork) unsettled(ctx context.Context, p *period.Period) error {
	return w.tables.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(w.tables.periods.Row(p.ID), w.tables.relationships.Row(p.RelationshipID)); err != nil {
			return err
		}
		rel, err := w.tables.relationships.GetForUpdate(tx, anyCustomer(), p.RelationshipID)
		if err != nil {
			return err
		}
		terms, why := rel.Doc.Billable(p.Month)
		if terms != nil || rel.Doc.Forgone() {
			return nil
		}
		_, err = w.tables.periods.Update(tx, anyCustomer(), p.ID, "", func(p *period.Period) ([]fact.Fact, error) {
			return p.Obstruct(period.CodeAgreementMissing, why, tx.Now())
		})
		return err
	})
}

// inputOf is all that the prices of a month depend on.
func (w *periodWork) inputOf(p *period.Period, charges []statement.Charge, terms *relationship.Agreed, book bookRow) statement.Input {
	return statement.Input{
		Month: p.Month, Book: book.Doc, Charges: charges, Invoices: p.VendorInvoices, Rules: w.rules,
		Terms: statement.Terms{PartnerLedSupport: terms.PartnerLedSupport, Discount: terms.Discount},
	}
}
