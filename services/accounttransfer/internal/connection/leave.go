package connection

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// How a membership ends that the reseller withdraws: people have each account leave the payer's organization, and the suite looks until
// none is left. A customer's own organization, whose master account is the payer, cannot leave itself: Operations hands it back, and says
// what proves that.

// ownOrganization reports whether what is bound is an organization of the customer's own, whose master account is the payer.
func ownOrganization(c *Connection) bool {
	return c.PayerAccountID != "" && slices.Contains(Accounts(c), c.PayerAccountID)
}

// OwnOrganization reports whether it is, or was, such an organization that is bound.
func OwnOrganization(c *Connection) bool {
	return c.PayerAccountID != "" && memberOf(c, c.PayerAccountID) != nil
}

// Leaving is the wait for the accounts of a membership that is withdrawn; nil while none is.
func Leaving(c *Connection) *process.Waiting {
	switch {
	case c.Basis != Membership || !c.Withdrawing():
		return nil
	case ownOrganization(c):
		return &process.Waiting{Owner: process.Reseller, Text: text.New("wait.handing-back", "account_id", c.PayerAccountID)}
	}
	there, closed := inState(c, MemberJoined), inState(c, MemberClosed)
	if len(there) == 0 && len(closed) > 0 {
		return &process.Waiting{Owner: process.AWS, Text: text.New("wait.closed", "accounts", strings.Join(closed, ", "))}
	}
	return &process.Waiting{Owner: process.Reseller, Text: text.New("wait.leaving", "accounts", strings.Join(there, ", "))}
}

// inState are the accounts of a membership that are in a state.
func inState(c *Connection, s MemberState) (all []string) {
	for _, m := range c.Members {
		if m.State == s {
			all = append(all, m.AccountID)
		}
	}
	return all
}

// leavingLook is when AWS is asked whether the accounts of a membership that is withdrawn have left; zero: nobody has to ask.
func leavingLook(c *Connection) time.Time {
	if !c.Withdrawing() || ownOrganization(c) {
		return time.Time{}
	}
	return beat(c.Withdrawal.DecidedAt, c.CheckedAt)
}

// endReason is why a membership ends whose last account is there no more.
func endReason(c *Connection, seen EndReason) EndReason {
	switch {
	case !c.SupersededAt.IsZero():
		return Superseded
	case c.Withdrawing():
		return WithdrawnByReseller
	}
	return seen
}

// RecordReturn notes that a customer's own organization was handed back: it is billed to the end of the month, as any withdrawal. One that
// a billing transfer has superseded has ended before. Refused with STATE_REFUSES, ACCOUNTS_MUST_LEAVE and EVIDENCE_REQUIRED.
func RecordReturn(c *Connection, evidence string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	moved := ToReturn(c)
	switch {
	case c.Basis != Membership || !c.Withdrawing() && !moved:
		return nil, refuses(c, "handed back", text.New("remedy.withdraw-first"))
	case !moved && !ownOrganization(c):
		return nil, errs.New(errs.Precondition, ReasonAccountsMustLeave, "the accounts are in the organization of a payer that is none of them").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: Leaving(c).Text})
	case evidence == "":
		return nil, errs.InvalidField("evidence", process.ReasonEvidenceRequired, "say what proves that it was handed back").
			WithRemedy(errs.Remedy{Who: by.Role, Text: text.New("remedy.return-evidence")})
	}
	c.ReturnedAt = now
	proven := fact.Because(fact.Internally(tell(FactReturned, "account_id", c.PayerAccountID)), evidence)
	proven.Text = "connection.return_proven"
	returned := tell(FactReturned, "account_id", c.PayerAccountID)
	if moved {
		returned.Text = "connection.root_returned"
		return []fact.Fact{returned, proven}, nil
	}
	return append([]fact.Fact{returned, proven}, c.endWith(nextMonth(now), WithdrawnByReseller, now)...), nil
}

