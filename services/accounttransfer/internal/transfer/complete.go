package transfer

import (
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Word is what somebody says to complete a step.
type Word struct {
	Evidence        string // what proves it: a sentence or a link
	SourceAccountID string // for the step that asks for it alone
}

// CompleteStep says that an open step is done. A customer completes its own steps; Operations completes the others, and
// a customer's on its behalf when there is evidence.
func (t *Transfer) CompleteStep(key string, w Word, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	s, err := t.Step(key)
	if err != nil {
		return nil, err
	}
	if err := t.mayComplete(s, w, by); err != nil {
		return nil, err
	}
	var facts []fact.Fact
	if s.AsksAccount {
		t.SourceAccountID = w.SourceAccountID
		facts = append(facts, tell(FactAccountEntered, "The management account was entered.", "source_account_id", w.SourceAccountID))
	}
	facts = append(facts, t.done(s, by, w.Evidence, now)...)
	return append(facts, t.advance(now)...), nil
}

func (t *Transfer) mayComplete(s *Step, w Word, by call.Actor) error {
	switch {
	case s.CompletedBy != Manual:
		return errs.New(errs.Precondition, ReasonStepNotManual, "step %s completes by what is observed, not by anybody's word", s.Key).
			WithRemedy(t.remedy(s))
	case s.State == Pending:
		return t.guardClosed(s)
	case s.State != Open:
		return errs.New(errs.Precondition, ReasonStepNotOpen, "step %s is %s", s.Key, s.State)
	case !s.belongsTo(by):
		return errs.New(errs.Denied, ReasonStepNotYours, "step %s is done by %s", s.Key, s.Owner).WithRemedy(t.remedy(s))
	case s.AsksAccount != (w.SourceAccountID != "") || s.AsksAccount && !ValidAccountID(w.SourceAccountID):
		return accountIDInvalid()
	case w.Evidence == "" && (s.EvidenceRequired || s.Owner == Customer && by.Role != "CUSTOMER"):
		return errs.InvalidField("evidence", ReasonEvidenceRequired, "step %s needs evidence", s.Key).
			WithRemedy(errs.Remedy{Who: by.Role, Text: text.Plain("Say what proves that it was done: a sentence or a link.", "TransferService.CompleteStep")})
	}
	return nil
}

// belongsTo reports whether the actor may give its word for the step. An operator may for anybody; for the customer it
// needs evidence.
func (s *Step) belongsTo(by call.Actor) bool {
	return by.Role == "OPERATOR" || by.Role == "CUSTOMER" && s.Owner == Customer
}

// SkipStep says that a step is not needed.
func (t *Transfer) SkipStep(key, reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	s, err := t.operated(key, reason, by)
	if err != nil {
		return nil, err
	}
	switch {
	case s.State.closed():
		return nil, errs.New(errs.Precondition, ReasonStepNotOpen, "step %s is %s", key, s.State)
	case !s.Skippable:
		return nil, errs.New(errs.Precondition, ReasonStepNotSkippable, "the journey cannot go on without step %s", key).
			WithRemedy(t.remedy(s))
	}
	facts := []fact.Fact{s.skip(reason, by, now)}
	if accept := t.stepFor(TermAccepted); s.CompletedBy == TermSent && accept != nil && !accept.State.closed() {
		facts = append(facts, accept.skip(reason, by, now)) // there is nothing to accept
	}
	return append(facts, t.advance(now)...), nil
}

// skip closes a step without its being done. A zero actor means that the suite does so by a rule.
func (s *Step) skip(reason string, by call.Actor, now time.Time) fact.Fact {
	s.reset(Skipped)
	s.DoneAt, s.DoneBy, s.Reason = now, by, reason
	return inWordsOf(by, tell(FactStepSkipped, s.Title+": not needed.", "step", s.Key), reason)
}

// operated finds a step for a verb of Operations that needs a reason.
func (t *Transfer) operated(key, reason string, by call.Actor) (*Step, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	s, err := t.Step(key)
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

func (t *Transfer) guardClosed(s *Step) error {
	missing := t.missing(s)
	refusal := errs.New(errs.Precondition, ReasonStepGuardClosed, "step %s waits for %s", s.Key, strings.Join(missing, ", "))
	for _, key := range missing {
		if first, err := t.Step(key); err == nil {
			return refusal.WithRemedy(t.remedy(first))
		}
	}
	return refusal
}

// remedy is what mends a refusal that a step is the reason of: doing the step.
func (t *Transfer) remedy(s *Step) errs.Remedy {
	what, where := t.Told(s)
	return errs.Remedy{Who: remedyFor(s.Owner), Text: text.Plain(what, where)}
}

// remedyFor says who acts for a party, as refusals name it.
func remedyFor(p Party) string {
	if p == Reseller || p == Platform {
		return "OPERATOR"
	}
	return string(p)
}
