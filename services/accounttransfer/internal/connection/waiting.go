package connection

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// wait is what a connection waits for.
type wait struct {
	process.Wait
	accounts []string  // of a membership: those with the same problem
	newest   time.Time // since when the last of them has it
}

// Waiting says who must act before the connection goes on; nil when nobody outside has to.
func (c *Connection) Waiting() *process.Waiting {
	w := c.wait()
	if w == nil {
		return nil
	}
	shown := w.Shown(toldOf(c, w))
	shown.Escalated = shown.Escalated || len(w.accounts) > 0 && w.told(c)
	return shown
}

func (c *Connection) wait() *wait {
	if c.State == Ended {
		return returnWait(c)
	}
	by := func(p process.Party, t text.Text, name string, since time.Time, limit time.Duration) *wait {
		return &wait{Wait: *process.NewWait(p, t, name, since, limit)}
	}
	if r := c.Contract.Revoking(); AwaitsConsent(c) { // the customer can agree, whoever keeps us out
		w := by(process.Customer, text.New("wait.revoking"), "wait.revoking", r.SeenAt, inMonth(c, r.SeenAt))
		w.Until = freeAt(c)
		return w
	}
	if since := c.Intents.Denied(); !since.IsZero() {
		return by(process.Reseller, text.New("wait.denied"), "denied", since, c.Policy.DeniedFor)
	}
	if w := endWait(c); w != nil {
		return w
	}
	if w := lostTermWait(c); w != nil {
		return w
	}
	for _, cond := range c.conditions() {
		if b, blocked := c.Blocks[cond]; blocked && !b.Final && b.open(c) {
			return by(b.Blocked.Owner, b.Blocked.Text, string(cond), b.Since, inTime(c, b.Since))
		}
	}
	return awaited(c)
}

// open reports whether what was refused can still be mended: with its journey it ends, but for an invitation that is to be taken back.
func (b Block) open(c *Connection) bool {
	return c.JourneyEndedAt.IsZero() || b.Failure.Code == CodeCancelRefused
}

// endWait is the wait of a withdrawal; nil while nothing is withdrawn or kept. Whatever else is open of the connection comes after it.
func endWait(c *Connection) *wait {
	if c.Withdrawal == nil || c.State != Effective {
		return nil
	}
	by := func(p process.Party, t text.Text, name string, since time.Time) *wait {
		return &wait{Wait: *process.NewWait(p, t, name, since, inMonth(c, since))}
	}
	since := c.Withdrawal.DecidedAt
	switch leaving := Leaving(c); {
	case leaving != nil:
		return by(leaving.Owner, leaving.Text, "leaving", since)
	case c.Withdrawing():
		return by(process.AWS, text.New("wait.withdrawing"), "wait.withdrawing", since)
	case c.Keeping() && c.Contract.Revoking() != nil:
		return by(process.AWS, text.New("wait.keeping"), "wait.keeping", c.Withdrawal.KeptAt)
	case stuck(c) && !c.JourneyEndedAt.IsZero(): // while its journey is under way, that asks
		return by(process.Reseller, stuckFor(c.Withdrawal.Problem), "stuck", since)
	}
	return nil
}

// inMonth is how long somebody may take for what an end waits for before Operations is told: while it can still end with the month in
// which the wait began.
func inMonth(c *Connection, since time.Time) time.Duration {
	if c.Policy.EscalateIn == 0 {
		return 0
	}
	return calendar.Early(since, c.Policy.EscalateIn, withdrawalEnd(c, since)).Sub(since)
}

// inTime is how long somebody may take before Operations is told: while the invitation can still be accepted for its start.
func inTime(c *Connection, since time.Time) time.Duration {
	cutOff := CutOff(c)
	if c.Policy.EscalateIn == 0 || cutOff.IsZero() {
		return c.Policy.EscalateIn
	}
	return calendar.Early(since, c.Policy.EscalateIn, cutOff).Sub(since)
}

// awaited is the wait for what the customer or AWS answers.
func awaited(c *Connection) *wait {
	by := func(p process.Party, key string, since time.Time) *wait {
		return &wait{Wait: *process.NewWait(p, text.New(key), key, since, c.Policy.EscalateIn)}
	}
	if w := memberWait(c); w != nil {
		return w
	}
	switch inv := c.Current(); {
	case inv != nil && inv.State == Requested && !inv.Cancel:
		w := by(process.Customer, "step.accept-invitation", inv.RequestedAt)
		w.Until, w.Limit = inv.AcceptBy, inTime(c, inv.RequestedAt)
		return w
	case c.State == Effective && c.Contract.Pending() != nil:
		return by(process.Customer, "step.accept-service-term", c.Contract.Pending().SeenAt)
	}
	return nil
}

