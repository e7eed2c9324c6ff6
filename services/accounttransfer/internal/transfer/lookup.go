package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Found is an invitation as AWS lists it.
type Found struct {
	Answer
	Name   string
	Status InvitationState // as AWS says: REQUESTED, ACCEPTED, DECLINED, CANCELED, EXPIRED, WITHDRAWN
	EndsAt time.Time       // of a withdrawal
}

// LookedUp settles an attempt whose answer was lost: AWS lists an invitation of that name, which is taken over, or it
// lists none (nil), so that the same attempt may be sent again.
func (t *Transfer) LookedUp(attempt int, found *Found, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	if found == nil {
		inv.Asked = false
		return t.conclude(now), nil
	}
	return t.adopt(inv, *found, now)
}

// Duplicated handles AWS's refusal to send because an invitation for that account is outstanding (XFR-BT-17): found is
// what AWS lists, nil when it shows nothing. Our own invitation is taken over; an earlier one of ours is cancelled
// before this attempt goes out again; somebody else's is Operations' to end (XFR-BT-18).
func (t *Transfer) Duplicated(attempt int, found *Found, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return t.Refused(attempt, Judge(DuplicateInvitation), now)
	}
	ours := t.find(func(i *Invitation) bool { return i.Name == found.Name })
	switch {
	case ours == nil, ours != inv && found.Status != Requested: // not ours, or ours and over: there is nothing to cancel
		return t.Refused(attempt, Judge(DuplicateInvitation), now)
	case ours == inv:
		return t.adopt(inv, *found, now)
	}
	inv.Asked = false
	ours.take(found.Answer, now)
	ours.Cancel, ours.CancelSentAt, ours.RespondedAt, ours.Error = true, time.Time{}, time.Time{}, nil
	facts := []fact.Fact{ours.tell(internally(tell(FactInvitationRequested, "An earlier invitation is still outstanding; it is cancelled first.")))}
	return append(facts, t.conclude(now)...), nil
}

// adopt takes over an invitation that AWS has under our name, whatever has become of it meanwhile.
func (t *Transfer) adopt(inv *Invitation, found Found, now time.Time) ([]fact.Fact, error) {
	facts := t.requested(inv, found.Answer, now)
	facts = append(facts, t.advance(now)...)
	more, err := t.Observe(Observation{
		AWSTransferID: found.AWSTransferID, Status: found.Status, StartAt: found.StartAt, EndsAt: found.EndsAt,
	}, now)
	return append(append(facts, more...), t.conclude(now)...), err
}
