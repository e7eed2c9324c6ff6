// Package templates is the processes by which accounts come to the reseller, as versioned data: a journey copies one at its
// start. A template is one file; what it says to people is in the service's texts.
package templates

import (
	"time"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Kind is what moves.
type Kind string

// The kinds.
const (
	BillingTransfer Kind = "BILLING_TRANSFER" // the billing of an organization, and nothing else
	Membership      Kind = "MEMBERSHIP"       // accounts join an organization of the reseller
)

// Journey is a process with what it is to bring about.
type Journey struct {
	process.Template
	Kind     Kind
	Basis    connection.Basis
	Policy   connection.Policy
	DecideIn time.Duration // how long a decision may take before it is escalated
}

// ChannelReady is the one condition that is not a connection's: support has set the customer's channel up.
const ChannelReady process.Condition = "CHANNEL_READY"

const day = 24 * time.Hour

// deniedFor is how long AWS may keep us out of a payer before Operations is told: a role is changed within hours.
const deniedFor = 4 * time.Hour

// All returns every version of every template.
func All() []Journey {
	return []Journey{billingTransferExisting(), billingTransferNew(), spamManual()}
}

// Find returns the newest version of a template; false when there is none of that key.
func Find(key string) (Journey, bool) { return process.Newest(All(), key) }
