package transfer

import (
	"cmp"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Observation is what AWS says now of an invitation that it has.
type Observation struct {
	AWSTransferID string
	ARN           string          // "": it did not say
	Status        InvitationState // REQUESTED, ACCEPTED, DECLINED, CANCELED, EXPIRED or WITHDRAWN
	StartAt       time.Time       // zero: it did not say
	EndsAt        time.Time       // of a withdrawal
}

// Observe brings the transfer to what AWS says. The same again, an unknown transfer id and what cannot follow from the
// state that is known change nothing but the time of the last look.
func (t *Transfer) Observe(o Observation, now time.Time) ([]fact.Fact, error) {
	inv := t.find(func(inv *Invitation) bool { return inv.AWSTransferID != "" && inv.AWSTransferID == o.AWSTransferID })
	if inv == nil || t.State.Ended() {
		return nil, nil
	}
	inv.CheckedAt = now
	inv.AWSTransferARN = cmp.Or(o.ARN, inv.AWSTransferARN)
	if !inv.canBecome(o.Status) {
		return nil, nil
	}
	inv.State, inv.RespondedAt, inv.EndsAt = o.Status, now, o.EndsAt
	if o.Status == Withdrawn && o.EndsAt.IsZero() {
		inv.EndsAt = calendar.MonthOf(now).Next().Start() // AWS ends with a month
	}
	if !o.StartAt.IsZero() {
		inv.dateTo(calendar.MonthOf(o.StartAt))
	}
	facts := []fact.Fact{inv.tell(inv.news())}
	switch {
	case o.Status == Accepted:
		facts = append(facts, t.agree(now)...)
	case t.Ending == nil && inv == t.Current():
		facts = append(facts, t.disagree(inv, now)...)
	}
	return append(facts, t.conclude(now)...), nil
}

// canBecome reports whether AWS's state follows from ours. An acceptance may have come and gone between two looks.
func (inv *Invitation) canBecome(s InvitationState) bool {
	switch inv.State {
	case Requested:
		return s == Accepted || s == Declined || s == Canceled || s == Expired || s == Withdrawn
	case Accepted:
		return s == Withdrawn
	default:
		return false
	}
}

// news is the fact of the state that an invitation has come to.
func (inv *Invitation) news() fact.Fact {
	switch inv.State {
	case Accepted:
		return tell(FactInvitationAccepted, "The customer accepted the billing transfer.")
	case Declined:
		return tell(FactInvitationDeclined, "The customer declined the billing transfer.")
	case Expired:
		return tell(FactInvitationExpired, "The invitation was not accepted in time.")
	case Withdrawn:
		return tell(FactInvitationWithdrawn, "The billing transfer was withdrawn.", "end", inv.EndsAt.Format(time.RFC3339))
	default:
		return tell(FactInvitationCanceled, "The invitation was cancelled.")
	}
}

// agree goes on after an acceptance. An invitation planned in its place is not wanted any more: the customer was
// faster.
func (t *Transfer) agree(now time.Time) []fact.Fact {
	t.dropUnsent()
	facts := t.observed(InvitationSent, now)
	facts = append(facts, t.observed(InvitationAccepted, now)...)
	return append(facts, t.advance(now)...)
}

// disagree is what becomes of a transfer whose invitation has ended without a wish of ours; see Policy.
func (t *Transfer) disagree(inv *Invitation, now time.Time) []fact.Fact {
	switch inv.State {
	case Declined:
		return t.unanswered(Failure{CodeInvitationDeclined, "the customer declined the billing transfer"}, now) // ORD-042
	case Expired:
		if t.expired() <= t.Policy.Reinvites {
			return append(t.inviteAgain(now), t.plan(calendar.StartAfter(now, t.Policy.MinimumLead), now))
		}
		return t.unanswered(Failure{CodeInvitationExpired, "the billing transfer was not accepted in time"}, now) // ORD-042
	case Withdrawn:
		f := Failure{CodeTransferWithdrawn, "the billing transfer was withdrawn"}
		if t.charged() {
			t.Ending = &Ending{Reason: f.Message, RequestedAt: now, Failure: &f} // who pays is to be decided first
			return nil
		}
		return t.fail(f, now)
	default: // cancelled, and not by us
	}
	t.closeAcceptance()
	return t.broken(t.stepFor(InvitationSent), Failure{CodeInvitationCanceled, "somebody cancelled the invitation"}, Blocked{
		Owner: Reseller,
		What:  "Find out who cancelled the invitation, then invite again or cancel the transfer.",
		Where: "TransferService.Reinvite, TransferService.CancelTransfer",
	}, now)
}

// unanswered ends the transfer at the step that was not done.
func (t *Transfer) unanswered(f Failure, now time.Time) []fact.Fact {
	facts := t.broken(t.stepFor(InvitationAccepted), f, Blocked{Owner: Reseller, What: "Order again when the customer wants to.", Where: "OrderService.CreateOrder"}, now)
	return append(facts, t.fail(f, now)...)
}

// expired counts the invitations that ran out.
func (t *Transfer) expired() int {
	n := 0
	for _, inv := range t.Invitations {
		if inv.State == Expired {
			n++
		}
	}
	return n
}

// inviteAgain opens the sending step once more and closes the acceptance until it is done.
func (t *Transfer) inviteAgain(now time.Time) []fact.Fact {
	t.closeAcceptance()
	s := t.stepFor(InvitationSent)
	s.begin(now)
	return []fact.Fact{tell(FactStepReopened, s.Title+": to be done again.", "step", s.Key)}
}

// closeAcceptance takes the acceptance back to waiting for an invitation.
func (t *Transfer) closeAcceptance() {
	if s := t.stepFor(InvitationAccepted); s.State.active() {
		s.reset(Pending)
	}
}