// AskWithdrawal begins the end of what binds an account, after its journey. Refused with STATE_REFUSES and FIELD_REQUIRED.
func AskWithdrawal(c *Connection, reason string, now time.Time) ([]fact.Fact, error) {
	switch {
	case c.State != Effective || c.Withdrawing():
		return nil, refuses(c, "withdrawn", text.New("remedy.connection-state"))
	case c.JourneyEndedAt.IsZero():
		return nil, refuses(c, "withdrawn while its transfer is under way", text.New("remedy.cancel-transfer"))
	case reason == "":
		return nil, errs.InvalidField("reason", process.ReasonFieldRequired, "say why")
	}
	c.Withdraw(now)
	return []fact.Fact{fact.Because(fact.Internally(tell(FactEndRequested)), reason)}, nil
}

// AskKeep drops a withdrawal that AWS has not carried out: the one of an attempt, or of 0 whichever it is. Refused with STATE_REFUSES once
// AWS is asked, and when another connection bills in its place, and with FIELD_REQUIRED.
func AskKeep(c *Connection, attempt int, reason string, now time.Time) ([]fact.Fact, error) {
	open := c.Withdrawing() && c.Basis == Membership || AwaitsConsent(c)
	another := attempt != 0 && c.Withdrawal != nil && c.Withdrawal.Attempt != attempt
	switch {
	case c.JourneyEndedAt.IsZero() || !c.SupersededAt.IsZero() || another || !stuck(c) && !open:
		return nil, refuses(c, "kept", text.New("remedy.connection-state"))
	case reason == "":
		return nil, errs.InvalidField("reason", process.ReasonFieldRequired, "say why")
	}
	c.Keep(now)
	return []fact.Fact{fact.Because(fact.Internally(tell(FactEndDropped)), reason)}, nil
}

// stuck reports whether a withdrawal could not be carried out: it is to be decided on again.
func stuck(c *Connection) bool {
	return c.State == Effective && c.Withdrawal != nil && c.Withdrawal.Phase == Problem
}

// stuckFor is what is to be done about that.
func stuckFor(problem text.Text) text.Text {
	return text.New("wait.withdrawal-stuck", "problem", problem.Key, "reason", problem.Params["reason"], "state", problem.Params["state"])
}

// refuses is the refusal of a verb that the state does not accept.
func refuses(c *Connection, verb string, remedy text.Text) error {
	return errs.New(errs.Precondition, ReasonStateRefuses, "a connection in state %s cannot be %s", c.State, verb).
		WithMeta("state", string(c.State)).WithRemedy(errs.Remedy{Who: "OPERATOR", Text: remedy})
}

// What Notifications calls the mails with what a customer has to see to itself from now on.
const (
	mailReturned     = "organization-returned"
	mailRootReturned = "root-returned"
	mailUnbilled     = "billing-ending"
	toPrimary        = "PRIMARY"
)

// endMails tell the customer what is its own to see to, where nobody else does: an organization of its own that was handed back, and what
// ends that AWS has billed although its order failed, so that no agreement came into force whose mail tells.
func endMails(c *Connection) []intent.Wish {
	params := map[string]string{"account_id": c.AccountID, "end": stamp(c.EndAt)}
	mail := intent.Wish{Key: "mail/returned@" + stamp(c.ReturnedAt), Kind: intent.Mail, Name: mailReturned, To: toPrimary, Params: params}
	switch {
	case c.State != Ending && c.State != Ended:
		return nil
	case !c.ReturnedAt.IsZero() && c.Moved:
		mail.Name = mailRootReturned
		if c.Replacing != nil && c.Replacing.Unsure {
			params["start"] = stamp(c.SupersededAt)
		}
		return []intent.Wish{mail}
	case !c.ReturnedAt.IsZero():
		return []intent.Wish{mail}
	case !c.Stopped || !c.Charged():
		return nil
	}
	mail.Key, mail.Name = "mail/unbilled@"+stamp(c.EndAt), mailUnbilled
	living, closed := parted(c)
	if len(living) > 0 {
		params["accounts"] = strings.Join(living, ", ")
	}
	if len(closed) > 0 {
		params["closed_accounts"] = strings.Join(closed, ", ")
	}
	return []intent.Wish{mail}
}

// parted are the accounts of a membership that have left it and live on, and those that were closed at AWS.
func parted(c *Connection) (living, closed []string) {
	for _, m := range c.Members {
		switch {
		case m.State != MemberLeft && m.State != MemberClosed:
		case !m.ClosedAt.IsZero():
			closed = append(closed, m.AccountID)
		default:
			living = append(living, m.AccountID)
		}
	}
	return living, closed
}

