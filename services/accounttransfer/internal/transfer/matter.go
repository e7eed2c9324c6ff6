package transfer

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// FlagRolesMissing is the open matter of a customer whose support does not need the Bootstrap Role, and who has not
// deployed it.
const FlagRolesMissing = "ROLES_MISSING"

// FlagRoleUnsafe is the open matter of a role that lets in whoever knows its name. It is never left at that.
const FlagRoleUnsafe = "ROLE_UNSAFE"

// Matter is something open that does not stop the transfer. People follow it in a case, which may outlive the transfer.
type Matter struct {
	Flag   string   `json:"flag"`
	CaseID string   `json:"case_id"`          // chosen before support is asked
	Opened bool     `json:"opened,omitempty"` // support has the case
	Over   bool     `json:"over,omitempty"`   // the matter is settled, and its case is to be resolved
	Ask    Patience `json:"ask,omitzero"`
}

// Flags returns the open matters, for people.
func (t *Transfer) Flags() []string {
	var flags []string
	for _, m := range t.openMatters() {
		flags = append(flags, m.Flag)
	}
	return flags
}

func (t *Transfer) openMatters() []Matter {
	return slices.DeleteFunc(slices.Clone(t.Matters), func(m Matter) bool { return m.Over })
}

// RolesOverdue goes on without the Bootstrap Role, because somebody else supports, and leaves the matter to a case of
// this id. A role that anybody can enter is not left at that: its step fails until it is mended. It changes nothing when
// the role is not overdue (any more).
func (t *Transfer) RolesOverdue(caseID string, now time.Time) ([]fact.Fact, error) {
	s := t.work(RoleDeployed)
	if s == nil || s.Overdue || !due(s.DueAt, now) || !t.lookedAfterDue(s) || t.SupportModel == PartnerLed {
		return nil, nil
	}
	if t.Role != nil && t.Role.State == RoleUnsafe {
		return t.roleUnsafe(s, caseID, now), nil
	}
	facts := t.flag(FlagRolesMissing, "The Bootstrap Role is missing; the transfer goes on without it.", caseID)
	facts = append(facts, s.skip("the Bootstrap Role was not deployed in time; support does not need it", call.Actor{}, now))
	return append(facts, t.advance(now)...), nil
}

// roleUnsafe stops at a role that anybody can enter.
func (t *Transfer) roleUnsafe(s *Step, caseID string, now time.Time) []fact.Fact {
	s.Overdue = true
	_, where := t.Told(s)
	facts := t.flag(FlagRoleUnsafe, "The Bootstrap Role can be entered by anybody, and was not mended in time.", caseID)
	return append(facts, t.broken(s, Failure{CodeRolesMissing, "the Bootstrap Role can be entered by anybody who knows its name"},
		Blocked{Owner: Customer, What: unsafeRole, Where: where}, now)...)
}

// flag opens a matter; one that is open already has its case.
func (t *Transfer) flag(flag, note, caseID string) []fact.Fact {
	if slices.Contains(t.Flags(), flag) {
		return nil
	}
	t.Matters = append(t.Matters, Matter{Flag: flag, CaseID: caseID})
	return []fact.Fact{internally(tell(FactFlagged, note, "flag", flag, "case_id", caseID))}
}

// settleMatters ends every open matter: all are about the role. Their cases are still to be resolved.
func (t *Transfer) settleMatters() {
	for i := range t.Matters {
		t.Matters[i].Over, t.Matters[i].Ask = true, Patience{}
	}
}

// CaseClosed notes that support knows that a matter is settled, or that it has no such case to resolve any more.
func (t *Transfer) CaseClosed(caseID string) ([]fact.Fact, error) {
	t.Matters = slices.DeleteFunc(t.Matters, func(m Matter) bool { return m.CaseID == caseID && m.Over })
	return nil, nil
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

// CaseNotOpened notes that support did not open, or did not resolve, the case: it did not answer, or will not for now.
func (t *Transfer) CaseNotOpened(caseID string, why Absence, now time.Time) ([]fact.Fact, error) {
	if m := t.Matter(caseID); m != nil {
		m.Ask.wait(why, now)
	}
	return nil, nil
}

// matterTimers is due for roles that are overdue, and for every case that support has not got yet, or does not know to
// be settled: also after the end of the transfer.
func (t *Transfer) matterTimers() []timer {
	var timers []timer
	if s := t.work(RoleDeployed); s != nil && t.SupportModel != PartnerLed && !s.DueAt.IsZero() && !s.Overdue && t.lookedAfterDue(s) {
		timers = append(timers, timer{at: s.DueAt, kind: FlagRoles})
	}
	for _, m := range t.Matters {
		switch {
		case m.Over:
			timers = append(timers, timer{at: m.Ask.next(), kind: CloseCase, id: m.CaseID})
		case !m.Opened:
			timers = append(timers, timer{at: m.Ask.next(), kind: OpenCase, id: m.CaseID})
		}
	}
	return timers
}
