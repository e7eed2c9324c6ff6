package journey

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// people is everything that people can do to a journey.
func people() []doing {
	all := []doing{
		{"Cancel", func(l *life, when time.Time) ([]fact.Fact, error) { return l.tr.Cancel("no", operator(), when), nil }},
		{"Decide withdraw", func(l *life, when time.Time) ([]fact.Fact, error) {
			return l.tr.Decide(l.con, withdrawal(), operator(), when)
		}},
		{"Decide keep", func(l *life, when time.Time) ([]fact.Fact, error) {
			return l.tr.Decide(l.con, keeping(), operator(), when)
		}},
		{"Reinvite", func(l *life, when time.Time) ([]fact.Fact, error) { return l.tr.Reinvite(l.con, time.Time{}, when) }},
		{"AskCheck", func(l *life, _ time.Time) ([]fact.Fact, error) { return l.con.AskCheck() }},
		{"Tick", func(l *life, when time.Time) ([]fact.Fact, error) {
			l.con.Tick(when)
			return append(l.tr.Tick(when), fact.Fact{}), nil
		}},
	}
	j, _ := templates.Find("billing-transfer-existing")
	for _, s := range append(j.Steps, process.TemplateStep{Key: "no-such-step"}) {
		for _, by := range []call.Actor{person(), operator()} {
			all = append(all,
				doing{"complete " + s.Key, func(l *life, when time.Time) ([]fact.Fact, error) {
					return l.tr.CompleteStep(s.Key, process.Statement{Evidence: "seen"}, by, when)
				}},
				doing{"skip " + s.Key, func(l *life, when time.Time) ([]fact.Fact, error) { return l.tr.SkipStep(s.Key, "no", by, when) }},
				doing{"reopen " + s.Key, func(l *life, when time.Time) ([]fact.Fact, error) {
					return l.tr.ReopenStep(l.con, s.Key, "yes", by, when)
				}},
				doing{"retry " + s.Key, func(l *life, when time.Time) ([]fact.Fact, error) { return l.tr.RetryStep(l.con, s.Key, by, when) }},
			)
		}
	}
	return all
}

