package billing

import (
	"context"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/rating"
	"example.com/handover/services/billing/internal/relationship"
)

// rate prices the charges on the terms of the agreement that hold now.
func (r *periodReconciler) rate(ctx context.Context, c *periodClaim) error {
	rel, err := r.tables.relationships.Get(ctx, followsAll(), c.Doc.RelationshipID)
	if err != nil {
		return err
	}
	terms, why := rel.Doc.Billable()
	if terms == nil {
		return r.obstruct(ctx, c, period.CodeAgreementMissing, why)
	}
	book, err := r.bookOf(ctx, rel.Doc.PricebookID, terms)
	if err != nil {
		return err
	}
	if book == nil {
		return r.obstruct(ctx, c, period.CodePricebookMissing, "no pricebook of the seller has prices in "+terms.CurrencyCode)
	}
	priced, obstacle, err := rating.Price(rating.Order{
		Month: c.Doc.Month, Currency: c.Doc.Currency(), Groups: c.Doc.Groups, Quotes: c.Doc.Quotes(), Book: book,
		PartnerLedSupport: terms.PartnerLedSupport,
	})
	switch {
	case err != nil:
		return err
	case obstacle == rating.NoRate:
		return r.obstruct(ctx, c, string(obstacle), "no rate is known from "+c.Doc.Currency()+" to "+terms.CurrencyCode)
	case obstacle == rating.NoPrice:
		return r.obstruct(ctx, c, string(obstacle), "the pricebook has no price for partner-led support")
	}
	now := c.Now()
	return c.Finish(ctx, func(p *period.Period) ([]fact.Fact, error) { return p.Price(priced, book.ID, now) })
}

// bookOf returns the relationship's own pricebook or the seller's standard one; nil when there is none that fits.
func (r *periodReconciler) bookOf(ctx context.Context, own string, terms *relationship.Agreement) (*pricebook.Pricebook, error) {
	q := store.Query{Where: []store.Cond{store.Eq("standard_for", pricebook.StandardKey(terms.SellerID, terms.CurrencyCode))}, Size: 1}
	if own != "" {
		q.Where = []store.Cond{store.Eq("id", own)}
	}
	found, err := r.tables.pricebooks.List(ctx, pricesAreOurs(), q)
	if err != nil || len(found.Rows) == 0 {
		return nil, err
	}
	book := found.Rows[0].Doc
	if err := book.Fits(terms.SellerID, terms.CurrencyCode); errs.KindOf(err) == errs.Invalid {
		return nil, nil // the agreement has come to another currency
	}
	return book, nil
}
