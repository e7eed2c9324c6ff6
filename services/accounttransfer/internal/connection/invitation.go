package connection

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// InvitationState is where an invitation stands.
type InvitationState string

// The states of an invitation. All but the first three are never left.
const (
	Prepared  InvitationState = "PREPARED"  // intended; not known to be sent
	Requested InvitationState = "REQUESTED" // AWS has it; the customer must answer
	Accepted  InvitationState = "ACCEPTED"
	Declined  InvitationState = "DECLINED"
	Canceled  InvitationState = "CANCELED"
	Expired   InvitationState = "EXPIRED"
	Withdrawn InvitationState = "WITHDRAWN" // accepted, then ended by either side
	Refused   InvitationState = "REFUSED"   // AWS refused to send it: Error says why
)

// Invitation is one invitation of AWS Organizations to transfer the billing, from its intent to its end.
type Invitation struct {
	Attempt        int             `json:"attempt"` // from 1
	Name           string          `json:"name"`    // the reference in its name at AWS: finds it again after a lost answer
	State          InvitationState `json:"state"`
	AccountID      string          `json:"account_id,omitempty"`       // that is invited
	AWSTransferID  string          `json:"aws_transfer_id,omitempty"`  // rt-…
	AWSTransferARN string          `json:"aws_transfer_arn,omitempty"` // as AWS told it at the last look
	AWSHandshakeID string          `json:"aws_handshake_id,omitempty"` // h-…
	StartAt        time.Time       `json:"start_at"`                   // first of a month, 00:00 UTC
	AcceptBy       time.Time       `json:"accept_by"`                  // last second
	ExpiresAt      time.Time       `json:"expires_at,omitzero"`        // as AWS says
	PreparedAt     time.Time       `json:"prepared_at"`
	RequestedAt    time.Time       `json:"requested_at,omitzero"`
	RespondedAt    time.Time       `json:"responded_at,omitzero"` // answered, or ended otherwise
	EndsAt         time.Time       `json:"ends_at,omitzero"`      // first instant that a withdrawn transfer does not bill
	Supersedes     int             `json:"supersedes,omitempty"`  // attempt that it replaces
	Error          *AWSRefusal     `json:"error,omitempty"`

	EarlierNames []string  `json:"earlier_names,omitempty"` // given to AWS before, under which it did not show up so far
	CheckedAt    time.Time `json:"checked_at,omitzero"`     // when AWS last told its state
	Cancel       bool      `json:"cancel,omitempty"`        // it must be cancelled at AWS
	CancelSentAt time.Time `json:"cancel_sent,omitzero"`    // when that was last tried
}

// AWSRefusal is what AWS refused, and who can mend it.
type AWSRefusal struct {
	Reason string        `json:"reason"` // AWS's own: "UNSUPPORTED_PRICING"
	Text   text.Text     `json:"text"`
	Owner  process.Party `json:"owner"`
	Remedy text.Text     `json:"remedy"` // an instruction
}

// EffectInvite is the effect by which AWS is asked for an invitation; its subject is the attempt.
const EffectInvite = "invite"

// Current returns the invitation that counts, the last one; nil when there is none.
func (c *Connection) Current() *Invitation {
	if len(c.Invitations) == 0 {
		return nil
	}
	return &c.Invitations[len(c.Invitations)-1]
}

// Attempt returns the invitation of an attempt; nil when there is none.
func (c *Connection) Attempt(subject string) *Invitation {
	return c.find(func(inv *Invitation) bool { return number(inv.Attempt) == subject })
}

// find returns the first invitation that fits; nil when none does.
func (c *Connection) find(fits func(*Invitation) bool) *Invitation {
	for i := range c.Invitations {
		if inv := &c.Invitations[i]; fits(inv) {
			return inv
		}
	}
	return nil
}

// asked reports whether AWS may have been asked for an invitation, and its answer is not known.
func (c *Connection) asked(inv *Invitation) bool {
	return c.Intents.Asked(EffectInvite, number(inv.Attempt))
}

