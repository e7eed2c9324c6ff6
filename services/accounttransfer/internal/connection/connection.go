// Package connection is what binds an account or an organization to a payer of the reseller, for as long as it does: a
// billing transfer with its invitations, contract and role, or the membership in the payer's organization.
//
// It owns the states PROPOSED → EFFECTIVE → ENDING → ENDED, what AWS is asked for and when it is looked at, and that an
// account is bound once. It knows no step of a journey: a journey demands conditions, and is told which hold. It reads no
// clock and talks to nobody: what AWS answered is handed in. Methods change the connection and return the facts that follow.
package connection

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// State is where a connection stands.
type State string

// The states. ENDED is never left.
const (
	Proposed  State = "PROPOSED"  // nothing binds yet
	Effective State = "EFFECTIVE" // it binds, from StartAt on
	Ending    State = "ENDING"    // it binds until EndAt
	Ended     State = "ENDED"     // it does not bind any more, or never did
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{Proposed, Effective, Ending, Ended} }

// Basis is what binds the account to the payer.
type Basis string

// The bases.
const (
	BillingTransfer Basis = "BILLING_TRANSFER"
	Membership      Basis = "MEMBERSHIP" // in the payer's organization
)

// EndReason is why a connection ends.
type EndReason string

// The reasons.
const (
	NotEstablished      EndReason = "NOT_ESTABLISHED"
	WithdrawnByReseller EndReason = "WITHDRAWN_BY_RESELLER"
	WithdrawnInAWS      EndReason = "WITHDRAWN_IN_AWS"
	LeftOrganization    EndReason = "LEFT_ORGANIZATION"
	AccountClosed       EndReason = "ACCOUNT_CLOSED"
	Superseded          EndReason = "SUPERSEDED"
)

// ChargesPayer is who pays what AWS charges until a withdrawal takes effect.
type ChargesPayer string

// Who can pay.
const (
	CustomerPays ChargesPayer = "CUSTOMER" // by an invoice
	ResellerPays ChargesPayer = "RESELLER"
	Undecided    ChargesPayer = "UNDECIDED" // Operations is asked; nobody is invoiced meanwhile
)

// TermPolicy is what follows when the customer does not accept the service term.
type TermPolicy string

// The policies.
const (
	TermFails     TermPolicy = "FAIL"               // the journey ends; Operations decides what becomes of what AWS has bound
	TermContinues TermPolicy = "CONTINUE_WITH_CASE" // it goes on without, and people see to it
)

// Policy is how AWS is asked, copied from the template of the journey that began the connection.
//
// A declined invitation is an answer, an expired one is silence: both end the proposal, unless re-invitations are granted,
// each for the earliest month that can still be accepted in time.
type Policy struct {
	MinimumLead time.Duration `json:"minimum_lead"`        // what the customer has at least between invitation and last second to accept
	Reinvites   int           `json:"reinvites,omitempty"` // how often an expired invitation is replaced by itself
	TermRefused TermPolicy    `json:"term_refused"`        // what follows when the customer does not accept the service term
	Cycles      int           `json:"cycles"`              // billing cycles of the commitment (BIL-002)
	EscalateIn  time.Duration `json:"escalate_in"`         // how long somebody may take before Operations is told
	DeniedFor   time.Duration `json:"denied_for"`          // how long AWS may keep us out before that
}

