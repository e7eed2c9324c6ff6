package state

import (
	"time"

	"example.com/handover/pkg/aws/channel/types"
)

// ChannelHandshake is a proposal within a relationship: to begin a service period, or to end one early.
type ChannelHandshake struct {
	ID           string // ch-…
	Type         types.HandshakeType
	Status       types.HandshakeStatus // as it was last decided; see At
	Relationship string                // rs-…
	Sender       string                // account
	SenderName   string
	Receiver     string // account
	Period       ServicePeriod
	Note         string
	Token        string // of the call that created it
	Request      string // what that call asked for, to know a repeated one
	CreatedAt    time.Time
	UpdatedAt    time.Time
	ExpiresAt    time.Time
}

// ServicePeriod is what binds both sides: a fixed end, or a notice.
type ServicePeriod struct {
	Type       types.ServicePeriodType
	StartsAt   time.Time // zero: not agreed
	EndsAt     time.Time // of a fixed commitment
	NoticeDays int       // of a notice period
	RevokedAt  time.Time // zero: not ended early, and not replaced
}

// At is the handshake as it stands at that time: a pending one expires by itself.
func (h ChannelHandshake) At(now time.Time) ChannelHandshake {
	if h.Pending() && !now.Before(h.ExpiresAt) {
		h.Status, h.UpdatedAt = types.HandshakeStatusExpired, h.ExpiresAt
	}
	return h
}

// Pending reports whether nobody has answered it.
func (h ChannelHandshake) Pending() bool { return h.Status == types.HandshakeStatusPending }

// Binds reports whether the handshake has begun a service period that has not come to its end.
func (h ChannelHandshake) Binds(now time.Time) bool {
	return h.Type == types.HandshakeTypeStartServicePeriod && h.Status == types.HandshakeStatusAccepted &&
		h.Period.RevokedAt.IsZero() && (h.Period.EndsAt.IsZero() || now.Before(h.Period.EndsAt))
}

func (h ChannelHandshake) key() string       { return h.ID }
func (h ChannelHandshake) since() time.Time  { return h.CreatedAt }
func (h ChannelHandshake) parties() []string { return []string{h.Sender, h.Receiver, h.Relationship} }
