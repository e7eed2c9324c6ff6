package agreement

import (
	"slices"
	"time"

	"example.com/handover/pkg/fact"
)

// Subscription is what the agreement brings month by month: one AWS organization, or one account of a membership.
type Subscription struct {
	ID       string            `json:"id"`
	VendorID string            `json:"vendor_id,omitempty"` // the management account, or the account that has joined
	State    SubscriptionState `json:"state"`
	Start    time.Time         `json:"start,omitzero"` // first instant that is billed
	End      time.Time         `json:"end,omitzero"`   // first instant that is not billed any more; zero: open

	Closed bool `json:"closed,omitempty"` // the account is closed at AWS, which lists it still
}

// Shown is the state as people read it: one in force is TERMINATING when its end is known, or its account is closed.
func (s Subscription) Shown() SubscriptionState {
	if s.State == SubscriptionActive && (s.Closed || !s.End.IsZero()) {
		return SubscriptionTerminating
	}
	return s.State
}

// Member is an account of a membership that has joined, as far as a subscription looks at it.
type Member struct {
	AccountID      string
	SubscriptionID string    // to be, if it has none
	Start          time.Time // first instant that is billed
	End            time.Time // first instant that is not billed any more; zero: open
	Left, Closed   bool
}

// followMembers brings the subscriptions to where the accounts of a membership are. AccountTransfer says of an account that it has left
// when AWS has said so of that account by itself: a list that lacks one ends nothing.
func (a *Agreement) followMembers(members []Member) []fact.Fact {
	before := a.Subscriptions
	next := slices.Clone(before)
	for _, m := range members {
		i := slices.IndexFunc(next, func(s Subscription) bool { return s.VendorID == m.AccountID })
		if i < 0 {
			i, next = len(next), append(next, Subscription{ID: m.SubscriptionID, VendorID: m.AccountID})
		}
		s := &next[i]
		s.Start, s.Closed, s.State = m.Start, m.Closed, SubscriptionDraft
		if a.State == Active {
			s.State = SubscriptionActive
		}
		if s.End = a.Connection.End; m.Left {
			s.State, s.End = SubscriptionTerminated, m.End
		}
	}
	if slices.Equal(before, next) {
		return nil
	}
	a.Subscriptions = next
	return []fact.Fact{fact.Internally(saying("agreement.accounts_changed", tell(FactUpdated)))}
}
