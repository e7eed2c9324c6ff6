package state

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// retention is how long an ended handshake can still be seen.
const retention = 30 * 24 * time.Hour

// Handshake is an invitation: to join an organization, or to transfer the responsibility for billing.
type Handshake struct {
	ID           string // h-…
	Action       types.ActionType
	State        types.HandshakeState // as it was last decided; see At
	Sender       string               // management account
	Organization string               // of the sender
	Recipient    string               // account; empty while only the address is known
	Email        string               // the address it was sent to; empty when it was sent to an account
	Notes        string
	Transfer     string // rt-…; empty for an invitation to join
	RequestedAt  time.Time
	ExpiresAt    time.Time
	EndedAt      time.Time // zero while pending
}

// At is the handshake as it stands at that time: a pending one expires by itself.
func (h Handshake) At(now time.Time) Handshake {
	if h.Pending() && !now.Before(h.ExpiresAt) {
		h.State, h.EndedAt = types.HandshakeStateExpired, h.ExpiresAt
	}
	return h
}

// Pending reports whether nobody has answered it.
func (h Handshake) Pending() bool { return h.State == types.HandshakeStateRequested }

// Visible reports whether AWS still shows it: an ended handshake is deleted after 30 days.
func (h Handshake) Visible(now time.Time) bool {
	h = h.At(now)
	return h.Pending() || now.Before(h.EndedAt.Add(retention))
}

// To reports whether the handshake was sent to the account.
func (h Handshake) To(a Account) bool {
	if h.Recipient != "" {
		return h.Recipient == a.ID
	}
	return NormalEmail(h.Email) == NormalEmail(a.Email)
}

func (h Handshake) key() string      { return h.ID }
func (h Handshake) since() time.Time { return h.RequestedAt }
func (h Handshake) parties() []string {
	out := []string{h.Sender}
	if h.Recipient != "" && h.Recipient != h.Sender {
		out = append(out, h.Recipient)
	}
	if h.Email != "" {
		out = append(out, NormalEmail(h.Email))
	}
	return out
}
