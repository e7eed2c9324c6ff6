package relationship

import (
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
)

// Basis is what binds an account to the payer.
type Basis string

// The bases.
const (
	BillingTransfer Basis = "BILLING_TRANSFER" // AWS bills the payer for the organization by invoices of its own
	Membership      Basis = "MEMBERSHIP"       // the account is a part of the payer's own bill
)

// Connection is what a connection shows.
type Connection struct {
	ID, TransferID, OrderID, CustomerID, PayerID string
	AccountID                                    string    // of the organization that is transferred, or of the first member
	Accounts                                     []Account // of a membership: the accounts that have joined
	Basis                                        Basis
	ChargesPaidBy                                string
	StartAt                                      time.Time // zero: it does not bind yet
	EndAt                                        time.Time // first instant after it; zero: open
}

// Bills reports whether a month of the connection is billed.
func (c Connection) Bills() bool {
	return !c.StartAt.IsZero() && (c.EndAt.IsZero() || firstMonth(c.StartAt).Start().Before(c.EndAt))
}

// IDFor is the id of the relationship of a connection: creating it twice is creating it once.
func IDFor(connectionID string) string {
	_, suffix, _ := strings.Cut(connectionID, "_")
	return "rel_" + suffix
}

// RelationshipID is the id of its relationship.
func (c Connection) RelationshipID() string { return IDFor(c.ID) }

// firstMonth is the first full month from a start on: what an account uses before is not billed.
func firstMonth(start time.Time) calendar.Month {
	m := calendar.MonthOf(start)
	if m.Start().Before(start) {
		return m.Next()
	}
	return m
}