// Connection is the stored document.
type Connection struct {
	ID         string `json:"id"`
	TransferID string `json:"transfer_id,omitempty"` // empty: a request for a new account began it
	OrderID    string `json:"order_id,omitempty"`    // also the correlation of its events
	CustomerID string `json:"customer_id"`
	PayerID    string `json:"payer_id"`

	PayerAccountID string `json:"payer_account_id,omitempty"` // of the payer of a membership; empty: not known

	RootsOf process.Target `json:"roots_of,omitempty"` // the accounts whose root users the customer has handed to the reseller; empty: none

	AgreementID string `json:"agreement_id,omitempty"`
	Agreement   string `json:"agreement,omitempty"`  // where that stands, in the words of the orders
	AccountID   string `json:"account_id,omitempty"` // twelve digits; empty until it is known
	Basis       Basis  `json:"basis"`
	Policy      Policy `json:"policy"`
	SellerName  string `json:"seller_name,omitempty"` // of the reseller, as the customer knows it
	Note        string `json:"note,omitempty"`        // for people at AWS; no personal data

	AccountRequestID string `json:"account_request_id,omitempty"` // of a new account

	ChosenStart  time.Time `json:"chosen_start,omitzero"`  // of the billing transfer, the customer's choice; zero: the earliest
	ReplacesID   string    `json:"replaces_id,omitempty"`  // the membership in whose place it is to bill; empty: none
	SupersededAt time.Time `json:"superseded_at,omitzero"` // when another one has begun to bill in its place; zero: none has
	Moved        bool      `json:"moved,omitempty"`        // that bills the organization as a whole, whose root user the reseller held then

	Replacing *Replacing `json:"replacing,omitempty"` // the billing transfer that is to bill in its place; nil: none is under way

	State         State        `json:"state"`
	StartAt       time.Time    `json:"start_at,omitzero"` // first instant that the reseller is billed
	EndAt         time.Time    `json:"end_at,omitzero"`   // first instant that it is not any more
	EndReason     EndReason    `json:"end_reason,omitempty"`
	ChargesPaidBy ChargesPayer `json:"charges_paid_by,omitempty"` // as Operations decides; empty: it has not to

	Demands map[process.Condition]Demand `json:"demands,omitempty"`
	Blocks  map[process.Condition]Block  `json:"blocks,omitempty"`
	Stopped bool                         `json:"stopped,omitempty"` // nothing that is only proposed is to remain

	JourneyEndedAt time.Time `json:"journey_ended_at,omitzero"` // from then on it stands by its agreement alone

	Members []Member `json:"members,omitempty"` // of a membership: every account of it, also those that were taken out

	Attested       Attested          `json:"attested,omitempty"`       // what people say of the accounts; empty: nothing
	OrganizationAt time.Time         `json:"organization_at,omitzero"` // when the payer's organization was found to be one that can invite
	Invitations    []Invitation      `json:"invitations,omitempty"`    // oldest first; the last one counts
	Contract       contract.Contract `json:"contract,omitzero"`
	Role           access.Role       `json:"role,omitzero"`
	Withdrawal     *Withdrawal       `json:"withdrawal,omitempty"`

	Made map[process.Condition]contract.Held `json:"made,omitempty"` // what AWS has made, by the condition that it meets

	CheckedAt time.Time        `json:"checked_at,omitzero"` // when the binding was last looked at
	Looks     int64            `json:"looks,omitempty"`     // how often somebody asked to look now
	Looked    map[string]int64 `json:"looked,omitempty"`    // up to which of these each kind of look was done

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`

	TermLostAt  time.Time `json:"term_lost_at,omitzero"`  // since when no service term is left after the journey; zero: one is
	TermAgainAt time.Time `json:"term_again_at,omitzero"` // since when another one is to be sent for it; zero: none is
	ReturnedAt  time.Time `json:"returned_at,omitzero"`   // when an organization of the customer's own, or its root user, was handed back
	ShutAt      time.Time `json:"shut_at,omitzero"`       // when AWS did not let us into an account any more whose billing transfer it ends
	Overlong    string    `json:"overlong,omitempty"`     // the wait that Operations was told of
	OverlongToo []string  `json:"overlong_too,omitempty"` // of accounts that do not join: each wait that Operations was told of
	LastBoundAt time.Time `json:"last_bound_at,omitzero"` // of an end without a date of AWS's: when it last said that it binds
	FoundEndAt  time.Time `json:"found_end_at,omitzero"`  // and when it first said that it does not
}

// Subject is what a connection is about.
type Subject struct {
	ID, TransferID, OrderID, CustomerID, PayerID, AgreementID string
	AccountRequestID                                          string // in the place of a transfer
	ReplacesID                                                string // the membership in whose place it is to bill; empty: none
	AccountID                                                 string // may still be empty
	SellerName, Note                                          string
	StartAt                                                   time.Time // that the customer chose; zero: the earliest
	RoleName, DeployURL                                       string    // of the Bootstrap Role; may be empty
	Linked                                                    []string  // accounts of a membership besides AccountID
}

// Propose begins a connection. Nothing is asked of AWS before a journey demands it.
func Propose(basis Basis, p Policy, s Subject) (*Connection, []fact.Fact) {
	c := &Connection{
		ID: s.ID, TransferID: s.TransferID, OrderID: s.OrderID, CustomerID: s.CustomerID, PayerID: s.PayerID, AgreementID: s.AgreementID,
		Agreement: agreementUnderWay, AccountRequestID: s.AccountRequestID, ReplacesID: s.ReplacesID, ChosenStart: s.StartAt,
		AccountID: s.AccountID, Basis: basis, Policy: p, SellerName: s.SellerName, Note: s.Note, State: Proposed,
		Role: access.Role{Name: s.RoleName, ExternalID: s.TransferID, DeployURL: s.DeployURL},
	}
	if basis == Membership {
		c.Members = membersOf(s)
	}
	return c, []fact.Fact{tell(FactProposed, "basis", string(basis))}
}

// EnterAccount names the account, while nothing is bound.
func (c *Connection) EnterAccount(accountID string) []fact.Fact {
	if c.AccountID == accountID || c.State != Proposed {
		return nil
	}
	c.AccountID = accountID
	return []fact.Fact{tell(FactAccountEntered, "account_id", accountID)}
}

// ForgetAccount drops an account that was named by mistake, and what AWS said of it. Nothing is asked before another is named.
func ForgetAccount(c *Connection) { c.AccountID, c.Blocks = "", nil }

// AccountHeld returns the account that no other connection may have at the same time; "" when it holds none.
func (c *Connection) AccountHeld() string {
	if c.State == Ended {
		return ""
	}
	return c.AccountID
}

// EveryAccount returns the accounts that the connection binds, is to bind, or has bound.
func EveryAccount(c *Connection) []string {
	all := []string{c.AccountID}
	for _, inv := range c.Invitations {
		all = append(all, inv.AccountID)
	}
	for _, m := range c.Members {
		all = append(all, m.AccountID)
	}
	return all
}

// EveryID returns what AWS calls the connection and what belongs to it: billing transfers, handshakes, the relationship and the billing
// group. One that is not known is empty.
func EveryID(c *Connection) []string {
	var all []string
	for _, inv := range c.Invitations {
		all = append(all, inv.AWSTransferID, inv.AWSHandshakeID)
	}
	for _, m := range c.Members {
		all = append(all, m.HandshakeID)
	}
	for _, t := range c.Contract.Terms {
		all = append(all, t.ID)
	}
	if r := c.Contract.Revocation; r != nil {
		all = append(all, r.ID)
	}
	for _, made := range c.Made {
		all = append(all, made.ID)
	}
	return all
}

// UsesQuota reports whether the connection counts against the payer's inbound quota.
func (c *Connection) UsesQuota() bool { return c.Basis == BillingTransfer && c.State != Ended }

// Bound reports whether it binds, or has bound and still ends.
func (c *Connection) Bound() bool { return c.State == Effective || c.State == Ending }

// Charged reports whether AWS charges something until the end of a connection that ends.
func (c *Connection) Charged() bool { return !c.StartAt.IsZero() && c.EndAt.After(c.StartAt) }

// bind makes the connection effective.
func (c *Connection) bind(start time.Time) []fact.Fact {
	c.State, c.StartAt = Effective, start
	return []fact.Fact{tell(FactEffective, "start", stamp(start))}
}

// Join has AWS asked whether the accounts are members of the payer's organization, as people say: what AWS shows binds, and nothing else.
func (c *Connection) Join(time.Time) []fact.Fact {
	if c.Basis != Membership || c.Attested != "" || c.State != Proposed && c.State != Effective {
		return nil
	}
	c.Attested = Asked
	return []fact.Fact{fact.Internally(tell(FactCheckRequested))}
}

// Opened binds an account that AWS has just created in the payer's organization: the payer is billed for it from its first day.
func Opened(c *Connection, created, now time.Time) []fact.Fact {
	c.CheckedAt = now
	start := calendar.MonthOf(created).Start()
	joinAll(c, created, now, start)
	return c.bind(start)
}

// endWith notes the end of a connection that binds. One that ends before it has begun ends at once.
func (c *Connection) endWith(end time.Time, reason EndReason, now time.Time) []fact.Fact {
	c.State, c.EndAt, c.EndReason = Ending, end, reason
	facts := []fact.Fact{tell(FactEnding, "end", stamp(end), "reason", string(reason))}
	if !c.Charged() || !end.After(now) {
		facts = append(facts, c.over())
	}
	return facts
}

// lost is endWith for an end that nobody asked for, with when AWS last said that the connection binds.
func lost(c *Connection, end, last time.Time, reason EndReason, now time.Time) []fact.Fact {
	c.LastBoundAt, c.FoundEndAt = last, now
	return c.endWith(end, reason, now)
}

// over is the one way into the end state.
func (c *Connection) over() fact.Fact {
	c.State = Ended
	dropUnsent(c)
	for i := range c.Members {
		if m := &c.Members[i]; m.inside() { // handed back with its organization
			m.leaves(c.EndAt, c.EndAt, c.EndAt, c.EndReason)
		}
	}
	return tell(FactEnded, "reason", string(c.EndReason))
}

// Stop takes back everything that is only proposed: the journey ends, and nothing is to come of it any more.
func (c *Connection) Stop(now time.Time) []fact.Fact {
	c.Stopped = true
	return c.conclude(now)
}

// Resume wants the proposal again: the wish to end the journey was dropped.
func (c *Connection) Resume() {
	if c.Stopped {
		c.Stopped = false
		inviteAgain(c)
	}
}

// JourneyOver notes when the journey has ended, after which nobody is to join any more; zero: it is under way.
func JourneyOver(c *Connection, at, now time.Time) []fact.Fact {
	c.JourneyEndedAt = at
	return c.conclude(now)
}

// conclude brings a stopped proposal to its end, and a membership that nobody is in. Nothing ends while AWS has, or may have, an
// invitation.
func (c *Connection) conclude(now time.Time) []fact.Fact {
	if c.Basis == Membership && c.State == Effective {
		return deserted(c, now)
	}
	if !c.Stopped || c.State != Proposed {
		return nil
	}
	for i := range c.Invitations {
		inv := &c.Invitations[i]
		inv.Cancel = inv.Cancel || inv.State == Requested
	}
	if Outstanding(c) {
		return nil
	}
	c.EndReason = NotEstablished
	return []fact.Fact{c.over()}
}

// Decided notes who pays what AWS charges until the end, as far as Operations has to decide that.
func (c *Connection) Decided(by ChargesPayer) []fact.Fact {
	if c.ChargesPaidBy == by {
		return nil
	}
	c.ChargesPaidBy = by
	if by == Undecided {
		return []fact.Fact{fact.Internally(tell(FactChargesUndecided))}
	}
	return []fact.Fact{fact.Internally(tell(FactChargesDecided, "charges_paid_by", string(by)))}
}

// Next returns the connection's own date: when it has ended, its wait has become too long, or it does not wait any more; zero for none.
func (c *Connection) Next() time.Time {
	next := escalateAt(c)
	dates := []time.Time{released(c), commitmentOver(c), suspensionNext(c)}
	if c.State == Ending {
		dates = append(dates, c.EndAt)
	}
	for _, at := range dates {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// Tick ends a connection whose end has come, and says which wait is over by its date, and which has become too long.
func (c *Connection) Tick(now time.Time) []fact.Fact {
	if c.State == Ending && !c.EndAt.After(now) {
		return []fact.Fact{c.over()}
	}
	return slices.Concat(release(c, now), forgetTerm(c, now), escalate(c, now), undecided(c, now))
}

// Where an agreement stands, in the words of the orders, as far as that matters here.
const (
	agreementUnderWay = "PROVISIONING" // its order is: every connection begins with one
	agreementInForce  = "ACTIVE"
	agreementUpdating = "UPDATING" // in force, while an order ends or changes it
)

// inForce reports whether the agreement of a connection is.
func inForce(c *Connection) bool {
	return c.Agreement == agreementInForce || c.Agreement == agreementUpdating
}

// agreementFollows is how long an agreement may take to come into force after the journey has ended.
const agreementFollows = 24 * time.Hour

// ObserveAgreement notes where an agreement stands. Another one than the connection's is none of its business.
func ObserveAgreement(c *Connection, agreementID, state string) {
	if agreementID == c.AgreementID {
		c.Agreement = state
	}
}

// Agreed reports whether an agreement stands behind what binds: one in force, or one that is about to follow the end of the
// journey.
func Agreed(c *Connection, now time.Time) bool {
	follows := c.Agreement == agreementUnderWay && now.Before(c.JourneyEndedAt.Add(agreementFollows))
	return c.Bound() && (inForce(c) || follows)
}
