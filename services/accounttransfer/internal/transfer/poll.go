package transfer

import "time"

// The beat at which AWS is asked about an invitation: often while the customer is likely to be at it, then ever less,
// so that a hundred thousand old invitations cost little. Whoever cannot wait says "look now".
const (
	shortestBeat = 5 * time.Minute
	longestBeat  = 6 * time.Hour
	keptBeat     = 24 * time.Hour // after the acceptance, in case somebody withdraws it
)

// pollAt returns when AWS is next asked about an invitation that it has. Besides its beat there is always a look at the
// instants at which the answer must have changed: too late to accept, and expired.
func (inv *Invitation) pollAt() time.Time {
	last := inv.RequestedAt
	if inv.CheckedAt.After(last) {
		last = inv.CheckedAt
	}
	if inv.State == Accepted {
		return last.Add(keptBeat)
	}
	next := last.Add(min(max(last.Sub(inv.RequestedAt)/8, shortestBeat), longestBeat))
	for _, turn := range []time.Time{inv.AcceptBy.Add(time.Second), inv.ExpiresAt} {
		if turn.After(last) && turn.Before(next) {
			next = turn
		}
	}
	return next
}
