package agreement

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/order"
)

// Connection is what binds the account to the payer at AWS, as far as an agreement looks at it.
type Connection struct {
	ID             string    `json:"id"`
	TransferID     string    `json:"-"` // that began it
	CustomerID     string    `json:"-"`
	Start          time.Time `json:"start,omitzero"`            // first instant that is billed, as AWS said; zero: nothing binds yet
	End            time.Time `json:"end,omitzero"`              // first instant that is not billed any more; zero: open
	Ended          bool      `json:"ended,omitempty"`           // it binds no more
	EndReason      string    `json:"end_reason,omitempty"`      // in AccountTransfer's words: "WITHDRAWN_IN_AWS"
	ServiceTermEnd time.Time `json:"service_term_end,omitzero"` // of the term that the customer accepted at AWS; zero: none

	ServiceTermAt time.Time `json:"service_term_at,omitzero"` // when AWS received that; zero: none

	OwnOrganization bool   `json:"own_organization,omitempty"` // that is handed back
	PayerAccountID  string `json:"payer_account_id,omitempty"` // in whose organization the accounts are; empty: no membership, or not known
	Accounts        string `json:"accounts,omitempty"`         // of the reseller's organization, that leave it; empty: none do
	ClosedAccounts  string `json:"closed_accounts,omitempty"`  // that were in it and are closed at AWS; empty: none is

	Staying string `json:"staying,omitempty"` // of all that were in it, those that have not left

	Members []Member `json:"-"` // of a membership, that have joined

	Withdrawal order.EndView `json:"withdrawal,omitzero"` // how it ends, for an order that is opened to end it
}

func (c Connection) same(d Connection) bool {
	return c.ID == d.ID && c.Start.Equal(d.Start) && c.End.Equal(d.End) && c.Ended == d.Ended && c.EndReason == d.EndReason &&
		c.ServiceTermEnd.Equal(d.ServiceTermEnd) && c.ServiceTermAt.Equal(d.ServiceTermAt) && c.OwnOrganization == d.OwnOrganization &&
		c.PayerAccountID == d.PayerAccountID && c.Accounts == d.Accounts && c.ClosedAccounts == d.ClosedAccounts &&
		c.Staying == d.Staying && c.Withdrawal.Same(d.Withdrawal)
}

// ObserveConnection brings the agreement to where its connection is: the minimum term counts from the start of the
// billing, and an agreement in force is terminated when the connection has ended (ORD-050). One that is not in force yet
// comes to its end with its order. An older order of things is not told: the caller drops it by its revision. A connection that
// another transfer began, or another customer's, is none of the agreement's, whatever order it names.
func (a *Agreement) ObserveConnection(c Connection, now time.Time) []fact.Fact {
	if a.TransferID == "" || c.TransferID != a.TransferID || c.CustomerID != a.CustomerID {
		return nil
	}
	if a.State.Ended() {
		return nil
	}
	before := a.Connection
	if c.same(before) {
		return a.followMembers(c.Members)
	}
	a.Connection = c
	a.Connection.Members = nil
	facts := a.setTerm()
	if !c.End.Equal(before.End) {
		a.eachSubscription(func(s *Subscription) {
			if s.State != SubscriptionTerminated {
				s.End = c.End
			}
		})
		if !c.Ended && !c.End.IsZero() {
			facts = append(facts, tell(FactEnding, "end", stamp(c.End), "reason", c.EndReason))
		}
	}
	facts = append(facts, a.followMembers(c.Members)...)
	return append(facts, a.terminate(now)...)
}

// setTerm sets the minimum term as soon as AWS has said when the billing starts, and again when that moves.
func (a *Agreement) setTerm() []fact.Fact {
	if a.Connection.Start.IsZero() {
		return nil
	}
	term := a.term()
	if term.same(a.MinimumTerm) {
		return nil
	}
	told := tell(FactTermSet)
	if term.Start.Equal(a.MinimumTerm.Start) {
		told = saying("agreement.service_term_known", told)
	}
	a.MinimumTerm = term
	a.eachSubscription(func(s *Subscription) { s.Start = term.Start })
	return []fact.Fact{told.With(term.details()...)}
}

// terminate ends an agreement in force whose connection has ended: with the billing, or now when none is known.
func (a *Agreement) terminate(now time.Time) []fact.Fact {
	if a.State != Active || !a.Connection.Ended {
		return nil
	}
	a.State, a.EndedAt = Terminated, a.Connection.End
	if a.EndedAt.IsZero() {
		a.EndedAt = now
	}
	a.eachSubscription(func(s *Subscription) {
		if s.State != SubscriptionTerminated { // its account has left before
			s.State, s.End = SubscriptionTerminated, a.EndedAt
		}
	})
	if a.replaced() {
		return []fact.Fact{saying("agreement.replaced", tell(FactTerminated, "end", stamp(a.EndedAt), "reason", a.Connection.EndReason))}
	}
	return []fact.Fact{tell(FactTerminated, "end", stamp(a.EndedAt), "reason", a.Connection.EndReason)}
}
