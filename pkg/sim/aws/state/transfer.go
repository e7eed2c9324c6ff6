package state

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Transfer is the responsibility for an organization's billing, asked for or handed over.
type Transfer struct {
	ID          string // rt-…
	Name        string
	Status      types.ResponsibilityTransferStatus // as it was last decided; see At
	Source      string                             // the customer's management account; empty while only the address is known
	SourceEmail string
	Target      string    // the payer's management account
	StartsAt    time.Time // first instant of a month
	EndsAt      time.Time // last millisecond of a month; zero: no end
	Handshake   string    // h-… that proposed it
	RequestedAt time.Time
	ExpiresAt   time.Time // accept before this
	// CommittedUntil is when a service period of the partner agreement ends: no end before it. Zero: none.
	CommittedUntil time.Time
}

// At is the transfer as it stands at that time: a requested one expires by itself.
func (t Transfer) At(now time.Time) Transfer {
	if t.Status == types.ResponsibilityTransferStatusRequested && !now.Before(t.ExpiresAt) {
		t.Status = types.ResponsibilityTransferStatusExpired
	}
	return t
}

// Binds reports whether the transfer is agreed and has no end, or one after the given time.
func (t Transfer) Binds(at time.Time) bool {
	return t.Status == types.ResponsibilityTransferStatusAccepted ||
		t.Status == types.ResponsibilityTransferStatusWithdrawn && t.EndsAt.After(at)
}

func (t Transfer) key() string      { return t.ID }
func (t Transfer) since() time.Time { return t.RequestedAt }
func (t Transfer) parties() []string {
	if t.Source == "" {
		return []string{t.Target, NormalEmail(t.SourceEmail)}
	}
	return []string{t.Target, t.Source}
}
