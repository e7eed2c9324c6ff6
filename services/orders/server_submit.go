package orders

import (
	"context"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// SubmitOrder also answers whether somebody else is a customer with the account of the draft, to whoever writes its number
// into one. So that is asked last, of who may submit and has accepted the terms, and not as often as anybody likes.
func (s *orderServer) SubmitOrder(
	ctx context.Context, req *ordersv1.SubmitOrderRequest,
) (resp *ordersv1.SubmitOrderResponse, err error) {
	var submitted *order.Order
	err = s.accounts.Ask(ctx, req.GetOrderId(), req.GetValidateOnly(), order.HeldByAnother, func() (err error) {
		resp, submitted, err = s.submit(ctx, req)
		return err
	})
	if err != nil || !req.GetValidateOnly() {
		return resp, err
	}
	if resp.JourneyMails, err = s.journeyMails(ctx, submitted); absent(err) {
		resp.MissingServices, err = []string{"accounttransfer"}, nil
	}
	return resp, err
}

// submit gathers, under the row's lock, what the draft is held against, then decides.
func (s *orderServer) submit(
	ctx context.Context, req *ordersv1.SubmitOrderRequest,
) (resp *ordersv1.SubmitOrderResponse, submitted *order.Order, err error) {
	resp, err = store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SubmitOrderResponse, error) {
		draft, err := s.tables.lockOrder(tx, tx.Call().Scope, req.GetOrderId(), s.tables.heldAgainst)
		if err != nil {
			return nil, err
		}
		submission, err := s.submission(ctx, tx, draft.Doc)
		if err != nil {
			return nil, err
		}
		submission.Terms = fromTerms(req.GetTerms())
		row, err := s.tables.changeLocked(tx, tx.Call().Scope, draft.ID, req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return o.Submit(submission, tx.Now())
		})
		if err != nil {
			return nil, heldAlready(err, draft.Doc.ManagementAccountID)
		}
		submitted = row.Doc
		return &ordersv1.SubmitOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, nil
	})
	return resp, submitted, err
}

// heldAgainst are the rows that a submission reads by their ids.
func (t *tables) heldAgainst(o *order.Order) []store.Locked {
	return []store.Locked{t.sellers.Row(o.SellerID), t.payers.Row(o.PayerID)}
}

func (s *orderServer) submission(ctx context.Context, tx *store.Tx, o *order.Order) (out order.Submission, err error) {
	out = order.Submission{By: tx.Call().Actor, TransferID: newTransferID()}
	if p, ok := auth.From(ctx); ok {
		out.Binds = p.Customers
	}
	customer, err := s.customer(tx, o.CustomerID)
	if err != nil {
		return out, err
	}
	seller, err := s.tables.sellers.GetTx(tx, anySeller(), o.SellerID)
	if err != nil {
		return out, err
	}
	out.Customer, out.Seller = *customer, *seller.Doc
	if out.Product, err = catalogue.Find(o.ProductID); err != nil {
		return out, err
	}
	if out.Window, err = s.tables.windowTx(tx, out.Product.ID); err != nil {
		return out, err
	}
	set, err := s.tables.validities.ListTx(tx, anyRule(), everyRule())
	if err != nil {
		return out, err
	}
	out.Rules = rulesSince(set.Rows)
	if out.LegacyAgreement, err = s.holdsLegacy(tx, out.Product, o.CustomerID); err != nil {
		return out, err
	}
	if out.PayerMissing, err = s.payerMissing(tx, o); err != nil {
		return out, err
	}
	if out.IsPayer, err = s.payerAmong(tx, o); err != nil {
		return out, err
	}
	if o.Replaces != nil {
		replaced, err := s.tables.agreements.GetForUpdate(tx, agreementOfOrder(), o.Replaces.AgreementID)
		if err != nil {
			return out, err
		}
		out.Replaces = replaced.Doc.Replaces()
	}
	out.TakenBy, err = s.takenBy(tx, o)
	return out, err
}

// holdsLegacy reports whether a customer that the caller sees has an active agreement for a legacy product, where that is ordered.
func (s *orderServer) holdsLegacy(tx *store.Tx, p catalogue.Product, customerID string) (bool, error) {
	if p.Generation != catalogue.Legacy {
		return false, nil
	}
	return legacyAmong(customerID, func(q store.Query) (store.Page[agreement.Agreement], error) {
		return s.tables.agreements.ListTx(tx, tx.Call().Scope, q)
	})
}

