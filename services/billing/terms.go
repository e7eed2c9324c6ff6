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
	found, err := t.pricebooks.List(ctx, sharedTerms(), q)
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
		CurrencyCode: terms.CurrencyCode, PartnerLedSupport: terms.PartnerLedSupport, Discount: terms.Discount,
	}
}

// stillHolds returns the relationship of a period when the month is still to be billed and its prices rest on what holds
// now; nil otherwise. It locks all of that, so that it holds until the transaction ends.
func (t *tables) stillHolds(tx *store.Tx, p *period.Period) (*relationship.Relationship, error) {
	err := tx.Lock(t.periods.Row(p.ID), t.pricebooks.Row(p.Basis.PricebookID), t.relationships.Row(p.RelationshipID))
	if err != nil {
		return nil, err
	}
	book, err := t.pricebooks.GetForUpdate(tx, sharedTerms(), p.Basis.PricebookID)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil // priced before it was noted on what
	}
	if err != nil {
		return nil, err
	}
	rel, err := t.relationships.GetForUpdate(tx, anyCustomer(), p.RelationshipID)
	if err != nil || !restsOn(p, rel.Doc, book) {
		return nil, err
	}
	return rel.Doc, nil
}

// restsOn reports whether the month is billed, and its prices rest on this relationship and pricebook.
func restsOn(p *period.Period, rel *relationship.Relationship, book bookRow) bool {
	terms, _ := rel.Billable(p.Month)
	if terms == nil || !rel.Covers(p.Month) || basisOf(terms, book) != p.Basis {
		return false
	}
	if own := rel.PricebookID; own != "" {
		return own == book.ID
	}
	return book.Doc.StandardFor() == pricebook.StandardKey(terms.SellerID, terms.CurrencyCode)
}
