// Package consent is AWS's consent to assignment: a customer of the public sector may move its rights and duties under an AWS
// agreement to another partner only when AWS consents, and then by an agreement that both sides sign.
//
// It owns what AWS wants to know, how far the request is, what AWS decided, and the assignment agreement. AWS has no API for
// it, so that every step is what somebody records. It knows no names of people (their ids only), talks to nobody and reads no
// clock. Methods change the consent and return the facts that follow; on an error nothing has changed.
package consent

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// State is where a consent stands.
type State string

// The states.
const (
	Draft            State = "DRAFT"             // its turn in the transfer has not come
	InfoGathering    State = "INFO_GATHERING"    // what AWS wants to know is being collected
	Submitted        State = "SUBMITTED"         // AWS has the request
	UnderReview      State = "UNDER_REVIEW"      // AWS has said that it reviews the request
	Granted          State = "GRANTED"           // AWS consents
	AgreementPending State = "AGREEMENT_PENDING" // the assignment agreement is out for signature
	Executed         State = "EXECUTED"          // both sides have signed; never left
	Refused          State = "REFUSED"           // AWS does not consent
	Cancelled        State = "CANCELLED"         // not needed any more, or given up
	Expired          State = "EXPIRED"           // not executed in time
)

// States returns every state, for exhaustive tables.
func States() []State {
	return []State{Draft, InfoGathering, Submitted, UnderReview, Granted, AgreementPending, Executed, Refused, Cancelled, Expired}
}

// Policy is how long each wait may take, as the template of the transfer says.
type Policy struct {
	GatherIn    time.Duration `json:"gather_in,omitempty"`    // for what AWS wants to know, and for the request
	ReviewIn    time.Duration `json:"review_in,omitempty"`    // for AWS
	AgreeIn     time.Duration `json:"agree_in,omitempty"`     // for the agreement to be sent
	SignIn      time.Duration `json:"sign_in,omitempty"`      // for the signatures
	DecideIn    time.Duration `json:"decide_in,omitempty"`    // for Operations to begin again, before the transfer fails
	ExpireAfter time.Duration `json:"expire_after,omitempty"` // from its turn to the last signature; 0: no limit
}

// Consent is the stored document.
type Consent struct {
	ID         string `json:"id"`
	TransferID string `json:"transfer_id"`
	OrderID    string `json:"order_id"` // also the correlation of its events
	CustomerID string `json:"customer_id"`
	AccountID  string `json:"account_id,omitempty"` // for mails and cases
	State      State  `json:"state"`
	Policy     Policy `json:"policy"`

	Requester process.Party `json:"requester"` // who asks AWS
	Preparer  process.Party `json:"preparer"`  // who prepares the request and sends it
	Assignor  Party         `json:"assignor"`
	Assignee  Party         `json:"assignee"`
	Terms     string        `json:"terms,omitempty"`     // of the proposed assignment
	Reference string        `json:"reference,omitempty"` // AWS's number of the request

	Submissions []Statement `json:"submissions,omitempty"` // oldest first
	Question    *Question   `json:"question,omitempty"`    // AWS's last one
	Answer      string      `json:"answer,omitempty"`      // to it
	Decision    *Decision   `json:"decision,omitempty"`    // AWS's last one
	Agreement   *Agreement  `json:"agreement,omitempty"`
	Superseded  []string    `json:"superseded,omitempty"` // ids of the files of agreements before it, which were not executed
	Statement   *Statement  `json:"statement,omitempty"`  // why Operations began again or went no further, the last time

	Since     time.Time `json:"since,omitzero"`      // when its wait began
	Overlong  string    `json:"overlong,omitempty"`  // the wait that was escalated
	ExpiresAt time.Time `json:"expires_at,omitzero"` // unless it is executed; zero: never
	FailsAt   time.Time `json:"fails_at,omitzero"`   // REFUSED or EXPIRED: when that stands; zero: when Operations says so
	Closed    bool      `json:"closed,omitempty"`    // what it came to stands, and the transfer fails with it
	EndedAt   time.Time `json:"ended_at,omitzero"`

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// Subject is what a consent is about.
type Subject struct {
	ID, TransferID, OrderID, CustomerID, SellerID, AccountID string
}

// Statement is what somebody of the reseller recorded: what proves it, or why.
type Statement struct {
	Text string     `json:"text"`
	By   call.Actor `json:"by"`
	At   time.Time  `json:"at"`
}

// New returns a consent whose turn has not come: the customer asks for it, the reseller prepares it, and takes the rights and
// duties over.
func New(s Subject, p Policy) (*Consent, []fact.Fact) {
	c := &Consent{
		ID: s.ID, TransferID: s.TransferID, OrderID: s.OrderID, CustomerID: s.CustomerID, AccountID: s.AccountID, State: Draft, Policy: p,
		Requester: process.Customer, Preparer: process.Reseller,
		Assignor: Party{PartyID: s.CustomerID}, Assignee: Party{PartyID: s.SellerID},
	}
	return c, []fact.Fact{tell(FactCreated)}
}

// Ended reports whether nobody works on it any more.
func (c *Consent) Ended() bool { return !c.EndedAt.IsZero() }

// enter is the one way into a state, and begins its wait.
func (c *Consent) enter(s State, now time.Time) { c.State, c.Since = s, now }

// gather begins to collect what AWS wants to know.
func (c *Consent) gather(now time.Time) {
	c.enter(InfoGathering, now)
	c.supersede(nil)
	c.FailsAt, c.EndedAt, c.Closed = time.Time{}, time.Time{}, false
	c.ExpiresAt = time.Time{}
	if c.Policy.ExpireAfter > 0 {
		c.ExpiresAt = now.Add(c.Policy.ExpireAfter)
	}
}
