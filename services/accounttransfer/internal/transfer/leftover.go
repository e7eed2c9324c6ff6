package transfer

// leftover returns the service term that the customer could still accept after a transfer has ended without success; nil
// when there is none.
func (t *Transfer) leftover() *ServiceTerm {
	if t.State != Failed && t.State != Cancelled {
		return nil
	}
	if term := t.pending(); term != nil && !term.Left {
		return term
	}
	return nil
}

// termUnanswered reports whether AWS was asked for a term and its answer is not known.
func (t *Transfer) termUnanswered() bool {
	term := t.Term()
	return term != nil && term.Asked && t.State != Completed
}

// leftoverTimers take back, after the end, what the customer could still accept.
func (t *Transfer) leftoverTimers() []timer {
	if !t.State.Ended() {
		return nil
	}
	if t.termUnanswered() {
		return []timer{{at: immediately, kind: LookUpCreation, step: t.stepFor(TermSent)}}
	}
	term := t.leftover()
	switch {
	case term == nil:
		return nil
	case term.CancelSentAt.IsZero():
		return []timer{{at: immediately, kind: CancelTerm}}
	}
	return []timer{{at: beat(term.SeenAt, term.CancelSentAt), kind: CancelTerm}}
}
