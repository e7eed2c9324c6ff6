package billing

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/rating"
	"example.com/handover/services/billing/internal/relationship"
)

// rate prices the charges on the terms of the agreement that hold now.
func (w *periodWork) rate(ctx context.Context, a periodAttempt) (periodRecord, error) {
	rel, err := w.tables.relationships.Get(ctx, anyCustomer(), a.Doc.RelationshipID)
	if err != nil {
		return nil, err
	}
	terms, why := rel.Doc.Billable()
	if terms == nil {
		return obstruct(&period.Obstacle{Code: period.CodeAgreementMissing, Why: why}), nil
	}
	book, err := w.tables.bookOf(ctx, rel.Doc.PricebookID, terms)
	if err != nil {
		return nil, err
	}
	priced, obstacle, err := price(a.Doc, terms, book)
	switch {
	case err != nil:
		return nil, errs.Wrap(err, errs.Internal, "INTERNAL", "the charges cannot be priced")
	case obstacle != nil:
		return obstruct(obstacle), nil
	}
	return func(p *period.Period, now time.Time) ([]fact.Fact, error) {
		return p.Price(priced, basisOf(terms, book), now)
	}, nil
}

// price computes the prices, or says why there are none.
func price(p *period.Period, terms *relationship.Agreement, book bookRow) (rating.Priced, *period.Obstacle, error) {
	if book.Doc == nil {
		return rating.Priced{}, &period.Obstacle{
			Code: period.CodePricebookMissing, Why: text.New("hold.pricebook_missing", "currency", terms.CurrencyCode),
		}, nil
	}
	priced, obstacle, err := rating.Price(rating.Order{
		Month: p.Month, Currency: p.Currency(), Groups: p.Groups, Quotes: p.Quotes(), Book: book.Doc,
		PartnerLedSupport: terms.PartnerLedSupport,
	})
	switch obstacle {
	case rating.NoRate:
		why := text.New("hold.exchange_rate_missing", "from", p.Currency(), "to", terms.CurrencyCode)
		return priced, &period.Obstacle{Code: string(obstacle), Why: why}, err
	case rating.NoPrice:
		return priced, &period.Obstacle{Code: string(obstacle), Why: text.New("hold.support_price_missing")}, err
	default:
		return priced, nil, err
	}
}
