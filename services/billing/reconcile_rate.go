package billing

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/rating"
)

// rate prices the charges on the terms of the agreement that hold now.
func (r *periodReconciler) rate(ctx context.Context, c *periodClaim) error {
	rel, err := r.tables.relationships.Get(ctx, anyCustomer(), c.Doc.RelationshipID)
	if err != nil {
		return err
	}
	terms, why := rel.Doc.Billable()
	if terms == nil {
		return r.obstruct(ctx, c, period.CodeAgreementMissing, why)
	}
	book, err := r.tables.bookOf(ctx, rel.Doc.PricebookID, terms)
	if err != nil {
		return err
	}
	if book.Doc == nil {
		return r.obstruct(ctx, c, period.CodePricebookMissing, text.New("hold.pricebook_missing", "currency", terms.CurrencyCode))
	}
	priced, obstacle, err := rating.Price(rating.Order{
		Month: c.Doc.Month, Currency: c.Doc.Currency(), Groups: c.Doc.Groups, Quotes: c.Doc.Quotes(), Book: book.Doc,
		PartnerLedSupport: terms.PartnerLedSupport,
	})
	switch {
	case err != nil:
		return err
	case obstacle == rating.NoRate:
		return r.obstruct(ctx, c, string(obstacle), text.New("hold.exchange_rate_missing", "from", c.Doc.Currency(), "to", terms.CurrencyCode))
	case obstacle == rating.NoPrice:
		return r.obstruct(ctx, c, string(obstacle), text.New("hold.support_price_missing"))
	}
	now := c.Now()
	return c.Finish(ctx, func(p *period.Period) ([]fact.Fact, error) { return p.Price(priced, basisOf(terms, book), now) })
}
