// Package notification is one mail, from the wish to what became of it: pure decisions about when to ask a mail
// provider, and when not to ask again.
//
// It owns no address and no text: people and documents are asked for when a mail is sent, and templates are rendered
// then. Secrets are kept until nobody will send the mail any more.
package notification

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/notifications/internal/people"
)

// State is where a notification stands.
type State string

// The states.
const (
	Queued     State = "QUEUED"     // to be sent
	Sending    State = "SENDING"    // a provider was asked, or is about to be; its answer is not known
	Sent       State = "SENT"       // the provider has taken it
	Failed     State = "FAILED"     // it cannot be sent
	Uncertain  State = "UNCERTAIN"  // the provider may have taken it, and it is not repeated
	Suppressed State = "SUPPRESSED" // not wanted any more, or nobody is left to get it
)

// Wish is what was asked for.
type Wish struct {
	TemplateKey string            `json:"template_key"`
	CustomerID  string            `json:"customer_id"`
	Recipient   people.Recipient  `json:"recipient"`
	Params      map[string]string `json:"params,omitempty"`
	Secrets     map[string]string `json:"secrets,omitempty"` // blanked in the save that ends the sending
	Correlation string            `json:"correlation"`
	SubjectID   string            `json:"subject_id"`
	InvoiceID   string            `json:"invoice_id,omitempty"`
	ReminderID  string            `json:"reminder_id,omitempty"`
}

// Notification is one mail to the people of one customer.
type Notification struct {
	ID string `json:"id"`
	Wish
	SecretSum string `json:"secret_sum,omitempty"` // tells the same secrets from others when they are forgotten
	Repeat    bool   `json:"repeat,omitempty"`     // after a lost answer it is sent again, with the same Message-ID

	State           State     `json:"state"`                      // as it is kept; Standing is how it is shown
	Repeated        bool      `json:"repeated,omitempty"`         // an earlier try may have been taken
	TemplateVersion int       `json:"template_version,omitempty"` // of the newest attempt
	MessageID       string    `json:"message_id"`                 // with angle brackets; the same in every attempt
	Attempts        int       `json:"attempts,omitempty"`         // how often a provider was asked
	Recipients      int       `json:"recipients,omitempty"`       // how many people it went to
	Failure         *Failure  `json:"failure,omitempty"`
	TryAt           time.Time `json:"try_at,omitzero"` // while the provider takes no mails from us: when it is asked again
	SentAt          time.Time `json:"sent_at,omitzero"`
	To              []string  `json:"to,omitempty"` // whom it went to; nobody where that is Operations

	Problem    *Problem    `json:"problem,omitempty"` // what the provider said later
	Settlement *Settlement `json:"settlement,omitempty"`
	LookAt     time.Time   `json:"look_at,omitzero"` // while somebody must see to it: when it is looked whether that is still so; zero: now
	LateAt     time.Time   `json:"late_at,omitzero"` // until when somebody should have seen to it
	Late       bool        `json:"late,omitempty"`   // that has passed

	Intents intent.Ledger `json:"intents,omitempty"` // what the mail provider was asked for
}

// New returns a notification that is to be sent. Its Message-ID is made of its id and the domain, repeat comes from
// its template. Refused with RECIPIENT_INVALID.
func New(id string, w Wish, repeat bool, domain string) (*Notification, []fact.Fact, error) {
	if err := w.Recipient.Check(); err != nil {
		return nil, nil, err
	}
	n := &Notification{
		ID: id, Wish: w, Repeat: repeat, State: Queued, MessageID: "<" + id + "@" + domain + ">", SecretSum: sum(id, w.Secrets),
	}
	return n, []fact.Fact{n.tell(FactRequested, "subject", w.SubjectID)}, nil
}

// Same reports whether w is the wish that n was made of, although n may have forgotten the secrets.
func (n *Notification) Same(w Wish) bool {
	return n.TemplateKey == w.TemplateKey && n.CustomerID == w.CustomerID && n.Recipient == w.Recipient &&
		maps.Equal(n.Params, w.Params) && n.SecretSum == sum(n.ID, w.Secrets) &&
		n.Correlation == w.Correlation && n.SubjectID == w.SubjectID && n.InvoiceID == w.InvoiceID
}

// Forgotten reports whether n had secrets that it does not hold any more.
func (n *Notification) Forgotten() bool { return n.SecretSum != "" && len(n.Secrets) == 0 }

// EffectSend is the one thing that a mail wants outside.
const EffectSend = "send"

// WantsSending returns the wish to be handed to a mail provider.
func (n *Notification) WantsSending() []intent.Want {
	switch {
	case n.State != Queued:
		return nil
	case n.Held():
		return intent.At(n.TryAt)
	}
	return intent.Now()
}

// Held reports whether it is in the queue because the provider takes no mails from us.
func (n *Notification) Held() bool { return n.State == Queued && !n.TryAt.IsZero() }

// Standing is where it stands for a reader: SENDING while a provider may have it.
func (n *Notification) Standing() State {
	if n.State == Queued && n.Doubtful() {
		return Sending
	}
	return n.State
}

// Reseller is the party whose people decide what becomes of a mail that did not go out.
const Reseller = "RESELLER"

// WaitsFor is who must act; empty: nobody. What is not delivered, or perhaps not, is sent again or settled by a person alone, and only
// people can mend how we come to the provider.
func (n *Notification) WaitsFor() string {
	if n.Unsettled() || n.Held() {
		return Reseller
	}
	return ""
}

// Overdue is until when somebody should see to it, zero before the first look, and whether that has passed.
func (n *Notification) Overdue() (until time.Time, late bool) {
	if !n.Unsettled() || n.LookAt.IsZero() {
		return time.Time{}, false
	}
	return n.LateAt, n.Late
}

// Doubtful reports whether a provider may have it, although no answer says so.
func (n *Notification) Doubtful() bool { return n.Repeated || n.Asked() }

// Asked reports whether the answer of a provider is awaited.
func (n *Notification) Asked() bool { return n.Intents.Asked(EffectSend, "") }

// sum is empty without secrets. The id makes equal secrets of two notifications look different.
func sum(id string, secrets map[string]string) string {
	if len(secrets) == 0 {
		return ""
	}
	text, err := json.Marshal(secrets) // keys in order
	if err != nil {
		return "" // strings can always be encoded
	}
	hash := sha256.Sum256(append([]byte(id), text...))
	return hex.EncodeToString(hash[:])
}

// Values are all its parameters, the secret ones too.
func (n *Notification) Values() map[string]string {
	values := maps.Clone(n.Params)
	if values == nil {
		values = map[string]string{}
	}
	maps.Copy(values, n.Secrets)
	return values
}
