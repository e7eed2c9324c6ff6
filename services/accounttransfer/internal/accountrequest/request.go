// Package accountrequest is the request for a new AWS account of a customer: it is routed to the Cloud Support Ops of its
// region, reviewed, created in the payer's organization or by hand, and followed up until the account is ready.
//
// It owns its states, what AWS is asked for, who must act when AWS does not do it, and the four checks after the creation. It owns
// no account that binds (package connection does) and no address: the root mailbox is personal data in a document of its own. It
// reads no clock and talks to nobody. Methods change the request and return the facts that follow; on an error nothing has changed.
package accountrequest

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// State is where a request stands.
type State string

// The states. The last three are never left.
const (
	Routed        State = "ROUTED"
	InReview      State = "IN_REVIEW"
	InfoRequested State = "INFO_REQUESTED"
	Approved      State = "APPROVED"
	Creating      State = "CREATING"
	FollowUp      State = "FOLLOW_UP"
	Ready         State = "READY"
	Rejected      State = "REJECTED"
	Cancelled     State = "CANCELLED"
)

// States returns every state, for exhaustive tables.
func States() []State {
	return []State{Routed, InReview, InfoRequested, Approved, Creating, FollowUp, Ready, Rejected, Cancelled}
}

// Ended reports whether nothing becomes of a request any more.
func (s State) Ended() bool { return s == Ready || s == Rejected || s == Cancelled }

// Plan is a support plan of AWS.
type Plan string

// The plans that a new account may ask for (XFR-NA-17).
const (
	BasicNone Plan = "BASIC_NONE"
	Developer Plan = "DEVELOPER"
	Business  Plan = "BUSINESS"
)

// Group is how Billing assigns support charges to an account.
type Group string

// The groups.
const (
	Passthrough     Group = "PASSTHROUGH" // the customer pays what AWS charges
	BusinessSupport Group = "BUSINESS"    // the customer pays the reseller's price
)

// Placement is where an account is made.
type Placement string

// The placements.
const (
	Member     Placement = "MEMBER"      // in the payer's organization
	StandAlone Placement = "STAND_ALONE" // by hand: AWS has no API for it
)

// Policy is how long whom is waited for, copied from the configuration when the request was made.
type Policy struct {
	ReviewIn        time.Duration `json:"review_in"`        // until Operations is told that nobody reviews
	InformationIn   time.Duration `json:"information_in"`   // until Operations is told that nobody answers
	InformationEnds time.Duration `json:"information_ends"` // until a request without an answer is rejected
	CreateIn        time.Duration `json:"create_in"`        // until Operations is told that there is no account
	FollowUpIn      time.Duration `json:"follow_up_in"`     // until Operations is told that nobody does the next steps
}

