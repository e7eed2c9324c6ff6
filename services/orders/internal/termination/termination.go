// Package termination is the end of an agreement that somebody orders: what the minimum term says of it, and what Operations can
// decide (ORD-054, ORD-055).
//
// It owns the dates and the decision. How the order goes that carries it out is package order's.
package termination

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/review"
)

// Phase is how far a termination is.
type Phase string

// The phases. OVER is never left.
const (
	Review      Phase = "REVIEW"      // Operations must decide
	Approved    Phase = "APPROVED"    // the time to act has not come, or has just
	Withdrawing Phase = "WITHDRAWING" // AccountTransfer ends what binds the account
	Ending      Phase = "ENDING"      // AWS has an end, which cannot be undone
	Keeping     Phase = "KEEPING"     // refused or taken back; AccountTransfer drops what it could not carry out
	Over        Phase = "OVER"        // the order has ended
)

// Phases returns every phase, for exhaustive tables.
func Phases() []Phase { return []Phase{Review, Approved, Withdrawing, Ending, Keeping, Over} }

// Termination is the part of an order that asks for an end.
type Termination struct {
	Reason       string           `json:"reason"`
	Phase        Phase            `json:"phase"`
	ConnectionID string           `json:"connection_id"` // what binds the account
	ReviewIn     time.Duration    `json:"review_in"`     // how long Operations may take before that is told
	Check        Check            `json:"check"`
	Decision     Decision         `json:"decision,omitzero"` // the last one
	Decisions    int              `json:"decisions,omitempty"`
	ActAt        time.Time        `json:"act_at,omitzero"`
	ByLeaving    bool             `json:"by_leaving,omitempty"` // it ends when the last account has left: no day can be promised
	PromisedAt   time.Time        `json:"promised_at,omitzero"` // the end that the customer was told of with the approval
	ToldAt       time.Time        `json:"told_at,omitzero"`     // the end that it was last told of
	EndAt        time.Time        `json:"end_at,omitzero"`      // planned, then AWS's own
	Problem      text.Text        `json:"problem,omitzero"`     // why it is back under review, or has to be decided on again
	TakenBack    review.TakenBack `json:"taken_back,omitzero"`  // the zero value: nobody has
	Overrun      bool             `json:"overrun,omitempty"`    // the agreement was to go on, and is ended all the same
	KeepAt       time.Time        `json:"keep_at,omitzero"`     // in KEEPING: until then Operations may decide otherwise; zero: it is decided
	Returns      int              `json:"returns,omitempty"`    // how often it could not be carried out as approved
	Attempt      int              `json:"attempt,omitempty"`    // of the withdrawal that AccountTransfer carries out, or could not; 0: none
}

// Decision is what Operations decided.
type Decision = review.Decision[Outcome]

// Approve plans a termination as was decided.
func (t *Termination) Approve(d Decision) {
	t.Phase, t.Problem, t.KeepAt, t.TakenBack = Approved, text.Text{}, time.Time{}, review.TakenBack{}
	t.ActAt, t.EndAt = d.DecidedAt, t.Check.Earliest
	if d.Outcome == Schedule {
		t.ActAt, t.EndAt = t.Check.actFor(d.DecidedAt), t.Check.Scheduled
	}
	if t.ByLeaving {
		t.EndAt = time.Time{}
	}
	t.PromisedAt, t.ToldAt = t.EndAt, t.EndAt
}

// ActIn is how long AccountTransfer may take to do what is asked of it before Operations is told.
const ActIn = 6 * time.Hour

// ActBy is when Operations is told that AccountTransfer has not begun: before the month is over, with which AWS ends a billing.
func (t *Termination) ActBy() time.Time {
	return calendar.Early(t.ActAt, ActIn, calendar.MonthOf(t.ActAt).Next().Start())
}

// ReviewBy is when Operations is told that nobody has reviewed it: before the month is over with which the billing could end at the
// earliest within the term.
func (t *Termination) ReviewBy(now time.Time) time.Time {
	return calendar.Early(now, t.ReviewIn, t.Check.Scheduled)
}

