package transfer

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Reinvite plans a new invitation, for the earliest start or for a chosen one (zero: earliest). An invitation that is
// still outstanding is cancelled first, because AWS takes only one; if the customer accepts it meanwhile, that counts.
// Refused with STEP_GUARD_CLOSED, INVITATION_ACCEPTED, INVITATION_PENDING while AWS's answer is not known, and with the
// reasons of a bad start.
func (t *Transfer) Reinvite(start, now time.Time) ([]fact.Fact, error) {
	if err := t.going("invited again"); err != nil {
		return nil, err
	}
	send := t.stepFor(InvitationSent)
	switch before := t.outstanding(); {
	case send.State == Pending:
		return nil, t.guardClosed(send)
	case t.accepted() != nil:
		return nil, errs.New(errs.Precondition, ReasonInvitationAccepted, "the customer has accepted already")
	case before != nil && before.Asked:
		return nil, errs.New(errs.Precondition, ReasonInvitationPending, "it is being found out whether AWS has the last invitation").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Try again in a few minutes.", "TransferService.GetTransfer")})
	}
	month, err := startMonth(start, now, t.Policy.MinimumLead)
	if err != nil {
		return nil, err
	}
	if before := t.outstanding(); before != nil {
		before.Cancel = true
	}
	return t.replan(send, month, now), nil
}

// replan sets the next invitation to a month and opens the step that sends it.
func (t *Transfer) replan(send *Step, month calendar.Month, now time.Time) []fact.Fact {
	var facts []fact.Fact
	if send.State != Open {
		facts = t.inviteAgain(now)
	}
	if inv := t.Current(); inv != nil && inv.State == Prepared {
		t.Invitations = t.Invitations[:len(t.Invitations)-1] // planned, never sent: planned anew
	}
	return append(facts, t.plan(month, now))
}
