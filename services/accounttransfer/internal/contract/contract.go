// Package contract is what AWS Partner Central and Billing Conductor hold of a connection: the relationship, the service
// terms that bind the customer, the handshake that ends one before its time, and the billing group.
//
// It owns their states and dates. When AWS is asked for them is package connection's; it reads no clock and talks to nobody.
package contract

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
)

// Held is one thing that AWS created for a connection.
type Held struct {
	Name   string    `json:"name"`    // as AWS shows it, where it shows one
	ID     string    `json:"id"`      // AWS's: an ARN, "rs-…"
	SeenAt time.Time `json:"seen_at"` // when AWS first said that it has it
}

// State is where a handshake of Partner Central stands.
type State string

// The states. All but the first two are never left.
const (
	Prepared State = "PREPARED" // intended; not known to be sent
	Pending  State = "PENDING"  // AWS has it; the customer must answer
	Accepted State = "ACCEPTED"
	Rejected State = "REJECTED"
	Canceled State = "CANCELED"
	Expired  State = "EXPIRED"
)

func (s State) answers() bool {
	return s == Accepted || s == Rejected || s == Canceled || s == Expired
}

const day = 24 * time.Hour

// longestTerm is the longest fixed period that AWS enforces. Twelve cycles, counted from an acceptance in the month
// before their start, are longer: the commitment then ends later than what AWS enforces of it.
const longestTerm = 365 * day

// MailTakes is how long AWS's mail with a service term may be on its way (XFR-BT-05).
const MailTakes = 15 * time.Minute

// longestListed is longer than a handshake waits for its answer. One that AWS does not list after it has expired.
const longestListed = 45 * day

// clockSlack is how far AWS's clock may be behind ours.
const clockSlack = 5 * time.Minute

// Handshake is one handshake of Partner Central, from its intent to its answer.
type Handshake struct {
	ID           string    `json:"id,omitempty"` // "ch-…"; empty: not known to be there
	State        State     `json:"state"`
	SeenAt       time.Time `json:"seen_at,omitzero"`        // when AWS first said that it has it
	RespondedAt  time.Time `json:"responded_at,omitzero"`   // answered, or ended otherwise
	CheckedAt    time.Time `json:"checked_at,omitzero"`     // when AWS last told its state
	CancelSentAt time.Time `json:"cancel_sent_at,omitzero"` // when AWS was last asked to take it back
}

// Seen is a handshake as AWS lists it.
type Seen struct {
	HandshakeID string
	Status      State     // empty: AWS does not list it
	EndAt       time.Time // of a service term; zero: it did not say
	CreatedAt   time.Time // zero: it did not say
}

// Standing returns how a handshake stands in a list; one that is not listed has no status.
func Standing(listed []Seen, handshakeID string) Seen {
	if i := slices.IndexFunc(listed, func(s Seen) bool { return s.HandshakeID == handshakeID }); i >= 0 {
		return listed[i]
	}
	return Seen{HandshakeID: handshakeID}
}

// Sent notes that AWS has the handshake and mails it to the customer.
func (h *Handshake) Sent(id string, now time.Time) {
	h.ID, h.State, h.SeenAt, h.CheckedAt = id, Pending, now, now
}

// Observe brings the handshake to what AWS says. True: it was answered, or has ended otherwise, since the last look. The
// same again changes nothing but the time of the look.
func (h *Handshake) Observe(seen Seen, now time.Time) bool {
	h.CheckedAt = now
	if seen.Status == "" && now.Sub(h.SeenAt) > longestListed {
		seen.Status = Expired
	}
	if h.State != Pending || !seen.Status.answers() {
		return false
	}
	h.State, h.RespondedAt = seen.Status, now
	return true
}

// Term is one handshake that carries the minimum term.
type Term struct {
	Handshake
	Attempt       int       `json:"attempt"`                 // from 1
	IntendedAt    time.Time `json:"intended_at,omitzero"`    // AWS cannot have it from before
	EndAt         time.Time `json:"end_at,omitzero"`         // first instant that AWS does not enforce
	CommitmentEnd time.Time `json:"commitment_end,omitzero"` // first instant after the twelve cycles (BIL-002)
	Left          bool      `json:"left,omitempty"`          // AWS does not let us take it back
}

// Contract is what binds the customer besides the connection itself.
type Contract struct {
	Terms      []Term      `json:"terms,omitempty"` // oldest first; the last one counts
	Revocation *Revocation `json:"revocation,omitempty"`
}

// Term returns the service term that counts, the last one; nil when there is none.
func (c *Contract) Term() *Term {
	if len(c.Terms) == 0 {
		return nil
	}
	return &c.Terms[len(c.Terms)-1]
}

// Pending returns the term that the customer must answer; nil when there is none.
func (c *Contract) Pending() *Term {
	if t := c.Term(); t != nil && t.State == Pending {
		return t
	}
	return nil
}

// Binding returns the term that was sent and still counts, pending or accepted; nil when there is none.
func (c *Contract) Binding() *Term {
	if t := c.Term(); t != nil && (t.State == Pending || t.State == Accepted && !c.Revoked(t)) {
		return t
	}
	return nil
}

// NextAttempt is the attempt of the term that is sent next: one that was intended and may be lost is sent again.
func (c *Contract) NextAttempt() int {
	t := c.Term()
	switch {
	case t == nil:
		return 1
	case t.State == Prepared:
		return t.Attempt
	}
	return t.Attempt + 1
}

// Intend sets the term that is sent next. One that may be lost keeps its end, because AWS takes a repetition for the same
// only when it is the same.
func (c *Contract) Intend(start time.Time, cycles int, now time.Time) {
	attempt := c.NextAttempt()
	if t := c.Term(); t == nil || t.Attempt != attempt {
		c.Terms = append(c.Terms, Term{Attempt: attempt, Handshake: Handshake{State: Prepared}})
	}
	t := c.Term()
	if !t.EndAt.IsZero() {
		return
	}
	t.IntendedAt = now
	t.CommitmentEnd = calendar.MonthOf(start).AddMonths(cycles).Start()
	t.EndAt = t.CommitmentEnd
	if longest := now.Add(longestTerm).Truncate(time.Second); longest.Before(t.EndAt) {
		t.EndAt = longest
	}
}

// Refused makes of a term that AWS refused to send another one, with another end.
func (c *Contract) Refused() {
	if t := c.Term(); t != nil && t.State == Prepared {
		t.Attempt++
		t.EndAt = time.Time{}
	}
}

// Unknown returns the id of the newest open or accepted term of a list that can only be the one we intend; "" when there is
// none. AWS keeps no name of a term, and a customer who comes back has those of an earlier contract on the same
// relationship: ours ends when we said, and is no older than our intent.
func (c *Contract) Unknown(listed []Seen) string {
	t := c.Term()
	if t == nil {
		return ""
	}
	since := t.IntendedAt.Add(-clockSlack)
	for _, s := range slices.Backward(listed) {
		known := slices.ContainsFunc(c.Terms, func(t Term) bool { return t.ID == s.HandshakeID })
		ours := s.EndAt.Equal(t.EndAt) && !s.CreatedAt.Before(since)
		if !known && ours && (s.Status == Pending || s.Status == Accepted) {
			return s.HandshakeID
		}
	}
	return ""
}

// Observed returns the term of a handshake; nil when it is none of ours.
func (c *Contract) Observed(handshakeID string) *Term {
	i := slices.IndexFunc(c.Terms, func(t Term) bool { return t.ID != "" && t.ID == handshakeID })
	if i < 0 {
		return nil
	}
	return &c.Terms[i]
}
