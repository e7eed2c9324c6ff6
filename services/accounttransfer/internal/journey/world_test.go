package journey

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// world is what the service finds outside; where it is empty, nothing moves.
type world struct {
	invitation connection.InvitationState // of the invitation that AWS has
	endsAt     time.Time                  // of a withdrawal
	term       contract.State
	revocation contract.State
	role       access.State
	channel    bool // support sets it up at once
}

// effect is one outside act, done as the driver does it.
type effect struct {
	name   string
	wanted func(*life) []intent.Want
	do     func(w world, l *life, subject string, when time.Time) []fact.Fact
}

// ofConnection makes an effect of the connection.
func ofConnection(
	name string, wanted func(*connection.Connection) []intent.Want, do func(world, *connection.Connection, string, time.Time) []fact.Fact,
) effect {
	return effect{
		name, func(l *life) []intent.Want { return wanted(l.con) },
		func(w world, l *life, subject string, when time.Time) []fact.Fact { return do(w, l.con, subject, when) },
	}
}

// effects are the outside acts in order of precedence.
func effects() []effect {
	type con = connection.Connection
	return []effect{
		{
			connection.EffectInvite, func(l *life) []intent.Want { return connection.InviteWanted(l.con) },
			func(_ world, l *life, attempt string, when time.Time) []fact.Fact {
				l.ask(attempt, when)
				return connection.Answered(l.settled(attempt), attempt, answer("rt-"+attempt), when)
			},
		},
		ofConnection("cancel-invitation", connection.CancelInvitationWanted, func(w world, c *con, attempt string, when time.Time) []fact.Fact {
			return connection.CancelSent(c, attempt, w.sees(c.Attempt(attempt)), when)
		}),
		ofConnection(connection.LookInvitation, connection.CheckInvitationWanted, func(
			w world, c *con, attempt string, when time.Time,
		) []fact.Fact {
			c.Served(connection.LookInvitation, c.Looks)
			return c.Observe(w.sees(c.Attempt(attempt)), when)
		}),
		ofConnection(connection.EffectWithdraw, connection.WithdrawWanted, func(w world, c *con, _ string, when time.Time) []fact.Fact {
			connection.IntendWithdrawal(c, when)
			return connection.WithdrawalAnswered(c, w.sees(c.AcceptedInvitation()), when)
		}),
		ofConnection("cancel-service-term", connection.CancelTermWanted, func(w world, c *con, _ string, when time.Time) []fact.Fact {
			return connection.TermCancelSent(c, contract.Seen{HandshakeID: c.Contract.Term().ID, Status: w.term}, when)
		}),
		ofConnection(connection.EffectRevoke, connection.RevokeWanted, func(_ world, c *con, _ string, when time.Time) []fact.Fact {
			c.Contract.Revoke()
			return connection.RevocationSent(c, "ch-9", when)
		}),
		ofConnection(connection.LookRevocation, connection.CheckRevocationWanted, func(w world, c *con, _ string, when time.Time) []fact.Fact {
			c.Served(connection.LookRevocation, c.Looks)
			return connection.ObserveRevocation(c, contract.Seen{HandshakeID: "ch-9", Status: w.revocation}, when)
		}),
		ofConnection(connection.EffectCancelRevocation, connection.CancelRevocationWanted,
			func(w world, c *con, _ string, when time.Time) []fact.Fact {
				return connection.RevocationCancelSent(c, contract.Seen{HandshakeID: "ch-9", Status: w.revocation}, when)
			}),
		{"make", makingWanted, func(_ world, l *life, cond string, when time.Time) []fact.Fact {
			return connection.MadeAs(l.con, process.Condition(cond), "", "made", when)
		}},
		ofConnection(connection.EffectTerm, connection.TermWanted, sendTerm),
		ofConnection(connection.LookTerm, connection.CheckTermWanted, func(w world, c *con, _ string, when time.Time) []fact.Fact {
			c.Served(connection.LookTerm, c.Looks)
			return connection.ObserveTerm(c, contract.Seen{HandshakeID: c.Contract.Term().ID, Status: w.term}, when)
		}),
		ofConnection(connection.LookRole, connection.CheckRoleWanted, func(w world, c *con, _ string, when time.Time) []fact.Fact {
			c.Served(connection.LookRole, c.Looks)
			return connection.RoleSeen(c, w.role, when)
		}),
		{EffectChannel, func(l *life) []intent.Want { return l.tr.ChannelWanted() }, setUpChannel},
	}
}

// makingWanted are the demanded conditions that AWS has still to be asked for.
func makingWanted(l *life) (wants []intent.Want) {
	for _, cond := range slices.Sorted(maps.Keys(l.con.Demands)) {
		if slices.Contains(connection.Observed(), cond) {
			continue
		}
		for _, w := range connection.MadeWanted(cond)(l.con) {
			wants = append(wants, intent.Want{Subject: string(cond), At: w.At})
		}
	}
	return wants
}

// sendTerm refuses a term that has nothing to stand on.
func sendTerm(_ world, c *connection.Connection, attempt string, when time.Time) []fact.Fact {
	connection.IntendTerm(c, when)
	if connection.RelationshipID(c) == "" {
		return connection.CreationRefused(c, connection.TermSent, connection.NoRelationship(), when)
	}
	return connection.TermRequested(c, "ch-"+attempt, when)
}

func setUpChannel(w world, l *life, _ string, when time.Time) []fact.Fact {
	id := "chn_" + when.Format(time.RFC3339)
	l.tr.IntendChannel(id)
	l.tr.ChannelRequested()
	if w.channel {
		l.tr.ObserveChannel(id, true, when)
	}
	return nil
}

// sees is what AWS says of an invitation.
func (w world) sees(inv *connection.Invitation) connection.Observation {
	o := connection.Observation{AWSTransferID: inv.AWSTransferID, Status: inv.State, EndsAt: w.endsAt}
	if w.invitation != "" {
		o.Status = w.invitation
	}
	return o
}

// due returns the first effect that is due, with its subject.
func (l *life) due(when time.Time) (*effect, string) {
	for _, e := range effects() {
		for _, w := range e.wanted(l) {
			if !w.At.IsZero() && !w.At.After(when) {
				return &e, w.Subject
			}
		}
	}
	return nil, ""
}

// next is the earliest time at which anything is due; zero for never.
func (l *life) next() time.Time {
	first := l.tr.Next()
	for _, e := range effects() {
		for _, w := range e.wanted(l) {
			if !w.At.IsZero() && (first.IsZero() || w.At.Before(first)) {
				first = w.At
			}
		}
	}
	if at := l.con.Next(); !at.IsZero() && (first.IsZero() || at.Before(first)) {
		first = at
	}
	return first
}

// rest lets the world act until nothing is due, and returns what was done.
func (w world) rest(l *life, when time.Time) (done []string) {
	l.tb.Helper()
	for {
		l.heard(when, l.con.Tick(when))
		l.did(when)(l.tr.Tick(when), nil)
		e, subject := l.due(when)
		if e == nil {
			break
		}
		l.heard(when, e.do(w, l, subject, when))
		if done = append(done, e.name); len(done) > 50 {
			l.tb.Fatalf("it never rests: %v", done)
		}
	}
	if next := l.next(); !next.IsZero() && !next.After(when) {
		l.tb.Fatalf("at %v it rests, and is due at %v", when, next)
	}
	return done
}
