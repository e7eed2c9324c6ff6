package transfer

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// TermState is where a service term stands.
type TermState string

// The states of a service term. All but the first two are never left.
const (
	TermPrepared TermState = "PREPARED" // intended; not known to be sent
	TermPending  TermState = "PENDING"  // AWS has it; the customer must answer
	TermAgreed   TermState = "ACCEPTED"
	TermRejected TermState = "REJECTED"
	TermCanceled TermState = "CANCELED"
	TermExpired  TermState = "EXPIRED"
)

// longestTerm is the longest fixed period that AWS enforces. Twelve cycles, counted from an acceptance in the month
// before their start, are longer: the commitment then ends later than what AWS enforces of it.
const longestTerm = 365 * day

// mailTakes is how long AWS's mail with a service term may be on its way (XFR-BT-05).
const mailTakes = 15 * time.Minute

// longestListed is longer than a service term waits for its answer. One that AWS does not list after it has expired.
const longestListed = 45 * day

// ServiceTerm is one handshake in Partner Central that carries the minimum term.
type ServiceTerm struct {
	Creation
	Attempt       int       `json:"attempt"` // from 1
	State         TermState `json:"state"`
	IntendedAt    time.Time `json:"intended_at,omitzero"`    // AWS cannot have it from before
	EndAt         time.Time `json:"end_at,omitzero"`         // first instant that AWS does not enforce; zero: computed when it is sent
	CommitmentEnd time.Time `json:"commitment_end,omitzero"` // first instant after the twelve cycles (BIL-002)
	RespondedAt   time.Time `json:"responded_at,omitzero"`   // answered, or ended otherwise
	CheckedAt     time.Time `json:"checked_at,omitzero"`     // when AWS last told its state
	CancelSentAt  time.Time `json:"cancel_sent_at,omitzero"` // when AWS was last asked to take it back
	Left          bool      `json:"left,omitempty"`          // AWS does not let us take it back
}

// TermSeen is a service term as AWS lists it.
type TermSeen struct {
	HandshakeID string
	Status      TermState // empty: AWS does not list it
	EndAt       time.Time // zero: it did not say
	CreatedAt   time.Time // zero: it did not say
}

// Term returns the service term that counts, the last one; nil when there is none.
func (t *Transfer) Term() *ServiceTerm {
	if len(t.Terms) == 0 {
		return nil
	}
	return &t.Terms[len(t.Terms)-1]
}

// planTerm sets the term that is sent next. One that was sent and may be lost keeps its end, because AWS takes a
// repetition for the same only when it is the same.
func (t *Transfer) planTerm(now time.Time) {
	term, attempt := t.Term(), 1
	if term != nil {
		attempt = term.Attempt + 1
	}
	if term == nil || term.State != TermPrepared {
		t.Terms = append(t.Terms, ServiceTerm{Attempt: attempt, State: TermPrepared})
		term = t.Term()
	}
	if !term.EndAt.IsZero() {
		return
	}
	term.Token = t.token("service-term-" + number(term.Attempt))
	term.IntendedAt = now
	term.CommitmentEnd = calendar.MonthOf(t.EffectiveAt()).AddMonths(t.Policy.Cycles).Start()
	term.EndAt = term.CommitmentEnd
	if longest := now.Add(longestTerm).Truncate(time.Second); longest.Before(term.EndAt) {
		term.EndAt = longest
	}
}

// renewTerm makes of a term that AWS refused to send another one, with another end.
func (t *Transfer) renewTerm() {
	if term := t.Term(); term != nil && term.State == TermPrepared && !term.EndAt.IsZero() {
		term.Attempt++
		term.EndAt = time.Time{}
	}
}

// clockSlack is how far AWS's clock may be behind ours.
const clockSlack = 5 * time.Minute

// UnknownTerm returns the id of the newest open or accepted term of a list that can only be the one we intend; "" when
// there is none. AWS keeps no name of a term, and a customer who comes back has those of an earlier contract on the same
// relationship: ours ends when we said, and is no older than our intent.
func (t *Transfer) UnknownTerm(seen []TermSeen) string {
	term := t.Term()
	if term == nil {
		return ""
	}
	since := term.IntendedAt.Add(-clockSlack)
	for _, s := range slices.Backward(seen) {
		known := slices.ContainsFunc(t.Terms, func(term ServiceTerm) bool { return term.ID == s.HandshakeID })
		ours := s.EndAt.Equal(term.EndAt) && !s.CreatedAt.Before(since)
		if !known && ours && (s.Status == TermPending || s.Status == TermAgreed) {
			return s.HandshakeID
		}
	}
	return ""
}

