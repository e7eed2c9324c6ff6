package connection

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses         = "STATE_REFUSES"
	ReasonInvitationPending    = "INVITATION_PENDING"
	ReasonInvitationAccepted   = "INVITATION_ACCEPTED"
	ReasonStartTooEarly        = "START_TOO_EARLY"
	ReasonStartTooLate         = "START_TOO_LATE"
	ReasonStartNotConfirmed    = "START_NOT_CONFIRMED"
	ReasonStartNotFirstOfMonth = "START_NOT_FIRST_OF_MONTH"
	ReasonAccountInTransfer    = "ACCOUNT_IN_TRANSFER"
	ReasonAccountIsPayer       = "ACCOUNT_IS_PAYER"
	ReasonAccountsMustLeave    = "ACCOUNTS_MUST_LEAVE"
)

// HeldByAnother says whether an account was refused because of a transfer that the caller may not see.
func HeldByAnother(err error) bool {
	e, ok := errs.As(err)
	return ok && e.Reason == ReasonAccountInTransfer && e.Meta["transfer_id"] == ""
}

// furthest is how many months ahead a transfer may start. AWS does not say where it draws the line, so only the next
// month and the one after it are ever asked for.
const furthest = 2

// Reinvite plans a new invitation, for the earliest start or for a chosen one (zero: earliest). An invitation that is
// still outstanding is cancelled first, because AWS takes only one; if the customer accepts it meanwhile, that counts.
// Refused with INVITATION_ACCEPTED, INVITATION_PENDING while AWS's answer is not known, and with the reasons of a bad start.
func (c *Connection) Reinvite(start, now time.Time) ([]fact.Fact, error) {
	before, err := replaceable(c)
	if err != nil {
		return nil, err
	}
	month := startAfter(c, now)
	if !start.IsZero() {
		if month, err = startMonth(start, now, c.Policy.MinimumLead); err != nil {
			return nil, err
		}
	}
	if before != nil {
		before.Cancel = true
	}
	if inv := c.Current(); inv != nil && inv.State == Prepared {
		c.Invitations = c.Invitations[:len(c.Invitations)-1] // planned, never sent: planned anew
	}
	c.Retry(InvitationSent)
	return []fact.Fact{c.plan(month, now)}, nil
}

// replaceable returns the invitation that is outstanding at AWS, which another may take the place of; nil when none is.
func replaceable(c *Connection) (*Invitation, error) {
	before := c.Outstanding()
	switch {
	case c.State != Proposed:
		return nil, errs.New(errs.Precondition, ReasonInvitationAccepted, "the customer has accepted already")
	case before != nil && c.asked(before):
		return nil, errs.New(errs.Precondition, ReasonInvitationPending, "it is being found out whether AWS has the last invitation").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.invitation-pending")})
	}
	return before, nil
}

// Correct takes another account in place of one that was named by mistake. An invitation of the wrong one that is outstanding is
// cancelled before the right one is invited; if that is accepted meanwhile, AWS has bound the wrong one, and the journey must end.
// Refused with INVITATION_ACCEPTED, and with INVITATION_PENDING while AWS's answer is not known.
func Correct(c *Connection, accountID string) ([]fact.Fact, error) {
	wrong, err := replaceable(c)
	if err != nil {
		return nil, err
	}
	if wrong != nil {
		wrong.Cancel = true
	}
	dropUnsent(c)
	c.unblock(InvitationSent)
	return c.EnterAccount(accountID), nil
}

// Dates is what an acceptance at a certain time would mean.
type Dates struct {
	Start         time.Time      // first instant that the reseller bills (XFR-BT-12, BIL-008)
	AcceptBy      time.Time      // last second in which the invitation can be accepted for that start
	FirstCharge   calendar.Month // first month that is charged, whole (BIL-009)
	VendorInvoice time.Time      // when AWS's invoice of that month arrives (BIL-011)
	CommitmentEnd time.Time      // first instant after the commitment of its cycles (BIL-002)
}

// PreviewDates says what an acceptance at this time would mean, for the earliest start or for a chosen one. Refused
// with START_NOT_FIRST_OF_MONTH, START_TOO_EARLY and START_TOO_LATE.
func PreviewDates(accept, chosen time.Time, cycles int) (Dates, error) {
	start, err := startMonth(chosen, accept, 0)
	if err != nil {
		return Dates{}, err
	}
	return Dates{
		Start: start.Start(), AcceptBy: calendar.Cutoff(start), FirstCharge: start,
		VendorInvoice: calendar.VendorInvoice(start), CommitmentEnd: start.AddMonths(cycles).Start(),
	}, nil
}

// startMonth returns the month in which a transfer starts: the earliest one that leaves the customer the minimum lead,
// or the chosen one if AWS would take it. Who chooses may go below the lead, which is a courtesy.
func startMonth(chosen, now time.Time, lead time.Duration) (calendar.Month, error) {
	if chosen.IsZero() {
		return calendar.StartAfter(now, lead), nil
	}
	start := calendar.MonthOf(chosen)
	remedy := errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.start-month", "month", calendar.StartAfter(now, 0).String())}
	switch {
	case !chosen.Equal(start.Start()):
		return start, errs.InvalidField(
			"start_time", ReasonStartNotFirstOfMonth, "a transfer starts on the first of a month, 00:00 UTC",
		).WithRemedy(remedy)
	case !calendar.InTime(start, now):
		return start, errs.InvalidField(
			"start_time", ReasonStartTooEarly, "an invitation for %s could not be accepted in time", start,
		).WithRemedy(remedy)
	case start.Sub(calendar.MonthOf(now)) > furthest:
		return start, errs.InvalidField("start_time", ReasonStartTooLate, "%s is too far away", start).WithRemedy(remedy)
	}
	return start, nil
}

// startAfter is the month in which a transfer starts that nobody has dated since: the one that the customer chose with its order, as long
// as it can be accepted in time, or the earliest that leaves it the minimum lead.
func startAfter(c *Connection, now time.Time) calendar.Month {
	if chosen := calendar.MonthOf(c.ChosenStart); !c.ChosenStart.IsZero() && calendar.InTime(chosen, now) {
		return chosen
	}
	return calendar.StartAfter(now, c.Policy.MinimumLead)
}

// ChooseStart refuses a start that nobody can choose. Refused with START_NOT_FIRST_OF_MONTH and START_TOO_LATE.
func ChooseStart(chosen, now time.Time) error {
	_, err := startMonth(chosen, now, 0)
	if errs.ReasonOf(err) == ReasonStartTooEarly {
		return nil // it was chosen in time, and is the next one now
	}
	return err
}

// AccountIsPayer is the refusal of an account that is a payer of the reseller: to bill it is to bill all that it pays for.
func AccountIsPayer(accountID string) error {
	return errs.New(errs.Precondition, ReasonAccountIsPayer, "account %s is a payer of the reseller", accountID).
		WithField("source_account_id", ReasonAccountIsPayer, "is a payer of the reseller").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.account-is-payer")})
}

// AccountInTransfer is the refusal of an account that another connection holds. Without the id of its transfer it is not said which; who
// may not know that names another account, or asks.
func AccountInTransfer(accountID, transferID string) error {
	err := errs.New(errs.Precondition, ReasonAccountInTransfer, "account %s is part of another transfer", accountID).
		WithField("source_account_id", ReasonAccountInTransfer, "is part of another transfer")
	if transferID == "" {
		return err.WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.account-of-another")})
	}
	return err.WithMeta("transfer_id", transferID).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.account-in-transfer")})
}
