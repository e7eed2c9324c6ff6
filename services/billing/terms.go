package billing

import (
	"context"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
)

// bookRow is a pricebook as it is kept.
type bookRow = store.Row[pricebook.Pricebook]

// bookOf returns the pricebook of a month: the relationship's own in its currency, else the customer's, else the seller's standard one;
// without a document when there is none, or the relationship has one of its own in another currency only. A customer's is passed over
// where the month is in another currency.
func (t *tables) bookOf(
	ctx context.Context, rel *relationship.Relationship, m calendar.Month, terms *relationship.Agreed,
) (bookRow, error) {
	named := func(id string) (bookRow, error) {
		row, err := t.pricebooks.Get(ctx, sharedTerms(), id)
		if errs.KindOf(err) == errs.NotFound {
			return bookRow{}, nil
		}
		return row, err
	}
	own, served := rel.OwnPricebook(m)
	if !served {
		return bookRow{}, nil
	}
	if own != "" {
		book, err := named(own)
		if err != nil || book.Doc == nil || !fits(book, terms) {
			return bookRow{}, err
		}
		return book, nil
	}
	buyer, err := t.buyers.Get(ctx, anyCustomer(), rel.CustomerID)
	switch {
	case errs.KindOf(err) == errs.NotFound || err == nil && buyer.Doc.PricebookID == "":
	case err != nil:
		return bookRow{}, err
	default:
		if chosen, err := named(buyer.Doc.PricebookID); err != nil || chosen.Doc == nil || fits(chosen, terms) {
			return chosen, err
		}
	}
	q := store.Query{Where: []store.Cond{store.Eq("standard_for", pricebook.StandardKey(terms.SellerID, terms.CurrencyCode))}, Size: 1}
	found, err := t.pricebooks.List(ctx, sharedTerms(), q)
	if err != nil || len(found.Rows) == 0 {
		return bookRow{}, err
	}
	return found.Rows[0], nil
}

// fits reports whether a pricebook has the prices of these terms.
func fits(book bookRow, terms *relationship.Agreed) bool {
	return errs.KindOf(book.Doc.Fits(terms.SellerID, terms.CurrencyCode)) != errs.Invalid
}

// basisOf is what prices on these terms and of this pricebook rest on.
func basisOf(terms *relationship.Agreed, book bookRow) period.Basis {
	return period.Basis{
		PricebookID: book.ID, PricebookRevision: book.Revision, AgreementID: terms.AgreementID, SellerID: terms.SellerID,
		CurrencyCode: terms.CurrencyCode, PartnerLedSupport: terms.PartnerLedSupport, Discount: terms.Discount,
	}
}

// stillHolds returns the relationship of a period when the month is still to be billed and its prices rest on what holds
// now; nil otherwise. It locks all of that, so that it holds until the transaction ends.
func (t *tables) stillHolds(tx *store.Tx, p *period.Period) (*relationship.Relationship, error) {
	err := tx.Lock(
		t.periods.Row(p.ID), t.pricebooks.Row(p.Basis.PricebookID), t.relationships.Row(p.RelationshipID), t.buyers.Row(p.CustomerID),
	)
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
	if err != nil {
		return nil, err
	}
	chosen, err := t.chosen(tx, rel.Doc, p.Month)
	if err != nil || !restsOn(p, rel.Doc, book, chosen) {
		return nil, err
	}
	return rel.Doc, nil
}

// chosen is the pricebook that a relationship goes by in a month in place of the seller's standard one; without an id: none. One that
// nobody knows has no document.
func (t *tables) chosen(tx *store.Tx, rel *relationship.Relationship, m calendar.Month) (row bookRow, err error) {
	id, _ := rel.OwnPricebook(m)
	if id == "" {
		buyer, err := t.buyers.GetTx(tx, anyCustomer(), rel.CustomerID)
		if errs.KindOf(err) == errs.NotFound {
			return bookRow{}, nil
		}
		if err != nil {
			return bookRow{}, err
		}
		id = buyer.Doc.PricebookID
	}
	if id == "" {
		return bookRow{}, nil
	}
	if row, err = t.pricebooks.GetTx(tx, sharedTerms(), id); errs.KindOf(err) == errs.NotFound {
		return bookRow{Meta: store.Meta{ID: id}}, nil
	}
	return row, err
}

// restsOn reports whether the month is billed, and its prices rest on this relationship and pricebook.
func restsOn(p *period.Period, rel *relationship.Relationship, book, chosen bookRow) bool {
	terms, _ := rel.Billable(p.Month)
	if terms == nil || !rel.Covers(p.Month) || basisOf(terms, book) != p.Basis {
		return false
	}
	own, served := rel.OwnPricebook(p.Month)
	if !served {
		return false
	}
	passedOver := own == "" && chosen.Doc != nil && !fits(chosen, terms)
	if chosen.ID != "" && !passedOver {
		return chosen.ID == book.ID
	}
	return book.Doc.StandardFor() == pricebook.StandardKey(terms.SellerID, terms.CurrencyCode)
}