// admitted refuses a draft of a product that is not for the customer at all.
func (s *orderServer) admitted(tx *store.Tx, productID string, c *party.Customer) error {
	p, err := catalogue.Find(productID)
	if err != nil {
		return err
	}
	window, err := s.tables.windowTx(tx, p.ID)
	if err != nil {
		return err
	}
	set, err := s.tables.validities.ListTx(tx, anyRule(), everyRule())
	if err != nil {
		return err
	}
	q := catalogue.Question{Product: p, Window: window, Excepted: c.Excepted(tx.Now())}
	if q.LegacyAgreement, err = s.holdsLegacy(tx, p, c.ID); err != nil {
		return err
	}
	return catalogue.Admit(rulesSince(set.Rows), q, tx.Now())
}

// heldInstead returns the account that an edit names for an order under way, with the refusal of one that it cannot have; "": it is another
// edit.
func (s *orderServer) heldInstead(tx *store.Tx, o *order.Order, e order.Edit) (account string, held, err error) {
	if !order.Renames(o, e) {
		return "", nil, nil
	}
	renamed := *o
	renamed.ManagementAccountID = *e.ManagementAccountID
	isPayer, err := s.payerAmong(tx, &renamed)
	if err != nil {
		return "", nil, err
	}
	by, err := s.takenBy(tx, &renamed)
	return renamed.ManagementAccountID, order.Free(renamed.ManagementAccountID, isPayer, by), err
}

// payerAmong returns the first account of an order that is known to be a payer, unless it is this customer's own organization; "" when
// none is.
func (s *orderServer) payerAmong(tx *store.Tx, o *order.Order) (string, error) {
	for _, account := range append([]string{o.ManagementAccountID}, o.LinkedAccountIDs...) {
		if account == "" {
			continue
		}
		page, err := s.tables.payers.ListTx(tx, anyPayer(), store.Query{Where: []store.Cond{store.Eq("account", account)}, Size: 1})
		if err != nil {
			return "", err
		}
		if len(page.Rows) > 0 && page.Rows[0].Doc.CustomerID != o.CustomerID {
			return account, nil
		}
	}
	return "", nil
}

// takenBy finds the other order that holds the management account. The table's unique index closes the race that is left
// between two submissions. Which order it is is told to those who may see it: others do not learn who else is a customer.
func (s *orderServer) takenBy(tx *store.Tx, o *order.Order) (*order.Taken, error) {
	if o.ManagementAccountID == "" {
		return nil, nil
	}
	page, err := s.tables.orders.ListTx(tx, ordersOfAccount(), store.Query{
		Where: []store.Cond{store.Eq("account_held", o.ManagementAccountID)}, Size: 2,
	})
	if err != nil {
		return nil, err
	}
	for _, other := range page.Rows {
		if other.ID == o.ID || o.Replaces != nil && other.Doc.AgreementID == o.Replaces.AgreementID {
			continue
		}
		sees, err := tx.Sees(tx.Call().Scope, other.Customer)
		if !sees || err != nil {
			return &order.Taken{}, err
		}
		its, err := s.tables.agreements.GetTx(tx, agreementOfOrder(), other.Doc.AgreementID)
		if err != nil {
			return nil, err
		}
		return &order.Taken{OrderID: other.ID, EndsAt: its.Doc.Connection.End, Legacy: its.Doc.Connection.Withdrawal.ByLeaving}, nil
	}
	return nil, nil
}

// payerMissing reports whether AccountTransfer surely has no payer that the order could use: none of the seller, or the
// chosen one is closed or another seller's. A chosen one that nothing was heard of yet is let through, for it may be
// new: AccountTransfer refuses what it does not know, and the order then waits for Operations.
func (s *orderServer) payerMissing(tx *store.Tx, o *order.Order) (bool, error) {
	if o.PayerID == "" && o.TemplateKey != "" {
		return false, nil // a template may make its payer
	}
	if o.PayerID == "" {
		n, err := s.tables.payers.CountTx(
			tx, anyPayer(), store.Eq("seller", o.SellerID), store.Eq("active", true), store.Eq("shared", true),
		)
		return n == 0, err
	}
	chosen, err := s.tables.payers.GetTx(tx, anyPayer(), o.PayerID)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !chosen.Doc.Active || chosen.Doc.SellerID != o.SellerID, nil
}