// Outstanding returns an invitation that AWS has or may have and nobody has answered; nil when there is none.
func (c *Connection) Outstanding() *Invitation {
	return c.find(func(inv *Invitation) bool { return c.asked(inv) || inv.State == Requested })
}

// AcceptedInvitation returns the invitation that the customer accepted; nil when there is none.
func (c *Connection) AcceptedInvitation() *Invitation {
	return c.find(func(inv *Invitation) bool { return inv.State == Accepted })
}

// TransferARN returns AWS's ARN of the accepted billing transfer; "" before.
func (c *Connection) TransferARN() string {
	if inv := c.AcceptedInvitation(); inv != nil {
		return inv.AWSTransferARN
	}
	return ""
}

// plan adds an invitation for a start month. It is not sent before the ones before it have ended.
func (c *Connection) plan(start calendar.Month, now time.Time) fact.Fact {
	inv := Invitation{Attempt: 1, State: Prepared, PreparedAt: now, AccountID: c.AccountID}
	if before := c.Current(); before != nil {
		inv.Attempt, inv.Supersedes = before.Attempt+1, before.Attempt
	}
	inv.Name = nameOf(c, inv.Attempt)
	inv.dateTo(start)
	c.Invitations = append(c.Invitations, inv)
	return inv.intended()
}

// intended is the fact of an intent, which is nobody else's business.
func (inv *Invitation) intended() fact.Fact {
	return inv.tell(fact.Fact{Name: FactInvitationPrepared, Audience: fact.Internal, Private: true})
}

func nameOf(c *Connection, attempt int) string { return c.TransferID + "-" + number(attempt) }

// NamedBy returns the id of the transfer that gave an invitation its name at AWS; "" or no id of the suite for somebody else's name.
func NamedBy(name string) string {
	transferID, _, _ := strings.Cut(Reference(name), "-")
	return transferID
}

// renew gives an invitation that did not show up at AWS another name before it goes out again: should the lost request
// arrive after all, the two can be told apart.
func renew(c *Connection, inv *Invitation) fact.Fact {
	names := append(inv.EarlierNames, inv.Name)
	inv.EarlierNames = names[max(0, len(names)-kept):]
	inv.Attempt = c.Current().Attempt + 1
	inv.Name = nameOf(c, inv.Attempt)
	return inv.intended()
}

// kept is how many refused invitations, and earlier names of one, a connection remembers.
const kept = 10

// forgetRefused drops all but the newest refused invitations; their numbers are not given again.
func forgetRefused(c *Connection) {
	refused := 0
	for _, inv := range c.Invitations {
		if inv.State == Refused {
			refused++
		}
	}
	c.Invitations = slices.DeleteFunc(c.Invitations, func(inv Invitation) bool {
		if inv.State != Refused {
			return false
		}
		refused--
		return refused >= kept
	})
}

// calledAs reports whether AWS was ever asked for the invitation under a name.
func (inv *Invitation) calledAs(name string) bool {
	return inv.Name == name || slices.Contains(inv.EarlierNames, name)
}

// dropUnsent forgets an invitation that never left.
func dropUnsent(c *Connection) {
	c.Invitations = slices.DeleteFunc(c.Invitations, func(inv Invitation) bool { return inv.State == Prepared && !c.asked(&inv) })
}

// dateTo sets the start and the last second to accept for it, which is earlier when AWS lets the invitation expire before.
func (inv *Invitation) dateTo(start calendar.Month) {
	inv.StartAt, inv.AcceptBy = start.Start(), calendar.Cutoff(start)
	if last := inv.ExpiresAt.Add(-time.Second); !inv.ExpiresAt.IsZero() && last.Before(inv.AcceptBy) {
		inv.AcceptBy = last
	}
}

// tell adds to a fact which invitation it is about.
func (inv *Invitation) tell(f fact.Fact) fact.Fact {
	return f.With(
		"attempt", number(inv.Attempt), "aws_transfer_id", inv.AWSTransferID, "start", stamp(inv.StartAt), "accept_by", stamp(inv.AcceptBy),
	)
}
