package aws

import (
	"cmp"
	"context"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// RecordUsage puts lines on their months' bills, all or none, and returns them as they were recorded. What is empty is
// filled in: an id, "Usage", AWS, one, US dollars, the month's first day. A line whose id is there already is left as
// it was, so that a call may be repeated. It returns errs.NotFound (ACCOUNT_NOT_FOUND), errs.Precondition (MONTH_CLOSED)
// and errs.Invalid for a line that makes no sense.
func (s *Simulator) RecordUsage(ctx context.Context, lines ...state.Usage) ([]state.Usage, error) {
	var recorded []state.Usage
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		book := bill.Open(tx, s.billing)
		for _, u := range lines {
			if before, ok := tx.Usage.Get(u.ID); ok {
				recorded = append(recorded, before)
				continue
			}
			u, err := completed(tx, u)
			if err != nil {
				return err
			}
			payer := book.Payer(u.Source, u.Month)
			if _, closed := book.ClosedAt(payer, u.Month); closed {
				return errs.New(errs.Precondition, "MONTH_CLOSED", "%s is closed for the payer %s", u.Month, payer)
			}
			tx.Usage.Put(u)
			recorded = append(recorded, u)
		}
		forget(tx)
		return nil
	})
	return recorded, err
}

// monthsKept is how many months before the running one Cost Explorer shows.
const monthsKept = 13

// forget drops the usage that AWS does not show any more.
func forget(tx *state.Tx) {
	first := calendar.MonthOf(tx.Now()).AddMonths(-monthsKept)
	for _, u := range tx.Usage.All() {
		if u.Month.Compare(first) < 0 {
			tx.Usage.Delete(u.ID)
		}
	}
}

// Usage returns what an organization, or an account that is in none, has on the bill of a month, oldest first.
func (s *Simulator) Usage(management string, month calendar.Month) (lines []state.Usage) {
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		lines = tx.Usage.Of(state.Bill(management, month))
		return nil
	})
	return lines
}

// completed checks a line and fills in what it does not say.
func completed(tx *state.Tx, u state.Usage) (state.Usage, error) {
	owner, org, member := tx.OrganizationOf(u.Account)
	if owner.ID == "" {
		return u, accountNotFound(u.Account)
	}
	u.Source = u.Account
	if member {
		u.Source = org.Management
	}
	if u.ID == "" {
		u.ID = state.NewID("u")
	}
	u.Day = cmp.Or(u.Day, 1)
	u.RecordType = cmp.Or(u.RecordType, "Usage")
	u.BillingEntity = cmp.Or(u.BillingEntity, state.BilledByAWS)
	u.LegalEntity = cmp.Or(u.LegalEntity, bill.InvoicingEntity)
	u.Quantity = cmp.Or(u.Quantity, "1")
	u.Currency = cmp.Or(u.Currency, "USD")
	u.RecordedAt = tx.Now()
	return u, checkUsage(u)
}

func checkUsage(u state.Usage) error {
	_, quantityErr := money.ParseRate(u.Quantity)
	_, amountErr := money.Parse("USD", u.Amount)
	switch {
	case u.Month.IsZero() || u.Month.Month < time.January || u.Month.Month > time.December:
		return errs.InvalidField("month", "MONTH_MISSING", "usage is of a month")
	case u.Day < 1 || calendar.MonthOf(u.Month.Start().AddDate(0, 0, u.Day-1)) != u.Month:
		return errs.InvalidField("day", "DAY_INVALID", "%s has no day %d", u.Month, u.Day)
	case u.Service == "":
		return errs.InvalidField("service", "SERVICE_MISSING", "usage is of a service")
	case u.BillingEntity != state.BilledByAWS && u.BillingEntity != state.BilledByMarketplace:
		return errs.InvalidField("billing_entity", "BILLING_ENTITY_UNKNOWN", "AWS does not bill for %q", u.BillingEntity)
	case u.Currency != "USD":
		return errs.InvalidField("currency", "CURRENCY_INVALID", "usage is counted in US dollars")
	}
	return cmp.Or(quantityErr, amountErr)
}
