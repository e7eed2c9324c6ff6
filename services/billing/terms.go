package billing

import (
	"context"
	"fmt"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
	"example.com/handover/services/billing/internal/statement"
)

// bookRow is a pricebook as it is kept.
type bookRow = store.Row[pricebook.Pricebook]

// choice is the pricebook that a relationship goes by in a month in place of the seller's standard one; the zero value: that one serves.
type choice struct {
	id   string  // which; empty: none
	book bookRow // without a document: nobody knows it, or it is for other terms
	none bool    // the customer has prices of its own or of its provider, and none in the currency: the standard ones do not serve
}

// choose returns the relationship's own pricebook in the currency of a month, else the customer's. A customer's is passed over where the
// month is in another currency, unless a month before was in its own: then the customer has been given its prices.
func choose(
	rel *relationship.Relationship, m calendar.Month, terms *relationship.Agreed, buyer *relationship.Buyer,
	read func(id string) (bookRow, error),
) (choice, error) {
	own, served := rel.OwnPricebook(m)
	switch {
	case !served:
		return choice{none: true}, nil
	case own != "":
		book, err := read(own)
		if err != nil || book.Doc == nil || fits(book, terms) {
			return choice{id: own, book: book}, err
		}
		return choice{id: own}, nil
	case buyer == nil || buyer.PricebookID == "":
		return choice{}, nil
	}
	book, err := read(buyer.PricebookID)
	if err != nil || book.Doc == nil || fits(book, terms) {
		return choice{id: buyer.PricebookID, book: book}, err
	}
	had := rel.PricedBefore(m, buyer.Since, func(t relationship.Terms) bool {
		return fits(book, &relationship.Agreed{SellerID: terms.SellerID, Terms: t})
	})
	return choice{none: had}, nil
}

// bookOf returns the pricebook of a month: the relationship's own in its currency, else the customer's, else the seller's standard one;
// without a document when there is none. It reports whether the standard one does not serve then.
func (t *tables) bookOf(
	ctx context.Context, rel *relationship.Relationship, m calendar.Month, terms *relationship.Agreed,
) (row bookRow, own bool, err error) {
	buyer, err := t.buyerOf(ctx, rel.CustomerID)
	if err != nil {
		return bookRow{}, false, err
	}
	chosen, err := choose(rel, m, terms, buyer, func(id string) (bookRow, error) {
		return known(t.pricebooks.Get(ctx, sharedTerms(), id))
	})
	if err != nil || chosen.id != "" || chosen.none {
		return chosen.book, chosen.book.Doc == nil, err
	}
	q := store.Query{Where: []store.Cond{store.Eq("standard_for", pricebook.StandardKey(terms.SellerID, terms.CurrencyCode))}, Size: 1}
	found, err := t.pricebooks.List(ctx, sharedTerms(), q)
	if err != nil || len(found.Rows) == 0 {
		return bookRow{}, false, err
	}
	return found.Rows[0], false, nil
}

// known is a pricebook that was read; without a document: nobody knows it.
func known(row bookRow, err error) (bookRow, error) {
	if errs.KindOf(err) == errs.NotFound {
		return bookRow{}, nil
	}
	return row, err
}

// fits reports whether a pricebook has the prices of these terms.
func fits(book bookRow, terms *relationship.Agreed) bool {
	return errs.KindOf(book.Doc.Fits(terms.SellerID, terms.CurrencyCode)) != errs.Invalid
}

// supportOf is what is known of the support of the relationship's accounts in a month, and the same as the prices rest on it.
func supportOf(
	rel *relationship.Relationship, m calendar.Month, buyer *relationship.Buyer,
) (known map[string]statement.AccountSupport, basis string) {
	known = map[string]statement.AccountSupport{}
	for _, s := range rel.SupportIn(m, buyer) {
		known[s.AccountID] = statement.AccountSupport{
			Group: statement.PlanGroup(s.Group), Plan: statement.Plan(s.Plan), Changed: s.Changed, Awaited: s.Awaited,
		}
		basis += fmt.Sprintf("%s %s %s %t %t;", s.AccountID, s.Group, s.Plan, s.Changed, s.Awaited)
	}
	return known, basis
}

// buyerOf is the customer of a relationship as it is kept; nil: nothing is known.
func (t *tables) buyerOf(ctx context.Context, customerID string) (*relationship.Buyer, error) {
	row, err := t.buyers.Get(ctx, anyCustomer(), customerID)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	return row.Doc, err
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
	if holds, err := t.restsOn(tx, p, rel.Doc, book); err != nil || !holds {
		return nil, err
	}
	return rel.Doc, nil
}

// restsOn reports whether the month is billed, and its prices rest on this relationship and pricebook.
func (t *tables) restsOn(tx *store.Tx, p *period.Period, rel *relationship.Relationship, book bookRow) (bool, error) {
	terms, _ := rel.Billable(p.Month)
	if terms == nil || !rel.Covers(p.Month) {
		return false, nil
	}
	buyer, err := t.buyers.GetTx(tx, anyCustomer(), rel.CustomerID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return false, err
	}
	now := basisOf(terms, book)
	if _, now.Support = supportOf(rel, p.Month, buyer.Doc); now != p.Basis {
		return false, nil
	}
	chosen, err := choose(rel, p.Month, terms, buyer.Doc, func(id string) (bookRow, error) {
		return known(t.pricebooks.GetTx(tx, sharedTerms(), id))
	})
	switch {
	case err != nil || chosen.none:
		return false, err
	case chosen.id != "":
		return chosen.id == book.ID, nil
	}
	return book.Doc.StandardFor() == pricebook.StandardKey(terms.SellerID, terms.CurrencyCode), nil
}
