package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Found is an invitation as AWS lists it.
type Found struct {
	Answer
	Name   string
	ARN    string
	Status InvitationState // as AWS says: REQUESTED, ACCEPTED, DECLINED, CANCELED, EXPIRED, WITHDRAWN
	EndsAt time.Time       // of a withdrawal
}

// LookedUp settles an attempt whose answer was lost, by what AWS lists for the account. Our invitation is taken over,
// under whatever name it was sent; an earlier one of ours that has come alive is cancelled first. With none of ours
// (nil, or somebody else's) it was not sent, and goes out again as another attempt.
func (t *Transfer) LookedUp(attempt int, found *Found, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	ours := t.ours(found)
	switch {
	case ours == inv:
		return t.adopt(inv, *found, now)
	case ours != nil && found.Status == Requested:
		return t.cancelFirst(inv, ours, *found, now), nil
	}
	inv.Asked = false
	if t.Ending != nil {
		return t.conclude(now), nil
	}
	return []fact.Fact{t.renew(inv)}, nil
}

// NotSent takes back an attempt that surely did not reach AWS, so that the same one goes out again.
func (t *Transfer) NotSent(attempt int, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	inv.Asked = false
	return t.conclude(now), nil
}

// Duplicated handles AWS's refusal to send because an invitation for that account is outstanding (XFR-BT-17): found is
// what AWS lists, nil when it shows nothing. Our own invitation is taken over; an earlier one of ours is cancelled
// before this attempt goes out again; somebody else's is Operations' to end (XFR-BT-18).
func (t *Transfer) Duplicated(attempt int, found *Found, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	ours := t.ours(found)
	switch {
	case ours == nil, ours != inv && found.Status != Requested: // not ours, or ours and over: there is nothing to cancel
		return t.Refused(attempt, Judge(DuplicateInvitation), now)
	case ours == inv:
		return t.adopt(inv, *found, now)
	}
	return t.cancelFirst(inv, ours, *found, now), nil
}

// ours returns the invitation that AWS lists under one of its names; nil when it lists none of ours.
func (t *Transfer) ours(found *Found) *Invitation {
	if found == nil {
		return nil
	}
	return t.find(func(inv *Invitation) bool { return inv.calledAs(found.Name) })
}

// cancelFirst takes inv back until an earlier invitation, which AWS still holds, is cancelled.
func (t *Transfer) cancelFirst(inv, earlier *Invitation, found Found, now time.Time) []fact.Fact {
	inv.Asked = false
	earlier.take(found.Answer, now)
	earlier.Cancel, earlier.CancelSentAt, earlier.RespondedAt, earlier.Error = true, time.Time{}, time.Time{}, nil
	facts := []fact.Fact{earlier.tell(internally(tell(FactInvitationRequested, "An earlier invitation is still outstanding; it is cancelled first.")))}
	return append(facts, t.conclude(now)...)
}

// adopt takes over an invitation that AWS has under our name, whatever has become of it meanwhile.
func (t *Transfer) adopt(inv *Invitation, found Found, now time.Time) ([]fact.Fact, error) {
	inv.Name = found.Name
	facts := t.requested(inv, found.Answer, now)
	facts = append(facts, t.advance(now)...)
	more, err := t.Observe(Observation{
		AWSTransferID: found.AWSTransferID, ARN: found.ARN, Status: found.Status, StartAt: found.StartAt, EndsAt: found.EndsAt,
	}, now)
	return append(append(facts, more...), t.conclude(now)...), err
}
