package process

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Target is what a session hands over.
type Target string

// The targets.
const (
	Linked Target = "LINKED" // the linked accounts
	Master Target = "MASTER" // the master account, and with it its organization
)

// SessionOutcome is what came of a session.
type SessionOutcome string

// The outcomes; empty: it is still to come, or nobody has said.
const (
	HandedOver SessionOutcome = "HANDED_OVER"
	NotHeld    SessionOutcome = "NOT_HELD" // another one was scheduled in its place
)

// Session is a screen-sharing session in which people hand something over.
type Session struct {
	At        time.Time      `json:"at"`
	Attendees []string       `json:"attendees"` // ids of people, never names
	Target    Target         `json:"target"`
	Outcome   SessionOutcome `json:"outcome,omitempty"`
}

// keptSessions is how many sessions of one step are remembered.
const keptSessions = 20

// graceOfSession is how long after a session its outcome may take before the wait is escalated.
const graceOfSession = 24 * time.Hour

// furthestSession is how far ahead a session may be planned.
const furthestSession = 60 * 24 * time.Hour

// Session returns the session that counts, the last one; nil when none was scheduled.
func (s *Step) Session() *Session {
	if len(s.Sessions) == 0 {
		return nil
	}
	return &s.Sessions[len(s.Sessions)-1]
}

// ScheduleSession plans the session of a step, or another one in place of the last, which was not held. Until a day after it
// nobody is told that the step takes long. Refused with SESSION_PAST, and with EVIDENCE_WRONG for a step that has no session.
func ScheduleSession(
	p *Process, key string, at time.Time, attendees []string, by call.Actor, now time.Time,
) ([]fact.Fact, error) {
	s, err := p.Step(key)
	switch {
	case err != nil:
		return nil, err
	case by.Role != "OPERATOR":
		return nil, errs.New(errs.Denied, ReasonStepNotYours, "only Operations schedules a session")
	case s.Asks != AsksSession:
		return nil, errs.InvalidField("step_key", ReasonEvidenceWrong, "step %s has no session", key)
	case s.State == Pending:
		return nil, p.GuardClosed(s)
	case s.State != Open:
		return nil, errs.New(errs.Precondition, ReasonStepNotOpen, "step %s is %s", key, s.State)
	case at.IsZero():
		return nil, errs.InvalidField("start_time", ReasonFieldRequired, "say when the session begins")
	case at.Before(now):
		return nil, errs.InvalidField("start_time", ReasonSessionPast, "the session would have been before now")
	case at.After(now.Add(furthestSession)): // until then the step would wait with nobody told
		return nil, errs.InvalidField("start_time", "REQUEST_INVALID", "a session is at most %d days away", furthestSession/(24*time.Hour))
	}
	if before := s.Session(); before != nil {
		before.Outcome = NotHeld
	}
	s.Sessions = append(s.Sessions, Session{At: at, Attendees: attendees, Target: s.Target})
	s.Sessions = s.Sessions[max(0, len(s.Sessions)-keptSessions):]
	s.Told = text.New("step."+key+".scheduled", "start", at.Format(time.RFC3339))
	s.EscalateAt, s.Escalated = at.Add(graceOfSession), false
	return []fact.Fact{tell(FactSessionScheduled, s, "start", at.Format(time.RFC3339))}, nil
}

// answers refuses a statement that does not name what the step asks for, or names something else.
func (s *Step) answers(st Statement, now time.Time) error {
	wrong := errs.New(errs.Invalid, ReasonEvidenceWrong, "the evidence does not fit step %s", s.Key).WithRemedy(remedy(s))
	if !s.AsksPayer && (st.PayerID != "") != (s.Asks == AsksPayer) {
		wrong = wrong.WithField("payer_id", ReasonEvidenceWrong, "is named for the step that makes the payer, and for no other")
	}
	if (len(st.Accounts) > 0) != (s.Asks == AsksAccounts) {
		wrong = wrong.WithField("account_ids", ReasonEvidenceWrong, "are named for the step that is done for accounts, and for no other")
	}
	if slices.ContainsFunc(st.Accounts, func(id string) bool { return !ValidAccountID(id) }) {
		wrong = wrong.WithField("account_ids", ReasonAccountIDInvalid, "the id of an account has twelve digits")
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	if held := s.Session(); s.Asks == AsksSession && (held == nil || held.At.After(now)) {
		return errs.New(errs.Precondition, ReasonSessionRequired, "step %s is done in a session, and none was held", s.Key).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.session")})
	}
	if s.AsksPayer && st.PayerID == "" {
		return errs.InvalidField("payer_id", ReasonPayerRequired, "name the payer whose organization the accounts are in").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.payer-required")})
	}
	return nil
}

// notFor is the reason by which a rule skips a step that is only for journeys of a trait.
func notFor(t Trait) string {
	if t == PublicSector {
		return "only for customers of the public sector"
	}
	return "only for " + string(t)
}