// ObserveTerm brings a service term to what AWS says. The same again and a term that is unknown change nothing but the
// time of the last look. A term that was not accepted is Operations' to send again, or to go on without: a relationship
// without a term is still one.
func (t *Transfer) ObserveTerm(seen TermSeen, now time.Time) ([]fact.Fact, error) {
	i := slices.IndexFunc(t.Terms, func(term ServiceTerm) bool { return term.ID != "" && term.ID == seen.HandshakeID })
	if i < 0 || t.State.Ended() && t.leftover() != &t.Terms[i] {
		return nil, nil
	}
	term := &t.Terms[i]
	term.CheckedAt = now
	if seen.Status == "" && now.Sub(term.SeenAt) > longestListed {
		seen.Status = TermExpired
	}
	if term.State != TermPending || !seen.Status.answers() {
		return nil, nil
	}
	term.State, term.RespondedAt = seen.Status, now
	if !seen.EndAt.IsZero() {
		term.EndAt = seen.EndAt
	}
	if t.State.Ended() {
		return []fact.Fact{internally(tell(FactTermRefused, "The service term that was left at AWS is over.", "attempt", number(term.Attempt), "state", string(term.State)))}, nil
	}
	if term.State == TermAgreed {
		facts := []fact.Fact{term.tell(tell(FactTermAccepted, "The customer accepted the service term."))}
		facts = append(facts, t.observed(TermAccepted, now)...)
		return append(facts, t.advance(now)...), nil
	}
	facts := []fact.Fact{tell(FactTermRefused, "The service term was not accepted.", "attempt", number(term.Attempt), "state", string(term.State))}
	return append(facts, t.termRefused(now)...), nil
}

func (s TermState) answers() bool {
	return s == TermAgreed || s == TermRejected || s == TermCanceled || s == TermExpired
}

// termRefused takes the acceptance back to waiting for a term.
func (t *Transfer) termRefused(now time.Time) []fact.Fact {
	if t.work(TermAccepted) == nil {
		return nil
	}
	return t.withoutTerm("the customer did not accept the service term", now)
}

// withoutTerm takes the steps back to where another service term can be sent.
func (t *Transfer) withoutTerm(why string, now time.Time) []fact.Fact {
	accept, sent := t.stepFor(TermAccepted), t.stepFor(TermSent)
	accept.reset(Pending)
	for _, later := range t.after(accept.Key) {
		if later.State.active() {
			later.reset(Pending)
		}
	}
	return t.broken(sent, Failure{CodeTermRefused, why}, Blocked{
		Owner: Reseller,
		What:  "Find out why; then retry the step to send another service term, or skip it to go on without one.",
		Where: "TransferService.RetryStep, TransferService.SkipStep",
	}, now)
}

// termGone reports whether the term that was sent does not bind and cannot be accepted any more, although it is still
// counted on.
func (t *Transfer) termGone() bool {
	sent, accept, term := t.stepFor(TermSent), t.stepFor(TermAccepted), t.Term()
	if sent == nil || accept == nil || sent.State != Done || accept.State == Skipped || term == nil {
		return false
	}
	return term.State != TermPending && (term.State != TermAgreed || t.revoked(*term))
}

// requested notes that AWS has the term and mails it to the customer.
func (term *ServiceTerm) requested(now time.Time) fact.Fact {
	term.State, term.CheckedAt = TermPending, now
	return term.tell(tell(FactTermRequested, "AWS has the service term and mails it to the root address of the management account.", "handshake_id", term.ID))
}

// tell adds to a fact which term it is about.
func (term *ServiceTerm) tell(f fact.Fact) fact.Fact {
	return f.With("attempt", number(term.Attempt), "end", term.EndAt.Format(time.RFC3339))
}

// pending returns the term that the customer must answer; nil when there is none.
func (t *Transfer) pending() *ServiceTerm {
	if term := t.Term(); term != nil && term.State == TermPending {
		return term
	}
	return nil
}

func (t *Transfer) termTimers() []timer {
	term := t.pending()
	if term == nil || t.work(TermAccepted) == nil {
		return nil
	}
	return []timer{t.watch(beat(term.SeenAt, term.CheckedAt), CheckTerm)}
}