// Turns is when a month ends with which the billing could have ended, had anybody decided; zero: nothing is to be decided.
func (t *Termination) Turns() time.Time {
	if t.Phase != Review {
		return time.Time{}
	}
	return t.Check.Earliest
}

// Turn holds it against the term anew.
func (t *Termination) Turn(now time.Time) { t.Check = t.Check.again(now) }

// Begin follows a withdrawal that AccountTransfer carries out, whoever has begun it, and reports whether it is news. AWS ends a billing
// with the month in which it is asked.
func (t *Termination) Begin(attempt int, now time.Time) bool {
	t.Attempt = attempt
	if t.Phase == Withdrawing {
		return false
	}
	t.Phase, t.Problem = Withdrawing, text.Text{}
	if t.plan(now); t.ToldAt.IsZero() {
		t.ToldAt = t.EndAt
	}
	return true
}

// plan is the end when AWS is asked now.
func (t *Termination) plan(now time.Time) {
	if t.EndAt = later(calendar.MonthOf(now).Next().Start(), t.Check.Earliest); t.ByLeaving {
		t.EndAt = time.Time{}
	}
}

// Lapses is when a planned end has passed by so long that AWS cannot have had it without our knowing; zero: none is planned.
func (t *Termination) Lapses() time.Time {
	if t.Phase != Withdrawing || t.ToldAt.IsZero() {
		return time.Time{}
	}
	return t.ToldAt.Add(ActIn)
}

// Postpone plans the end with the month in which AWS is still asked.
func (t *Termination) Postpone(now time.Time) {
	t.plan(now)
	t.ToldAt = t.EndAt
}

// Postponed is the end of the billing when it is later than the customer was promised; zero: it is not.
func (t *Termination) Postponed() time.Time {
	end := map[Phase]time.Time{Withdrawing: t.ToldAt, Ending: t.EndAt}[t.Phase]
	if t.PromisedAt.IsZero() || !end.After(t.PromisedAt) {
		return time.Time{}
	}
	return end
}

// Return has Operations decide again.
func (t *Termination) Return(problem text.Text) {
	t.Phase, t.Problem, t.Returns = Review, problem, t.Returns+1
	t.ActAt, t.EndAt, t.PromisedAt, t.ToldAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
}

// Stay has the agreement go on: in KEEPING until AccountTransfer has dropped what is left, in OVER when nothing is.
func (t *Termination) Stay(in Phase) {
	t.Phase, t.Problem, t.Overrun, t.KeepAt, t.ActAt, t.EndAt = in, text.Text{}, false, time.Time{}, time.Time{}, time.Time{}
}

// Ask has Operations decide whether the agreement goes on, as was decided before somebody withdrew all the same, which AWS refuses. When
// nobody does, it goes on.
func (t *Termination) Ask(attempt int, problem text.Text, now time.Time) {
	t.Stay(Keeping)
	t.Attempt, t.Problem, t.KeepAt = attempt, problem, now.Add(t.ReviewIn)
}

// Asked reports whether Operations may still decide whether the agreement goes on.
func (t *Termination) Asked() bool { return t.Phase == Keeping && !t.KeepAt.IsZero() }

// FinalInvoice is the month in which the last invoice is issued, in arrears (BIL-014): by the end that is planned or that AWS has, and
// under review by the one that the terms allow. The zero Month: no end can be promised, or the agreement goes on.
func (t *Termination) FinalInvoice() calendar.Month {
	end := t.EndAt
	if t.Phase == Review && !t.ByLeaving {
		end = t.Check.Scheduled
	}
	goesOn := !t.Overrun && (t.Decision.Outcome == Refuse || t.TakenBack != review.TakenBack{})
	if end.IsZero() || goesOn {
		return calendar.Month{}
	}
	return calendar.MonthOf(end.Add(-1)).Next()
}