// lastParted is the account with which a membership has ended; the account itself for another basis.
func lastParted(c *Connection) string {
	account, at := c.AccountID, time.Time{}
	for _, m := range c.Members {
		if m.LeftBy == c.EndReason && m.LeftAt.After(at) {
			account, at = m.AccountID, m.LeftAt
		}
	}
	return account
}

// How a customer of a legacy model comes to a billing transfer: the membership goes on until the first instant that AWS bills the billing
// transfer, and ends with it. A migration that comes to nothing before leaves the membership as it was.

// Replaceable refuses to begin a billing transfer in the place of what is no membership that binds. One that ends binds until then. Refused
// with STATE_REFUSES.
func Replaceable(c *Connection) error {
	if c.Basis != Membership || !c.Bound() {
		return refuses(c, "replaced", text.New("remedy.connection-state"))
	}
	return nil
}

// Supersede ends a membership in whose place another connection bills. An organization whose master account is billed by the billing
// transfer ends at the instant at which that has begun, also when it ended later already: AWS bills one payer for it. What the reseller
// holds of it is handed back then. Other accounts, and an organization in whose place another one bills, are to leave, as after a
// withdrawal: AWS bills each to the payer that it is with; where all have left before, that was the reason. Refused with STATE_REFUSES
// before the other one bills, and when that is none that replaces it, or has ended since without being told, so that both were billed; with
// START_NOT_CONFIRMED until AWS has said, at the start or later, that it stands: the end of an organization is not taken back.
func Supersede(c, by *Connection, now time.Time) ([]fact.Fact, error) {
	bills := by.ReplacesID == c.ID && by.CustomerID == c.CustomerID && !by.StartAt.IsZero() && !by.StartAt.After(now) &&
		(by.Bound() || by.Charged())
	switch {
	case !bills || c.Basis != Membership || c.State == Proposed:
		return nil, refuses(c, "superseded", text.New("remedy.connection-state"))
	case !c.SupersededAt.IsZero() || c.State == Ended && !c.EndAt.After(by.StartAt):
		return nil, nil
	case c.State == Ended:
		return nil, refuses(c, "superseded after it was billed beside", text.New("remedy.connection-state"))
	case by.State == Effective && by.CheckedAt.Before(by.StartAt):
		return nil, errs.New(errs.Precondition, ReasonStartNotConfirmed, "AWS has not said since the start that it bills connection %s", by.ID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.confirm-start", "connection_id", by.ID)})
	}
	c.SupersededAt = by.StartAt
	told := tell(FactSuperseded, "start", stamp(by.StartAt), "connection_id", by.ID)
	whole := c.PayerAccountID != "" && by.AccountID == c.PayerAccountID
	switch {
	case whole && (c.State == Effective || c.EndAt.After(by.StartAt)):
		c.Moved = c.ReturnedAt.IsZero()
		return append([]fact.Fact{told}, c.endWith(by.StartAt, Superseded, now)...), nil
	case c.State == Effective && !c.Withdrawing():
		c.Withdraw(now)
	case c.State == Ending && c.EndReason == LeftOrganization: // the last of its accounts has left before, as its customer was asked to
		c.EndReason = Superseded
	}
	return []fact.Fact{told}, nil
}

// ToReturn reports whether a billing transfer bills the organization in the place of the membership, and the reseller holds the root user
// of its master account still, for which it has no reason any more.
func ToReturn(c *Connection) bool { return c.State == Ended && c.Moved && c.ReturnedAt.IsZero() }

// returnWait is the wait for that; nil: nothing is to be handed back.
func returnWait(c *Connection) *wait {
	if !ToReturn(c) {
		return nil
	}
	var others []string
	for _, m := range c.Members {
		if m.AccountID != c.PayerAccountID && m.State != MemberCancelled {
			others = append(others, m.AccountID)
		}
	}
	slices.Sort(others)
	what := text.New("wait.returning-root", "account_id", c.PayerAccountID, "accounts", strings.Join(others, ", "))
	return &wait{Wait: *process.NewWait(process.Reseller, what, "returning-root", c.SupersededAt, c.Policy.EscalateIn)}
}
