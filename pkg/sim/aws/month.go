package aws

import (
	"context"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// CloseMonth closes a payer's month before it closes by itself, and returns the invoices: one for every organization
// that the account pays for and that has used something, and for AWS and the marketplace each. A month that is closed
// stays as it is. It returns errs.NotFound (ACCOUNT_NOT_FOUND) and errs.Precondition (MONTH_NOT_OVER).
func (s *Simulator) CloseMonth(ctx context.Context, payer string, month calendar.Month) ([]bill.Invoice, error) {
	var invoices []bill.Invoice
	err := s.state.Update(ctx, func(tx *state.Tx) (err error) {
		if _, ok := tx.Accounts.Get(payer); !ok {
			return accountNotFound(payer)
		}
		if tx.Now().Before(month.Next().Start()) {
			return errs.New(errs.Precondition, "MONTH_NOT_OVER", "%s is not over", month)
		}
		book := bill.Open(tx, s.billing)
		if _, closed := book.ClosedAt(payer, month); !closed {
			tx.Closings.Put(state.Closing{Payer: payer, Month: month, ClosedAt: tx.Now()})
		}
		invoices, err = book.Invoices(payer, month)
		return err
	})
	return invoices, err
}

// Invoices returns the invoices of a payer's month; none while it is open.
func (s *Simulator) Invoices(payer string, month calendar.Month) (invoices []bill.Invoice, err error) {
	err = s.state.View(func(tx *state.Tx) (err error) {
		invoices, err = bill.Open(tx, s.billing).Invoices(payer, month)
		return err
	})
	return invoices, err
}

// AdjustInvoice gives an issued invoice another total, in US dollars and tax included, so that it differs from the
// usage. It returns errs.NotFound (INVOICE_NOT_FOUND) and errs.Invalid (AMOUNT_INVALID).
func (s *Simulator) AdjustInvoice(ctx context.Context, invoice, amount string) error {
	if _, err := money.Parse("USD", amount); err != nil {
		return err
	}
	return s.state.Update(ctx, func(tx *state.Tx) error {
		_, ok, err := bill.Open(tx, s.billing).Invoice(invoice)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.NotFound, "INVOICE_NOT_FOUND", "AWS has issued no invoice %s", invoice)
		}
		tx.Adjustments.Put(state.Adjustment{Invoice: invoice, Total: amount, AdjustedAt: tx.Now()})
		return nil
	})
}

// SetPaymentCurrency sets what an account pays its invoices in, those issued from now on, and what one US dollar costs
// in it. Without it, it pays in US dollars. It returns errs.NotFound (ACCOUNT_NOT_FOUND) and errs.Invalid
// (CURRENCY_INVALID, AMOUNT_INVALID).
func (s *Simulator) SetPaymentCurrency(ctx context.Context, account, currency, rate string) error {
	if _, err := money.Zero(currency); err != nil {
		return err
	}
	if _, err := money.ParseRate(rate); err != nil {
		return err
	}
	return s.state.Update(ctx, func(tx *state.Tx) error {
		if _, ok := tx.Accounts.Get(account); !ok {
			return accountNotFound(account)
		}
		tx.Currencies.Put(state.PaymentCurrency{Account: account, Currency: currency, Rate: rate, SetAt: tx.Now()})
		return nil
	})
}

// BillingGroups returns the billing groups of every payer, oldest first.
func (s *Simulator) BillingGroups() (all []state.BillingGroup) {
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		all = tx.BillingGroups.All()
		return nil
	})
	return all
}
