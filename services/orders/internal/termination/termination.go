// Package termination is the end of an agreement that somebody orders: what the minimum term says of it, and what Operations can
// decide (ORD-054, ORD-055).
//
// It owns the dates and the decision. How the order goes that carries it out is package order's.
package termination

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
)

// Phase is how far a termination is.
type Phase string

// The phases. OVER is never left.
const (
	Review      Phase = "REVIEW"      // Operations must decide
	Approved    Phase = "APPROVED"    // the time to act has not come, or has just
	Withdrawing Phase = "WITHDRAWING" // AccountTransfer ends what binds the account
	Ending      Phase = "ENDING"      // AWS has an end, which cannot be undone
	Over        Phase = "OVER"        // the order has ended
)

// Phases returns every phase, for exhaustive tables.
func Phases() []Phase { return []Phase{Review, Approved, Withdrawing, Ending, Over} }

// Termination is the part of an order that asks for an end.
type Termination struct {
	Reason       string        `json:"reason"`
	Phase        Phase         `json:"phase"`
	ConnectionID string        `json:"connection_id"` // what binds the account
	ReviewIn     time.Duration `json:"review_in"`     // how long Operations may take before that is told
	Check        Check         `json:"check"`
	Decision     Decision      `json:"decision,omitzero"` // the last one
	Decisions    int           `json:"decisions,omitempty"`
	ActAt        time.Time     `json:"act_at,omitzero"`
	EndAt        time.Time     `json:"end_at,omitzero"`   // planned, then AWS's own
	Problem      text.Text     `json:"problem,omitzero"`  // why it is back under review
	Attempt      int           `json:"attempt,omitempty"` // of the withdrawal that AccountTransfer carries out for it; 0: none
	Keep         bool          `json:"keep,omitempty"`    // AccountTransfer is to drop that withdrawal
}

// Decision is what Operations decided.
type Decision struct {
	Outcome   Outcome    `json:"outcome"`
	Reason    string     `json:"reason,omitempty"`
	DecidedBy call.Actor `json:"decided_by"`
	DecidedAt time.Time  `json:"decided_at"`
}

// Approve plans a termination as was decided.
func (t *Termination) Approve(d Decision) {
	t.Phase, t.Problem = Approved, text.Text{}
	t.ActAt, t.EndAt = d.DecidedAt, t.Check.Earliest
	if d.Outcome == Schedule {
		t.ActAt, t.EndAt = t.Check.actFor(d.DecidedAt), t.Check.Scheduled
	}
}

// Return has Operations decide again.
func (t *Termination) Return(problem text.Text) {
	t.Phase, t.Problem, t.ActAt, t.EndAt = Review, problem, time.Time{}, time.Time{}
}

// Drop has AccountTransfer forget what it could not carry out, when it was asked at all.
func (t *Termination) Drop() { t.Keep, t.Attempt = t.Keep || t.Attempt > 0, 0 }
