// Package evidence is the files that prove what was done: which step of which transfer a file is for, who attached it, how far its
// upload is, and how long it is kept.
//
// It owns what may be attached and when it goes again. It does not keep the files, and does not know what is in them beyond their
// kind. It talks to nobody and reads no clock. Methods change the attachment and return the facts that follow; on an error nothing has
// changed.
package evidence

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// State is where an attachment stands.
type State string

// The states.
const (
	Uploading State = "UPLOADING" // parts of its content are to come
	Stored    State = "STORED"    // its content is there, and is what was announced
	Deleted   State = "DELETED"   // its content and its name are gone; never left
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{Uploading, Stored, Deleted} }

// Deletion is why an attachment was deleted.
type Deletion string

// The reasons.
const (
	Abandoned Deletion = "ABANDONED" // its upload was not finished in a day
	Unused    Deletion = "UNUSED"    // its transfer is over, and nobody named it as evidence
	Outdated  Deletion = "OUTDATED"  // it was kept as long as the reseller keeps evidence
	Erased    Deletion = "ERASED"    // somebody asked to erase it
)

// Attachment is the stored document. Its name may be personal data: no fact carries it, and it goes with the content.
type Attachment struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	OrderID    string `json:"order_id,omitempty"` // also the correlation of its events
	TransferID string `json:"transfer_id"`
	StepKey    string `json:"step_key"`
	State      State  `json:"state"`

	Name   string     `json:"name,omitempty"`
	Media  Media      `json:"media,omitempty"` // from the first part on
	Size   int64      `json:"size"`            // bytes, as announced
	SHA256 string     `json:"sha256"`          // as announced, lower-case hexadecimal
	By     call.Actor `json:"by"`
	Shared bool       `json:"shared,omitempty"` // the customer may read it
	Used   bool       `json:"used,omitempty"`   // it was named as evidence

	Parts     []Part    `json:"parts,omitempty"` // of what has come, in order
	Policy    Policy    `json:"policy"`
	CreatedAt time.Time `json:"created_at"`
	StoredAt  time.Time `json:"stored_at,omitzero"`
	OpenAt    time.Time `json:"open_at,omitzero"` // when its transfer was last seen under way; zero: was not looked at
	OverAt    time.Time `json:"over_at,omitzero"` // when its transfer ended; zero: it had not, as far as was looked at
	DeletedAt time.Time `json:"deleted_at,omitzero"`
	Deletion  Deletion  `json:"deletion,omitempty"`
	Swept     bool      `json:"swept,omitempty"`  // DELETED: what was stored is gone
	Tidied    bool      `json:"tidied,omitempty"` // nothing is left but what is to be kept, also of calls that ended late

	Intents intent.Ledger `json:"intents,omitempty"`
}

// Policy is how long attachments are kept.
type Policy struct {
	Keep time.Duration `json:"keep,omitempty"` // from when it was stored; 0: for ever
}

// How long an attachment waits for what is still to come.
const (
	uploadIn = 24 * time.Hour
	usedIn   = 30 * 24 * time.Hour // after its transfer: while that is under way, its step may still open
	tidyIn   = time.Hour           // a call that began before is over by then
)

// Subject is what an attachment is for.
type Subject struct {
	ID, CustomerID, OrderID, TransferID, StepKey string
	Shared                                       bool // also with the customer when the reseller's people attach it
}

// File is what a caller announces.
type File struct {
	Name   string
	Size   int64
	SHA256 string
}

// New returns an attachment whose content is to come. Refused with ATTACHMENT_TOO_LARGE, ATTACHMENT_NAME_INVALID,
// ATTACHMENT_TYPE_WRONG and FIELD_REQUIRED.
func New(s Subject, f File, largest int64, p Policy, by call.Actor, now time.Time) (*Attachment, []fact.Fact, error) {
	if err := f.check(largest); err != nil {
		return nil, nil, err
	}
	a := &Attachment{
		ID: s.ID, CustomerID: s.CustomerID, OrderID: s.OrderID, TransferID: s.TransferID, StepKey: s.StepKey, State: Uploading,
		Name: f.Name, Size: f.Size, SHA256: f.SHA256, By: by, Shared: s.Shared || !process.OfReseller(by),
		Policy: p, CreatedAt: now,
	}
	return a, []fact.Fact{fact.Internally(tell(FactCreated, a))}, nil
}

// Use notes that it was named as evidence of a step. Refused with ATTACHMENT_UNKNOWN for another step's, or one that is not there.
func (a *Attachment) Use(transferID, stepKey string) ([]fact.Fact, error) {
	if a.StepKey != stepKey {
		return nil, Unknown(a.ID)
	}
	if err := a.fit(transferID); err != nil {
		return nil, err
	}
	return a.use(), nil
}

// Agree notes that it is the agreement that both sides have signed, which both may read. Refused as Use is, for another transfer's.
func (a *Attachment) Agree(transferID string) ([]fact.Fact, error) {
	if err := a.fit(transferID); err != nil {
		return nil, err
	}
	a.Shared = true
	return a.use(), nil
}

// fit refuses what is no evidence of a transfer.
func (a *Attachment) fit(transferID string) error {
	if a.TransferID != transferID || a.State != Stored {
		return Unknown(a.ID)
	}
	return nil
}

func (a *Attachment) use() []fact.Fact {
	a.Used = true
	return []fact.Fact{tell(FactUsed, a)}
}

// OfReseller reports whether the reseller's people attached it.
func (a *Attachment) OfReseller() bool { return process.OfReseller(a.By) }

// Ledger is where it keeps what was asked of the blob store.
func Ledger(a *Attachment) *intent.Ledger { return &a.Intents }

// Erase deletes it because somebody asks for that. A repetition changes nothing. Refused with FIELD_REQUIRED.
func (a *Attachment) Erase(reason string, now time.Time) ([]fact.Fact, error) {
	switch {
	case reason == "":
		return nil, errs.InvalidField("reason", ReasonFieldRequired, "say why")
	case a.State == Deleted:
		return nil, nil
	}
	f := fact.Because(a.delete(Erased, now), reason)
	return []fact.Fact{fact.Internally(f)}, nil // what the reseller's people said is theirs
}

func (a *Attachment) delete(why Deletion, now time.Time) fact.Fact {
	a.State, a.Deletion, a.DeletedAt, a.Name, a.Tidied, a.Swept = Deleted, why, now, "", false, false
	return tell(FactDeleted, a, "deletion", string(why))
}
