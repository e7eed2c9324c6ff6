// Package organizations is AWS Organizations as its clients see it: organizations, accounts, handshakes and
// responsibility transfers, with AWS's own rules and typed exceptions. Its operations have the signatures of the SDK
// client.
//
// It owns the rules; what is known is in state, the wire format in wire. Permissions inside an account are not
// simulated: whoever acts for an account may do what the account may do.
package organizations

import (
	"time"

	"example.com/handover/pkg/sim/aws/state"
)

// Backend answers the operations. The caller is taken from the context (identity.From).
type Backend struct {
	state    *state.State
	settings Settings
}

// New returns a backend over a state.
func New(s *state.State, settings Settings) *Backend {
	return &Backend{state: s, settings: settings}
}

// Settings are the limits that AWS does not publish or raises on request. The zero value of a limit that says so means
// that there is none.
type Settings struct {
	InboundQuota     int           // transfers that an organization may receive, unless it has a quota of its own
	TotalInbound     int           // the fixed ceiling above every quota
	ChainLength      int           // transfers in a row: 1 lets no payer be paid for by another
	InvitationLife   time.Duration // of an invitation, if the start of a transfer does not end it earlier
	StartMonthsAhead int           // a transfer starts at most so many months after the present one
	HandshakesPerDay int           // that an organization may send; zero: no limit
	AccountLimit     int           // accounts of an organization, pending invitations included; zero: no limit
	AccountCreation  time.Duration // how long the creation of an account stays in progress
	Finalizing       time.Duration // how long a new organization refuses invitations and accounts
}

// DefaultSettings are AWS's own defaults where they are known: nobody may receive a transfer before the quota is
// raised, and an organization has ten accounts.
func DefaultSettings() Settings {
	return Settings{
		InboundQuota:     0,
		TotalInbound:     1000,
		ChainLength:      1,
		InvitationLife:   15 * 24 * time.Hour,
		StartMonthsAhead: 12,
		AccountLimit:     10,
	}
}
