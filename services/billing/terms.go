package billing

import (
	"context"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
)

// bookRow is a pricebook as it is kept.
type bookRow = store.Row[pricebook.Pricebook]

// bookOf returns the relationship's own pricebook or the seller's standard one; without a document when none fits.
func (t *tables) bookOf(ctx context.Context, own string, terms *relationship.Agreement) (bookRow, error) {
	q := store.Query{Where: []store.Cond{store.Eq("standard_for", pricebook.StandardKey(terms.SellerID, terms.CurrencyCode))}, Size: 1}
	if own != "" {
		q.Where = []store.Cond{store.Eq("id", own)}
	}
	found, err := t.pricebooks.List(ctx, pricesAreOurs(), q)
	if err != nil || len(found.Rows) == 0 {
		return bookRow{}, err
	}
	if err := found.Rows[0].Doc.Fits(terms.SellerID, terms.CurrencyCode); errs.KindOf(err) == errs.Invalid {
		return bookRow{}, nil // the agreement has come to another currency
	}
	return found.Rows[0], nil
}

// basisOf is what prices on these terms and of this pricebook rest on.
func basisOf(terms *relationship.Agreement, book bookRow) period.Basis {
	return period.Basis{
		PricebookID: book.ID, PricebookRevision: book.Revision, AgreementID: terms.ID, SellerID: terms.SellerID,
		CurrencyCode: terms.CurrencyCode, PartnerLedSupport: terms.PartnerLedSupport,
	}
}

// stillHolds reports whether the prices of a period rest on what holds now. It locks all of that, so that it holds until
// the transaction ends.
func (t *tables) stillHolds(tx *store.Tx, p *period.Period) (bool, error) {
	err := tx.Lock(t.periods.Row(p.ID), t.pricebooks.Row(p.Basis.PricebookID), t.relationships.Row(p.RelationshipID))
	if err != nil {
		return false, err
	}
	book, err := t.pricebooks.GetForUpdate(tx, pricesAreOurs(), p.Basis.PricebookID)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil // priced before it was noted on what
	}
	if err != nil {
		return false, err
	}
	rel, err := t.relationships.GetForUpdate(tx, followsAll(), p.RelationshipID)
	if err != nil {
		return false, err
	}
	terms, _ := rel.Doc.Billable()
	if terms == nil || basisOf(terms, book) != p.Basis {
		return false, nil
	}
	if own := rel.Doc.PricebookID; own != "" {
		return own == book.ID, nil
	}
	return book.Doc.StandardFor() == pricebook.StandardKey(terms.SellerID, terms.CurrencyCode), nil
}