// Request is the stored document.
type Request struct {
	ID           string     `json:"id"`
	CustomerID   string     `json:"customer_id"`
	CustomerName string     `json:"customer_name"` // the company's, for people
	SellerID     string     `json:"seller_id"`
	PayerID      string     `json:"payer_id"`
	Nickname     string     `json:"nickname"`
	Plan         Plan       `json:"plan"` // desired
	Region       string     `json:"region"`
	Reviewers    string     `json:"reviewers"`         // the region's group of people
	ByMail       bool       `json:"by_mail,omitempty"` // the region takes information by mail, too
	Inbox        string     `json:"inbox,omitempty"`   // where it takes it
	CurrencyCode string     `json:"currency_code"`
	Placement    Placement  `json:"placement"`
	ContactID    string     `json:"contact_id,omitempty"`    // empty: the primary contact
	Primary      []string   `json:"primary,omitempty"`       // the customer's people of that role
	Technical    []string   `json:"technical,omitempty"`     // and of this one
	RootOwnerID  string     `json:"root_owner_id,omitempty"` // empty: the technical contact
	Replaced     int        `json:"replaced,omitempty"`      // how many of both were removed from the customer meanwhile
	MailboxID    string     `json:"mailbox_id"`
	Requester    call.Actor `json:"requester"`
	Policy       Policy     `json:"policy"`
	State        State      `json:"state"`
	Since        time.Time  `json:"since"` // when it came to that state
	Questions    []Question `json:"questions,omitempty"`
	Decision     *Decision  `json:"decision,omitempty"`
	Creation     Creation   `json:"creation,omitzero"`
	AccountID    string     `json:"account_id,omitempty"` // twelve digits
	ConnectionID string     `json:"connection_id,omitempty"`
	RootAccess   *Confirmed `json:"root_access,omitempty"`
	Role         Role       `json:"role,omitzero"`
	PlanNow      Plan       `json:"plan_now,omitempty"`    // that the account has
	PlanSaid     *Confirmed `json:"plan_said,omitempty"`   // nil: nobody had to say so
	PlanSeenAt   time.Time  `json:"plan_seen_at,omitzero"` // when AWS was last asked for its plan
	PlanGroup    Group      `json:"plan_group,omitempty"`
	EndedAt      time.Time  `json:"ended_at,omitzero"`
	EndReason    string     `json:"end_reason,omitempty"` // what somebody said
	Overlong     string     `json:"overlong,omitempty"`   // the wait that Operations was told of

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// Question is what the reviewers need from the customer.
type Question struct {
	Text       string    `json:"text"`             // the reviewer's words; empty: what AWS refused says it
	Reason     string    `json:"reason,omitempty"` // AWS's, of a question that its refusal asks
	AskedAt    time.Time `json:"asked_at"`
	Answer     string    `json:"answer,omitempty"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	ByMail     bool      `json:"by_mail,omitempty"`
}

// Decision is what the review has decided.
type Decision struct {
	Approved bool       `json:"approved"`
	Reason   string     `json:"reason,omitempty"`
	By       call.Actor `json:"by,omitzero"`
	At       time.Time  `json:"at"`
}

// Confirmed is what somebody said that a step is done.
type Confirmed struct {
	Evidence string     `json:"evidence,omitempty"`
	By       call.Actor `json:"by,omitzero"`
	At       time.Time  `json:"at"`
}

// Asked is what a caller asks for.
type Asked struct {
	ID, CustomerID, Nickname string
	Plan                     Plan
	Region                   string // empty: that of the customer's country
	Placement                Placement
	ContactID, RootOwnerID   string
	MailboxID                string
	Role                     Role // its external id, and where it is deployed
	By                       call.Actor
	Policy                   Policy
}

// New returns a request that was submitted, and routed to the people of its region (XFR-NA-10, XFR-NA-11). Refused with
// PROVIDER_NOT_SET_UP, CONTACT_UNKNOWN and REGION_UNKNOWN.
func New(a Asked, p Profile, regions Regions, now time.Time) (*Request, []fact.Fact, error) {
	if err := p.admits(a); err != nil {
		return nil, nil, err
	}
	region, err := regions.route(a.Region, p.CountryCode)
	if err != nil {
		return nil, nil, err
	}
	if a.Placement == "" {
		a.Placement = Member
	}
	r := &Request{
		ID: a.ID, CustomerID: a.CustomerID, CustomerName: p.Name, SellerID: p.SellerID, Nickname: a.Nickname, Plan: a.Plan,
		Region: region.Name, Reviewers: region.Group, Inbox: region.Inbox, CurrencyCode: p.CurrencyCode,
		Placement: a.Placement, ContactID: a.ContactID, RootOwnerID: a.RootOwnerID, MailboxID: a.MailboxID, Requester: a.By,
		Policy: a.Policy, Role: a.Role, State: Routed, Since: now, Primary: p.Primary, Technical: p.Technical,
	}
	return r, []fact.Fact{tell(FactSubmitted), tell(FactRouted, "region", r.Region, "group", r.Reviewers)}, nil
}

// become is the one way into a state.
func (r *Request) become(s State, now time.Time) {
	r.State, r.Since = s, now
	if s.Ended() {
		r.EndedAt = now
	}
}

// PeopleAre has the primary contact asked in place of a contact who is not the customer's any more, and the technical one in place of
// such a root owner, and notes who these are. It reports whether anything has changed.
func (r *Request) PeopleAre(p Profile) (facts []fact.Fact, changed bool) {
	if r.State.Ended() {
		return nil, false
	}
	changed = !slices.Equal(r.Primary, p.Primary) || !slices.Equal(r.Technical, p.Technical)
	r.Primary, r.Technical = p.Primary, p.Technical
	for role, id := range map[string]*string{primary: &r.ContactID, technical: &r.RootOwnerID} {
		if *id == "" || slices.Contains(p.PersonIDs, *id) {
			continue
		}
		facts = append(facts, tell(FactContactReplaced, "person_id", *id, "role", role))
		*id = ""
		r.Replaced++
	}
	return facts, changed || len(facts) > 0
}

// people are those that a mail to a person, or to the customer's people of a role, reaches.
func people(r *Request, to string) []string {
	switch to {
	case primary:
		return r.Primary
	case technical:
		return r.Technical
	}
	return []string{to}
}

// reachedBy reports whether a mail to one reaches everybody whom a mail to another one does.
func reachedBy(r *Request, one, other string) bool {
	reached, wanted := people(r, one), people(r, other)
	missed := func(id string) bool { return !slices.Contains(reached, id) }
	return one == other || len(wanted) > 0 && !slices.ContainsFunc(wanted, missed)
}

// AddressHeld reports whether no other request may have the same root address: AWS has it, or may be asked to use it.
func (r *Request) AddressHeld() bool {
	return r.AccountID != "" || r.State != Rejected && r.State != Cancelled
}
