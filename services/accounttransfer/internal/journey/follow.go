package journey

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Changes are the facts of both lives that one change brought about.
type Changes struct {
	Transfer   []fact.Fact
	Connection []fact.Fact
	Consent    []fact.Fact
}

// Agree brings a transfer and its connection together after either has changed: the transfer follows the conditions of the
// connection, and the connection the demands of the transfer, until neither has anything to say. It changes both.
func Agree(t *Transfer, c *connection.Connection, now time.Time) (made Changes) {
	for range rounds {
		tf := t.follow(c, now)
		cf, changed := t.direct(c, now)
		made.Transfer, made.Connection = append(made.Transfer, tf...), append(made.Connection, cf...)
		if len(tf) == 0 && len(cf) == 0 && !changed {
			break
		}
	}
	return made
}

// rounds is more than the longest chain of consequences of one change.
const rounds = 20

// follow brings the transfer to what holds of its connection.
func (t *Transfer) follow(c *connection.Connection, now time.Time) []fact.Fact {
	t.remember(c)
	facts := t.settleRole(c)
	if t.State.Ended() {
		return facts
	}
	facts = append(facts, mistaken(t, c, now)...)
	facts = append(facts, termRefused(t, c, now)...)
	facts = append(facts, disproved(t, c, now)...)
	if t.underWay() {
		for _, r := range c.Reports() {
			facts = append(facts, t.Observe(t.insist(r), now)...)
		}
		hurry(t)
		facts = append(facts, t.goOn(now)...)
	}
	if t.underWay() {
		facts = append(facts, t.fate(c, now)...)
	}
	return append(facts, t.conclude(c, now)...)
}

// mistaken ends a journey whose wrong account has accepted before its invitation was cancelled: Operations decides what becomes of
// what AWS has bound.
func mistaken(t *Transfer, c *connection.Connection, now time.Time) []fact.Fact {
	if !t.underWay() || !c.Bound() || c.AccountID == "" || c.AccountID == t.AccountID {
		return nil
	}
	f := failure(CodeAccountMistaken)
	t.AccountID = c.AccountID
	t.wish(Ending{Failure: &f}, now)
	return []fact.Fact{fact.Because(tell(FactEndingRequested), f.Code)}
}

// remember keeps what mails say of the connection.
func (t *Transfer) remember(c *connection.Connection) {
	d := Details{DeployURL: c.Role.DeployURL, Cycles: c.Policy.Cycles, Accounts: connection.Accounts(c)}
	d.CutOff = connection.CutOff(c)
	d.InvitedAt, d.Answering = connection.InvitedAt(c), connection.Answering(c)
	d.Unbound = t.Kind == templates.Membership && (c.State == connection.Proposed || c.Attested == connection.Asked)
	if inv := c.Current(); inv != nil {
		d.AcceptBy, d.Start = inv.AcceptBy, inv.StartAt
	}
	if !c.StartAt.IsZero() {
		d.Start = c.StartAt
	}
	if term := c.Contract.Pending(); term != nil {
		d.TermSeenAt = term.SeenAt
	}
	t.Details = d
	if t.Ending != nil {
		t.Ending.Blocked = connection.CancelBlocked(c)
	}
}

// goOn opens what can be done now, and completes the transfer when all is done (ORD-040).
func (t *Transfer) goOn(now time.Time) []fact.Fact {
	if unanswered(t) {
		return []fact.Fact{askConsent(t, now)}
	}
	facts := t.Advance(now)
	if t.Finished() && !t.Details.Unbound {
		t.end(Completed, nil, now)
		facts = append(facts, tell(FactCompleted))
	}
	return facts
}

// fate ends a transfer whose connection cannot come about, or has ended without a wish of ours.
func (t *Transfer) fate(c *connection.Connection, now time.Time) []fact.Fact {
	if f := connection.FinalFailure(c); f != nil {
		return t.fail(*f, now)
	}
	if c.State != connection.Ending && c.State != connection.Ended {
		return nil
	}
	f := failure(CodeTransferWithdrawn)
	if !c.Charged() {
		return t.fail(f, now)
	}
	t.wish(Ending{Failure: &f}, now) // who pays is to be decided first
	return nil
}

// fail ends the transfer without success.
func (t *Transfer) fail(f process.Failure, now time.Time) []fact.Fact {
	t.end(Failed, &f, now)
	return []fact.Fact{tell(FactFailed, "code", f.Code)}
}

// direct tells the connection what the transfer wants of it. The second answer says whether something was told that is no
// news to anybody.
func (t *Transfer) direct(c *connection.Connection, now time.Time) ([]fact.Fact, bool) {
	var facts []fact.Fact
	if t.AccountID != "" {
		facts = append(facts, c.EnterAccount(t.AccountID)...)
	}
	connection.EnterPayer(c, t.PayerID, t.PayerAccountID)
	connection.EnterRoots(c, rootsOf(t))
	if t.connects() {
		facts = append(facts, c.Join(now)...)
	} else {
		connection.Unattest(c)
	}
	facts = append(facts, c.Decided(t.chargesPayer())...)
	if t.Ending != nil || t.State == Failed || t.State == Cancelled {
		facts = append(facts, c.Stop(now)...) // again after every change: what kept it from its end may be gone
	} else {
		c.Resume()
	}
	over := !c.JourneyEndedAt.Equal(t.EndedAt)
	facts = append(facts, connection.JourneyOver(c, t.EndedAt, now)...)
	return facts, c.Demand(t.demands()) || over
}

// disproved opens the step again by which people said that the accounts are members of the payer's organization, when AWS does not list
// them.
func disproved(t *Transfer, c *connection.Connection, now time.Time) (facts []fact.Fact) {
	if c.Attested != connection.Wrong || !t.underWay() {
		return nil
	}
	told := instruct("wait.member-missing", "accounts", strings.Join(connection.Missing(c), ", "))
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Connects && s.State == process.Done {
			facts = append(facts, t.Disprove(s, told, now)...)
		}
	}
	return facts
}

// connects reports whether people say, by a step, that the accounts are members of the payer's organization.
func (t *Transfer) connects() bool {
	return slices.ContainsFunc(t.Steps, func(s process.Step) bool { return s.Connects && s.State == process.Done })
}

// rootsOf says of which accounts the customer has handed the root user to the reseller, in a session that was held; empty: of none.
func rootsOf(t *Transfer) process.Target {
	for _, s := range t.Steps {
		if s.Asks == process.AsksSession && s.State == process.Done {
			return s.Target
		}
	}
	return ""
}

// demands returns the conditions that the transfer wants now: those of the steps that are to be done, and a role that it has
// gone on without.
func (t *Transfer) demands() map[process.Condition]connection.Demand {
	wanted := map[process.Condition]connection.Demand{}
	if t.underWay() {
		for _, s := range t.Steps {
			if s.CompletedBy == process.Observation && s.State.Active() {
				wanted[s.Condition] = connection.Demand{Since: s.OpenedAt, Due: s.DueAt}
			}
		}
	}
	if _, demanded := wanted[connection.RoleDeployed]; !demanded && roleOpen(t) && (t.underWay() || t.State == Completed) {
		wanted[connection.RoleDeployed] = connection.Demand{Relaxed: true}
	}
	delete(wanted, templates.ChannelReady) // support's, not the connection's
	delete(wanted, consent.Condition)
	return wanted
}
