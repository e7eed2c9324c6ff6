package transfer

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// FlagRolesMissing is the open matter of a customer whose support does not need the Bootstrap Role, and who has not
// deployed it.
const FlagRolesMissing = "roles missing"

// Matter is something open that does not stop the transfer. People follow it in a case, which may outlive the transfer.
type Matter struct {
	Flag   string   `json:"flag"`
	CaseID string   `json:"case_id"`          // chosen before support is asked
	Opened bool     `json:"opened,omitempty"` // support has the case
	Ask    Patience `json:"ask,omitzero"`
}

// Flags returns the open matters, for people.
func (t *Transfer) Flags() []string {
	var flags []string
	for _, m := range t.Matters {
		flags = append(flags, m.Flag)
	}
	return flags
}

// RolesOverdue goes on without the Bootstrap Role, because somebody else supports, and leaves the matter to a case of
// this id. It changes nothing when the role is not overdue (any more).
func (t *Transfer) RolesOverdue(caseID string, now time.Time) ([]fact.Fact, error) {
	s := t.work(RoleDeployed)
	if s == nil || s.Overdue || !due(s.DueAt, now) || !t.lookedAfterDue(s) || t.SupportModel == PartnerLed {
		return nil, nil
	}
	t.Matters = append(t.Matters, Matter{Flag: FlagRolesMissing, CaseID: caseID})
	facts := []fact.Fact{internally(tell(FactFlagged, "The Bootstrap Role is missing; the transfer goes on without it.", "flag", FlagRolesMissing, "case_id", caseID))}
	facts = append(facts, s.skip("the Bootstrap Role was not deployed in time; support does not need it", call.Actor{}, now))
	return append(facts, t.advance(now)...), nil
}

// Matter returns the open matter of a case; nil when there is none.
func (t *Transfer) Matter(caseID string) *Matter {
	i := slices.IndexFunc(t.Matters, func(m Matter) bool { return m.CaseID == caseID })
	if i < 0 {
		return nil
	}
	return &t.Matters[i]
}

// CaseOpened notes that support has the case of a matter.
func (t *Transfer) CaseOpened(caseID string) ([]fact.Fact, error) {
	if m := t.Matter(caseID); m != nil {
		m.Opened, m.Ask = true, Patience{}
	}
	return nil, nil
}

// CaseNotOpened notes that support did not answer, or will not for now.
func (t *Transfer) CaseNotOpened(caseID string, why Absence, now time.Time) ([]fact.Fact, error) {
	if m := t.Matter(caseID); m != nil {
		m.Ask.wait(why, now)
	}
	return nil, nil
}

// matterTimers is due for roles that are overdue, and for every case that support has not got yet: also after the end
// of the transfer.
func (t *Transfer) matterTimers() []timer {
	var timers []timer
	if s := t.work(RoleDeployed); s != nil && t.SupportModel != PartnerLed && !s.DueAt.IsZero() && !s.Overdue && t.lookedAfterDue(s) {
		timers = append(timers, timer{at: s.DueAt, kind: FlagRoles})
	}
	for _, m := range t.Matters {
		if !m.Opened {
			timers = append(timers, timer{at: m.Ask.next(), kind: OpenCase, id: m.CaseID})
		}
	}
	return timers
}