// waits are all that become too long each by itself: what is waited for, and behind the first problem of accounts the other ones.
func waits(c *Connection) (all []wait) {
	first := c.wait()
	switch {
	case first == nil:
		return nil
	case len(first.accounts) > 0:
		return memberProblems(c)
	}
	return []wait{*first}
}

// toldOf is the key of a wait that Operations was told of; "": it was not.
func toldOf(c *Connection, w *wait) string {
	if key := w.Key(); c.Overlong == key || slices.Contains(c.OverlongToo, key) {
		return key
	}
	return ""
}

// escalateAt is when the next wait becomes too long; zero: none does, or Operations was told.
func escalateAt(c *Connection) (next time.Time) {
	for _, w := range waits(c) {
		if at := w.TellAt(toldOf(c, &w)); next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next
}

// escalate says once of each wait that it has become too long.
func escalate(c *Connection, now time.Time) (facts []fact.Fact) {
	all := waits(c)
	for _, w := range all {
		told := toldOf(c, &w)
		if !w.Tell(&told, now) {
			continue
		}
		if len(w.accounts) == 0 {
			c.Overlong = told
		} else {
			c.OverlongToo = append(c.OverlongToo, told)
		}
		facts = append(facts, fact.Internally(tell(FactWaitEscalated, "wait", w.Name, "owner", string(w.Owner))))
	}
	c.OverlongToo = slices.DeleteFunc(c.OverlongToo, func(key string) bool { // what is over
		return !slices.ContainsFunc(all, func(w wait) bool { return w.Key() == key })
	})
	return facts
}

// overlong is the case of a wait that takes too long, and the mails that remind Operations of it. While a journey is under way,
// that is what tells; that a payer does not let us in is told once, by the payer, and a lost term has a case from its beginning.
func overlong(c *Connection) []intent.Wish {
	w := c.wait()
	if w == nil || toldOf(c, w) == "" || c.JourneyEndedAt.IsZero() || w.Name == "denied" || w.Name == waitTermLost {
		return nil
	}
	return w.Overlong(w.Key(), text.New("title.connection"), c.AccountID, w.Since)
}

// CutOff is until when the invitation that is out, or goes out next, can be accepted for its start; zero: nobody is to accept one.
func CutOff(c *Connection) time.Time {
	inv := c.Current()
	if inv == nil || c.State != Proposed || inv.State != Requested && inv.State != Prepared {
		return time.Time{}
	}
	return inv.AcceptBy
}

// StandsAlone reports whether no journey is under way that waits for the same.
func StandsAlone(c *Connection) bool { return c.TransferID == "" || !c.JourneyEndedAt.IsZero() }

// Wanted is the set of cases and reminders that a connection wants: Operations hears of an end that the suite did not bring about,
// which lasts until it has seen to it, and of a wait that takes too long. The mails about the end of an agreement are that one's.
func (c *Connection) Wanted() []intent.Wish {
	wishes := slices.Concat(overlong(c), leftTerm(c), lostTermCase(c), memberWishes(c), endMails(c))
	unasked := c.EndReason == WithdrawnInAWS || c.EndReason == LeftOrganization && !leavesForAnother(c) || c.EndReason == AccountClosed
	if !unasked {
		return wishes
	}
	account := lastParted(c)
	title, body := "case.ending.title", text.New("case.ending.body", "account_id", account, "end", stamp(c.EndAt), "connection_id", c.ID)
	switch {
	case c.EndReason == AccountClosed:
		title, body = "case.ending.title-closed", text.Text{Key: "case.ending.closed", Params: body.Params}
	case !c.ShutAt.IsZero():
		body = text.Text{Key: "case.ending.shut", Params: body.Params}
	}
	if !c.LastBoundAt.IsZero() && calendar.MonthOf(c.LastBoundAt) != calendar.MonthOf(c.FoundEndAt) {
		body = text.New("case.ending.unsure", "account_id", account, "end", stamp(c.EndAt), "connection_id", c.ID,
			"last", stamp(c.LastBoundAt), "found", stamp(c.FoundEndAt))
	}
	return append(wishes, intent.Wish{
		Key: "case/ending", Kind: intent.Case, Name: "TRANSFER_PROBLEM", Priority: "P2",
		Title: text.New(title, "account_id", account),
		Body:  body,
	})
}
