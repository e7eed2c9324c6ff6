package process

import (
	"strings"
	"time"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Statement is what somebody says to complete a step.
type Statement struct {
	Evidence  string   // what proves it: a sentence or a link
	Attached  []string // and files: their ids
	AccountID string   // for the step that asks for it alone
	PayerID   string   // for a step that asks for a payer
	Accounts  []string // for a step that asks for accounts: twelve digits each
}

// Complete says that an open step is done. A customer completes its own steps; Operations completes the others. Its partner and
// Operations complete a customer's on its behalf when there is evidence.
func (p *Process) Complete(key string, st Statement, by call.Actor, now time.Time) ([]fact.Fact, error) {
	s, err := p.Step(key)
	if err != nil {
		return nil, err
	}
	if err := p.mayComplete(s, st, by, now); err != nil {
		return nil, err
	}
	return []fact.Fact{s.attested(st, by, now)}, nil
}

// attested completes a step by a statement, and keeps what it names.
func (s *Step) attested(st Statement, by call.Actor, now time.Time) fact.Fact {
	s.PayerID, s.Accounts, s.Attached = st.PayerID, st.Accounts, st.Attached
	if held := s.Session(); held != nil {
		held.Outcome = HandedOver
	}
	return s.done(by, st.Evidence, now)
}

func (p *Process) mayComplete(s *Step, st Statement, by call.Actor, now time.Time) error {
	switch {
	case s.CompletedBy != Attestation:
		return errs.New(errs.Precondition, ReasonStepNotManual, "step %s completes by what is observed, not by an attestation", s.Key).
			WithRemedy(remedy(s))
	case s.State == Pending:
		return p.GuardClosed(s)
	case s.State != Open:
		return errs.New(errs.Precondition, ReasonStepNotOpen, "step %s is %s", s.Key, s.State)
	case !s.belongsTo(by):
		return notYours(s)
	case s.AsksAccount != (st.AccountID != "") || s.AsksAccount && !ValidAccountID(st.AccountID):
		return AccountIDInvalid()
	case st.Evidence == "" && len(st.Attached) == 0 && (s.EvidenceRequired || s.Owner == Customer && by.Role != "CUSTOMER"):
		return errs.InvalidField("evidence", ReasonEvidenceRequired, "step %s needs evidence", s.Key).
			WithRemedy(errs.Remedy{Who: by.Role, Text: text.New("remedy.evidence")})
	}
	return s.answers(st, now)
}

// belongsTo reports whether the actor may attest the step. An operator may for anybody, a partner for its customer; both for the
// customer with evidence.
func (s *Step) belongsTo(by call.Actor) bool {
	return by.Role == "OPERATOR" || (by.Role == "CUSTOMER" || by.Role == "PARTNER") && s.Owner == Customer
}

func notYours(s *Step) error {
	return errs.New(errs.Denied, ReasonStepNotYours, "step %s is done by %s", s.Key, s.Owner).WithRemedy(remedy(s))
}

// MayAttach refuses a file from somebody whom the step is none of.
func MayAttach(s *Step, by call.Actor) error {
	if s.belongsTo(by) {
		return nil
	}
	return notYours(s)
}

// SkipStep says that a step is not needed. Steps that would complete by its condition alone are the caller's to skip.
func (p *Process) SkipStep(key, reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	s, err := p.operated(key, reason, by)
	switch {
	case err != nil:
		return nil, err
	case s.State.Closed():
		return nil, errs.New(errs.Precondition, ReasonStepNotOpen, "step %s is %s", key, s.State)
	case !s.Skippable:
		return nil, errs.New(errs.Precondition, ReasonStepNotSkippable, "the journey cannot go on without step %s", key).WithRemedy(remedy(s))
	}
	return []fact.Fact{s.skip(reason, by, now)}, nil
}

// RetryStep tries a failed step again, before its time.
func (p *Process) RetryStep(key string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	s, err := p.Step(key)
	switch {
	case err != nil:
		return nil, err
	case by.Role != "OPERATOR":
		return nil, errs.New(errs.Denied, ReasonStepNotYours, "only Operations retries step %s", key)
	case s.State != Broken:
		return nil, errs.New(errs.Precondition, ReasonStepNotFailed, "step %s is %s", key, s.State)
	}
	return []fact.Fact{s.retry(now)}, nil
}

// retry opens a failed step with fresh dates.
func (s *Step) retry(now time.Time) fact.Fact {
	s.begin(now)
	return tell(FactStepRetried, s)
}

// ReopenStep opens a step again that was done or skipped by mistake, and closes what had opened after it. Refused when
// something that a person or a resource has done rests on it: fixed says which conditions are facts that cannot be undone here.
func (p *Process) ReopenStep(key, reason string, fixed func(*Step) bool, by call.Actor, now time.Time) ([]fact.Fact, error) {
	s, err := p.operated(key, reason, by)
	if err != nil {
		return nil, err
	}
	if !s.State.Closed() {
		return nil, errs.New(errs.Precondition, ReasonStepNotClosed, "step %s is %s", key, s.State)
	}
	after := p.after(key)
	rests := s.State == Done && s.CompletedBy != Attestation || fixed(s)
	for _, later := range after {
		rests = rests || fixed(later) || later.State == Done && later.CompletedBy == Attestation
	}
	if rests {
		return nil, errs.New(errs.Precondition, ReasonStepNotReopenable, "later steps rest on step %s, or it is kept done", key).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.reopen-later")})
	}
	for _, later := range after {
		if later.State != Skipped {
			later.reset(Pending)
		}
	}
	facts := []fact.Fact{inWordsOf(by, tell(FactStepReopened, s), reason)}
	if len(p.missing(s)) > 0 {
		s.reset(Pending) // it was skipped before its turn
	} else {
		facts = append(facts, s.open(now))
	}
	s.Reason = reason
	return facts, nil
}

// operated finds a step for a verb of Operations that needs a reason.
func (p *Process) operated(key, reason string, by call.Actor) (*Step, error) {
	s, err := p.Step(key)
	switch {
	case err != nil:
		return nil, err
	case by.Role != "OPERATOR":
		return nil, errs.New(errs.Denied, ReasonStepNotYours, "only Operations can do this to step %s", key)
	case reason == "":
		return nil, errs.InvalidField("reason", ReasonFieldRequired, "say why")
	}
	return s, nil
}

// GuardClosed is the refusal of what needs a step to be open.
func (p *Process) GuardClosed(s *Step) error {
	missing := p.missing(s)
	refusal := errs.New(errs.Precondition, ReasonStepGuardClosed, "step %s waits for %s", s.Key, strings.Join(missing, ", "))
	for _, key := range missing {
		if first, err := p.Step(key); err == nil {
			return refusal.WithRemedy(remedy(first))
		}
	}
	return refusal
}

// remedy is what mends a refusal that a step is the reason of: doing the step.
func remedy(s *Step) errs.Remedy {
	return errs.Remedy{Who: Who(s.Owner), Text: s.Instruction()}
}

// Who says who acts for a party, as refusals name it.
func Who(p Party) string {
	if p == Reseller || p == Platform {
		return "OPERATOR"
	}
	return string(p)
}

// ValidAccountID reports whether s has the form of an AWS account id: twelve digits.
func ValidAccountID(s string) bool { return accountid.Valid(s) }