// events is everything that AWS and support can answer or do.
func events() []happening {
	all := []happening{
		{"ask", func(l *life, when time.Time) []fact.Fact {
			if wants := connection.InviteWanted(l.con); len(wants) > 0 && !wants[0].At.IsZero() && !wants[0].At.After(when) {
				l.con.Intents.Begin(connection.EffectInvite, wants[0].Subject, "")
				return l.con.Invite(when)
			}
			return nil
		}},
		invitation("answered", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.Answered(c, attempt, connection.Answer{AWSTransferID: "rt-" + attempt, AWSHandshakeID: "h-" + attempt}, when)
		}),
		invitation("refused", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.InviteRefused(c, attempt, connection.Judge("PAST_DUE_INVOICE"), when)
		}),
		invitation("refused for a later start", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.InviteRefused(c, attempt, connection.Judge("START_DATE_TOO_EARLY"), when)
		}),
		invitation("looked up, none", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.LookedUp(c, attempt, nil, when)
		}),
		invitation("looked up, accepted", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.LookedUp(c, attempt, &connection.Found{
				Answer: answer("rt-" + attempt), Name: c.Attempt(attempt).Name, Status: connection.Accepted,
			}, when)
		}),
		invitation("duplicated by nobody", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.Duplicated(c, attempt, nil, when)
		}),
		invitation("duplicated by the first", func(c *connection.Connection, attempt string, when time.Time) []fact.Fact {
			return connection.Duplicated(c, attempt, &connection.Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: connection.Requested}, when)
		}),
		{"not sent", func(l *life, _ time.Time) []fact.Fact {
			for _, i := range l.con.Intents {
				i.Asked = false
			}
			return nil
		}},
		{"channel", func(l *life, when time.Time) []fact.Fact {
			l.tr.IntendChannel("chn_1")
			return l.tr.ObserveChannel("chn_1", true, when)
		}},
		{"no channel", func(l *life, when time.Time) []fact.Fact { return l.tr.NoChannel(when) }},
		{"the first group", func(l *life, when time.Time) []fact.Fact {
			if len(connection.MadeWanted(connection.GroupCreated)(l.con)) == 0 {
				return nil
			}
			return connection.MadeAs(l.con, connection.GroupCreated, "", "arn", when)
		}},
	}
	for _, s := range []connection.InvitationState{
		connection.Requested, connection.Accepted, connection.Declined, connection.Canceled, connection.Expired, connection.Withdrawn,
	} {
		all = append(all, happening{"observe " + string(s), func(l *life, when time.Time) []fact.Fact {
			inv := l.con.Outstanding()
			if inv == nil {
				inv = l.con.Current()
			}
			if inv == nil {
				return nil
			}
			return l.con.Observe(connection.Observation{AWSTransferID: inv.AWSTransferID, Status: s}, when)
		}})
	}
	for _, s := range []contract.State{contract.Pending, contract.Accepted, contract.Rejected, contract.Canceled, contract.Expired} {
		all = append(all,
			happening{"term " + string(s), func(l *life, when time.Time) []fact.Fact { return worldOf(s).act(l, when) }},
			happening{"revocation " + string(s), func(l *life, when time.Time) []fact.Fact {
				return connection.ObserveRevocation(l.con, contract.Seen{HandshakeID: "ch-9", Status: s}, when)
			}},
		)
	}
	for _, s := range []access.State{access.Missing, access.Unsafe, access.Safe} {
		all = append(all, happening{"role " + string(s), func(l *life, when time.Time) []fact.Fact {
			if len(connection.CheckRoleWanted(l.con)) == 0 {
				return nil
			}
			return connection.RoleSeen(l.con, s, when)
		}})
	}
	return append(all, creationsRefused()...)
}

func creationsRefused() (all []happening) {
	for _, cond := range []process.Condition{connection.GroupCreated, connection.RelationCreated, connection.TermSent} {
		all = append(all, happening{"refused " + string(cond), func(l *life, when time.Time) []fact.Fact {
			return connection.CreationRefused(l.con, cond, connection.NoProgramAccount(), when)
		}})
	}
	return append(all,
		happening{"withdrawal refused", func(l *life, when time.Time) []fact.Fact {
			return connection.WithdrawalRefused(l.con, connection.InvalidEndDate, when)
		}},
		happening{"withdrawal too early", func(l *life, when time.Time) []fact.Fact {
			return connection.WithdrawalRefused(l.con, connection.EndDateTooEarly, when)
		}},
		happening{"revocation not taken back", func(l *life, when time.Time) []fact.Fact {
			return connection.RevocationCancelRefused(l.con, when)
		}},
		happening{"revocation not sent", func(l *life, _ time.Time) []fact.Fact { connection.RevocationRefused(l.con); return nil }},
		happening{"term not taken back", func(l *life, when time.Time) []fact.Fact {
			return connection.TermCancelRefused(l.con, when)
		}},
	)
}

// invitation answers the invitation that AWS was asked for, when there is one.
func invitation(name string, do func(*connection.Connection, string, time.Time) []fact.Fact) happening {
	return happening{"invitation " + name, func(l *life, when time.Time) []fact.Fact {
		open := l.con.Intents.Open(connection.EffectInvite)
		if len(open) == 0 {
			return nil
		}
		return do(l.settled(open[0]), open[0], when)
	}}
}

func worldOf(s contract.State) world {
	return world{term: s, revocation: s, role: access.Missing}
}

// act does the first effect that is due but for invitations.
func (w world) act(l *life, when time.Time) []fact.Fact {
	e, subject := l.due(when)
	if e == nil || e.name == connection.EffectInvite || e.name == EffectChannel {
		return nil
	}
	return e.do(w, l, subject, when)
}
