package transfer

import "time"

// The beat at which AWS is asked whether the customer has answered: often while the customer is likely to be at it, then ever less,
// so that a hundred thousand old questions cost little. Whoever cannot wait says "look now".
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
	next := beat(inv.RequestedAt, last)
	for _, turn := range []time.Time{inv.AcceptBy.Add(time.Second), inv.ExpiresAt} {
		if turn.After(last) && turn.Before(next) {
			next = turn
		}
	}
	return next
}

// beat returns the look after the last one at something that began at a time.
func beat(began, last time.Time) time.Time {
	return last.Add(min(max(last.Sub(began)/8, shortestBeat), longestBeat))
}

// invitationTimers is what AWS must be asked about invitations that it has or may have.
func (t *Transfer) invitationTimers() []timer {
	if t.State.Ended() {
		return nil
	}
	var lookUps, cancels, checks []timer
	for i := range t.Invitations {
		inv := &t.Invitations[i]
		switch {
		case inv.Asked:
			lookUps = append(lookUps, timer{at: immediately, kind: LookUpInvitation, inv: inv})
		case inv.State == Requested && inv.Cancel && inv.CancelSentAt.IsZero():
			cancels = append(cancels, timer{at: immediately, kind: CancelInvitation, inv: inv})
		case inv.State == Requested && inv.Cancel:
			cancels = append(cancels, t.watch(inv.CancelSentAt.Add(again), CancelInvitation).of(inv))
		case inv.State == Requested || inv.State == Accepted:
			checks = append(checks, t.watch(inv.pollAt(), CheckInvitation).of(inv))
		}
	}
	return append(append(lookUps, cancels...), checks...)
}

func (tm timer) of(inv *Invitation) timer {
	tm.inv = inv
	return tm
}
