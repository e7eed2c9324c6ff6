package transfer

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// ReopenStep opens a step again that was done or skipped by mistake, and closes what had opened after it. Refused when
// something that AWS or a person has done rests on it.
func (t *Transfer) ReopenStep(key, reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	s, err := t.operated(key, reason, by)
	if err != nil {
		return nil, err
	}
	if !s.State.closed() {
		return nil, errs.New(errs.Precondition, ReasonStepNotClosed, "step %s is %s", key, s.State)
	}
	after := t.after(key)
	unsent := s.CompletedBy == TermAccepted && t.pending() == nil // there is nothing to accept
	if s.State == Done && s.CompletedBy != Manual || unsent || slices.ContainsFunc(after, t.restsOn) {
		return nil, errs.New(errs.Precondition, ReasonStepNotReopenable, "later steps rest on step %s, or AWS keeps it done", key).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Reopen the later steps first; what AWS holds is ended by cancelling the transfer.", "TransferService.ReopenStep, TransferService.CancelTransfer")})
	}
	for _, later := range after {
		if later.State != Skipped {
			later.reset(Pending)
		}
	}
	facts := []fact.Fact{inWordsOf(by, tell(FactStepReopened, s.Title+": to be done again.", "step", key), reason)}
	if len(t.missing(s)) > 0 {
		s.reset(Pending) // it was skipped before its time
	} else {
		facts = append(facts, s.open(now))
	}
	s.Reason = reason
	return facts, nil
}

// restsOn reports whether a later step holds something that reopening would throw away: somebody's word, or an
// invitation that AWS has or may have.
func (t *Transfer) restsOn(later *Step) bool {
	if later.CompletedBy == InvitationSent && t.outstanding() != nil {
		return true
	}
	return later.State == Done && later.CompletedBy != ValidationPassed
}

// after returns the steps that need a step, directly or through others.
func (t *Transfer) after(key string) []*Step {
	need := map[string]bool{key: true}
	var steps []*Step
	for i := range t.Steps { // requirements point backwards, so that one pass finds all
		s := &t.Steps[i]
		if slices.ContainsFunc(s.Requires, func(r string) bool { return need[r] }) {
			need[s.Key] = true
			steps = append(steps, s)
		}
	}
	return steps
}

// RetryStep tries a failed step again, before its time.
func (t *Transfer) RetryStep(key string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	s, err := t.Step(key)
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
	return tell(FactStepRetried, s.Title+": tried again.", "step", s.Key)
}
