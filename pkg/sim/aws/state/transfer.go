package state

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/calendar"
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
	Notes       string    // of that
	RequestedAt time.Time
	ExpiresAt   time.Time // accept before this
	// CommittedUntil is when a service period of the partner agreement ends: no end before it. Zero: none.
	CommittedUntil time.Time
	NoticeDays     int // that such a period demands between a withdrawal and the end instead; zero: none
}

// EarliestEnd is the first instant at which a service period lets the transfer end, if it is withdrawn from now.
func (t Transfer) EarliestEnd(now time.Time) time.Time {
	if t.NoticeDays == 0 {
		return t.CommittedUntil
	}
	notice := now.AddDate(0, 0, t.NoticeDays)
	if notice.Before(t.CommittedUntil) {
		return t.CommittedUntil
	}
	return notice
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

// Covers reports whether the target pays for the whole of a month. Starts and ends are those of months.
func (t Transfer) Covers(m calendar.Month) bool {
	return t.Agreed() && !t.StartsAt.After(m.Start()) &&
		(t.EndsAt.IsZero() || t.EndsAt.After(m.Start()))
}

// Agreed reports whether both sides have said yes, even if the transfer has come to its end since.
func (t Transfer) Agreed() bool {
	return t.Status == types.ResponsibilityTransferStatusAccepted || t.Status == types.ResponsibilityTransferStatusWithdrawn
}

// ARN is the transfer's name as one side sees it: it is a resource of the viewer's own organization.
func (t Transfer) ARN(viewer Account) string {
	direction := "outbound"
	if t.Target == viewer.ID {
		direction = "inbound"
	}
	return fmt.Sprintf("arn:%s:organizations::%s:transfer/%s/billing/%s/%s", viewer.Realm(), viewer.ID, viewer.Organization, direction, t.ID)
}

func (t Transfer) key() string      { return t.ID }
func (t Transfer) since() time.Time { return t.RequestedAt }
func (t Transfer) parties() []string {
	if t.Source == "" {
		return []string{t.Target, NormalEmail(t.SourceEmail)}
	}
	return []string{t.Target, t.Source}
}
