package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// contractVerbs are what can happen after the acceptance. What AWS or another service says can come at any time, so that
// most of them are refused nowhere.
func contractVerbs() []verb {
	all := []verb{
		{name: "ObserveTerm accepted", after: true, do: observeTerm(TermAgreed)},
		{name: "ObserveTerm rejected", after: true, do: observeTerm(TermRejected)},
		{name: "ObserveTerm expired", after: true, do: observeTerm(TermExpired)},
		{name: "ObserveTerm pending", after: true, do: observeTerm(TermPending)},
		{name: "RoleSeen missing", do: func(t *Transfer) ([]fact.Fact, error) { return t.RoleSeen(RoleMissing, now().Add(4*day)) }},
		{name: "RoleSeen unsafe", do: func(t *Transfer) ([]fact.Fact, error) { return t.RoleSeen(RoleUnsafe, now()) }},
		{name: "RoleSeen safe", do: func(t *Transfer) ([]fact.Fact, error) { return t.RoleSeen(RoleSafe, now()) }},
		{name: "RolesOverdue", do: func(t *Transfer) ([]fact.Fact, error) { return t.RolesOverdue("cas_1", now().Add(5*day)) }},
		{name: "NoChannel", do: func(t *Transfer) ([]fact.Fact, error) { return t.NoChannel(now()) }},
		{name: "ChannelRequested", do: func(t *Transfer) ([]fact.Fact, error) { return t.ChannelRequested("chn_1") }},
		{name: "ChannelNotRequested", do: func(t *Transfer) ([]fact.Fact, error) { return t.ChannelNotRequested("chn_1", Away, now()) }},
		{name: "ObserveChannel ready", do: func(t *Transfer) ([]fact.Fact, error) { return t.ObserveChannel("chn_1", true, now()) }},
		{name: "ObserveChannel failed", do: func(t *Transfer) ([]fact.Fact, error) { return t.ObserveChannel("chn_1", false, now()) }},
		{name: "IntendChannel", do: func(t *Transfer) ([]fact.Fact, error) { return t.IntendChannel("chn_1") }, may: true},
		{name: "CaseOpened", do: func(t *Transfer) ([]fact.Fact, error) { return t.CaseOpened("cas_1") }, after: true},
		{name: "CaseNotOpened", do: func(t *Transfer) ([]fact.Fact, error) { return t.CaseNotOpened("cas_1", Refuses, now()) }, after: true},
	}
	for _, c := range creations() {
		all = append(all,
			verb{name: "Intend " + string(c), do: func(t *Transfer) ([]fact.Fact, error) { return t.Intend(c, now()) }, may: true},
			verb{name: "Created " + string(c), after: c == TermSent, do: func(t *Transfer) ([]fact.Fact, error) { return t.Created(c, idAtAWS(t, c), now()) }, may: true},
			verb{name: "NotCreated " + string(c), after: c == TermSent, do: func(t *Transfer) ([]fact.Fact, error) { return t.NotCreated(c) }, may: true},
			verb{name: "CreationRefused " + string(c), after: c == TermSent, do: func(t *Transfer) ([]fact.Fact, error) { return t.CreationRefused(c, NoProgramAccount(), now()) }},
		)
	}
	for _, key := range []string{"accept-invitation", "accept-service-term", "deploy-roles"} {
		all = append(all, reminderVerbs(key, "rem_"+key)...)
	}
	return all
}

func reminderVerbs(key, id string) []verb {
	return []verb{
		{name: "IntendReminder " + key, do: func(t *Transfer) ([]fact.Fact, error) { return t.IntendReminder(key, id) }, may: true},
		{name: "ReminderPlanned " + key, do: func(t *Transfer) ([]fact.Fact, error) { return t.ReminderPlanned(key, id) }, after: true},
		{name: "ReminderNotPlanned " + key, do: func(t *Transfer) ([]fact.Fact, error) { return t.ReminderNotPlanned(key, id, Away, now()) }, after: true},
		{name: "ReminderStopped " + key, do: func(t *Transfer) ([]fact.Fact, error) { return t.ReminderStopped(key, id) }, after: true},
		{name: "ReminderNotStopped " + key, do: func(t *Transfer) ([]fact.Fact, error) { return t.ReminderNotStopped(key, id, Away, now()) }, after: true},
	}
}

func observeTerm(s TermState) func(*Transfer) ([]fact.Fact, error) {
	return func(t *Transfer) ([]fact.Fact, error) {
		id := "ch-1"
		if term := t.Term(); term != nil && term.ID != "" {
			id = term.ID
		}
		return t.ObserveTerm(TermSeen{HandshakeID: id, Status: s, EndAt: now().Add(300 * day).Truncate(time.Second)}, now())
	}
}
