// Package cases is an issue that people of the reseller work on, and what the suite must do so that ServiceNow has it:
// one record per case, every comment once, the wish to resolve it, and a look now and then.
//
// It owns every rule of a case, what ServiceNow's states mean, and the interval at which they are read. It reads no clock
// and talks to nobody: what ServiceNow answered is handed in, and what is wanted there, and when, is Wants….
// Methods change the case they are called on and return the facts that follow; on an error nothing has changed.
package cases

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// State is where a case stands.
type State string

// The states. CLOSED and CANCELLED are never left.
const (
	New              State = "NEW"               // opened; nobody works on it yet
	Open             State = "OPEN"              // people work on it
	AwaitingCustomer State = "AWAITING_CUSTOMER" // the customer must answer
	AwaitingAWS      State = "AWAITING_AWS"      // AWS must act
	Resolved         State = "RESOLVED"          // people say that it is done
	Closed           State = "CLOSED"            // done
	Cancelled        State = "CANCELLED"         // not wanted any more
)

// States returns every state, for exhaustive tables.
func States() []State {
	return []State{New, Open, AwaitingCustomer, AwaitingAWS, Resolved, Closed, Cancelled}
}

// Ended reports whether the state is never left.
func (s State) Ended() bool { return s == Closed || s == Cancelled }

// Priority is how urgent a case is; P1 is the most urgent.
type Priority string

// The priorities.
const (
	P1 Priority = "P1"
	P2 Priority = "P2"
	P3 Priority = "P3"
	P4 Priority = "P4"
)

// Case is the stored document.
type Case struct {
	ID          string            `json:"id"`
	CustomerID  string            `json:"customer_id,omitempty"`
	Kind        Kind              `json:"kind"`
	Audience    Audience          `json:"audience"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	About       text.Text         `json:"about,omitzero"` // of a case that the suite opens itself, in place of title and description
	Priority    Priority          `json:"priority"`
	Correlation string            `json:"correlation,omitempty"` // id of the order that began it; empty: its own id
	SubjectID   string            `json:"subject_id,omitempty"`
	OpenedBy    call.Actor        `json:"opened_by"`
	ExternalID  string            `json:"external_id,omitempty"` // the opener's own, unique per customer
	Labels      map[string]string `json:"labels,omitempty"`      // the opener's own

	State      State       `json:"state"`
	Record     *Record     `json:"record,omitempty"`   // nil: ServiceNow is not known to have it
	Repeated   bool        `json:"repeated,omitempty"` // it was asked for more than once: a second one may turn up late
	Comments   []Comment   `json:"comments,omitempty"` // oldest first; the newest ones
	Wish       *Wish       `json:"wish,omitempty"`     // to resolve it, until ServiceNow says that it is
	Resolution *Resolution `json:"resolution,omitempty"`
	Look       bool        `json:"look,omitempty"` // read the record at once
	ChangedAt  time.Time   `json:"changed_at"`     // when it last changed visibly
	Escalated  bool        `json:"escalated,omitempty"`
	EndedAt    time.Time   `json:"ended_at,omitzero"`

	Intents intent.Ledger `json:"intents,omitempty"` // what ServiceNow and Notifications were asked for
	Wishes  intent.Wishes `json:"wishes,omitempty"`  // what Notifications has
}

// Ref names a record in ServiceNow.
type Ref struct {
	Table string `json:"table"`
	SysID string `json:"sys_id"`
}

// Record is the record in ServiceNow, as last seen.
type Record struct {
	Ref
	Number       string    `json:"number"`
	State        string    `json:"state"` // as ServiceNow spells it
	ModCount     int64     `json:"mod_count"`
	AccountSysID string    `json:"account_sys_id,omitempty"` // of the customer in ServiceNow; people enter it
	SyncedAt     time.Time `json:"synced_at"`
	Heard        int64     `json:"heard"`             // mod count at which the journal was last read
	HeardTo      time.Time `json:"heard_to,omitzero"` // the newest entry that was read, by ServiceNow's clock
}

// Resolution is how a case was resolved.
type Resolution struct {
	Code  string    `json:"code"` // ServiceNow's
	Notes string    `json:"notes"`
	At    time.Time `json:"at"` // as first seen
}

// end is the one way into an end state.
func (c *Case) end(s State, now time.Time) {
	c.State, c.Wish, c.Look, c.EndedAt = s, nil, false, now
}
