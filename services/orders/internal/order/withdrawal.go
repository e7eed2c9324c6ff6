package order

import (
	"strconv"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/termination"
)

// The effects by which a termination is carried out.
const (
	WithdrawEffect = "withdraw-connection" // its subject is the decision
	KeepEffect     = "keep-connection"
)

// What AccountTransfer says of a withdrawal: it is being carried out, or why it is not.
const (
	withdrawalGoesOn  = "WITHDRAWS"
	withdrawalKeeps   = "KEEPS"
	withdrawalProblem = "PROBLEM"
	withdrawalSettled = "SETTLED"
)

// EndView is what AccountTransfer tells of how a connection ends.
type EndView struct {
	Revision int64     `json:"revision,omitempty"`
	Attempt  int       `json:"attempt,omitempty"` // counts the decisions to withdraw; 0: there was none
	Phase    string    `json:"phase,omitempty"`   // of the last one
	Problem  string    `json:"problem,omitempty"` // why that could not be carried out
	Waiting  *Waiting  `json:"waiting,omitempty"` // what the connection waits for; nil: nobody outside
	End      time.Time `json:"end,omitzero"`      // first instant that is not billed any more; zero: open
	Ended    bool      `json:"ended,omitempty"`

	ByLeaving bool `json:"by_leaving,omitempty"` // a membership, which ends when the last account has left
}

// Same reports whether nothing but the revision differs. A field that is added is compared without being named here.
func (v EndView) Same(w EndView) bool {
	same := v.Waiting.same(w.Waiting) && v.End.Equal(w.End)
	v.Revision, v.Waiting, v.End = w.Revision, w.Waiting, w.End
	return same && v == w
}

// Left reports whether AccountTransfer still has the withdrawal of this attempt, which it could not carry out.
func (v EndView) Left(attempt int) bool { return v.Phase == withdrawalProblem && v.Attempt == attempt }

// WantsWithdrawal has AccountTransfer end what binds the account, when the time of an approved termination has come.
func WantsWithdrawal(o *Order) []intent.Want {
	t := o.Termination
	if t == nil || t.Phase != termination.Approved {
		return nil
	}
	return []intent.Want{{Subject: strconv.Itoa(t.Decisions), At: t.ActAt}}
}

// WantsKeep has AccountTransfer drop the withdrawal that it could not carry out, when the agreement goes on, or does until a later time.
func WantsKeep(o *Order) []intent.Want {
	t := o.Termination
	if t == nil || !left(o) {
		return nil
	}
	if t.Phase == termination.Keeping && !t.Asked() || t.Phase == termination.Approved && t.ActAt.After(t.Decision.DecidedAt) {
		return []intent.Want{{Subject: strconv.Itoa(t.Attempt), At: intent.Immediately}}
	}
	return nil
}

// left reports whether AccountTransfer still has a withdrawal of the termination that it could not carry out.
func left(o *Order) bool { return o.Binding.Left(o.Termination.Attempt) }

// RecordWithdrawing notes that AccountTransfer carries the termination out, and what it says since.
func RecordWithdrawing(o *Order, v EndView, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.Termination.Phase != termination.Approved {
		return nil, nil // its event was faster
	}
	hear(o, v)
	return append(begin(o, now), follow(o, now)...), nil
}

// RecordWithdrawRefused notes that AccountTransfer will not begin as things are, and how the connection ends. When nobody ends that,
// Operations must decide again.
func RecordWithdrawRefused(o *Order, refusal *errs.Error, v EndView, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.Termination.Phase != termination.Approved {
		return nil, nil
	}
	hear(o, v)
	facts := follow(o, now)
	if o.Termination.Phase == termination.Approved {
		return returnedToReview(o, text.Said(refusal.Message, ""), now), nil
	}
	return facts, nil
}

// RecordKept notes how the connection ends after AccountTransfer was asked to drop a withdrawal: not at all, or because somebody has begun
// another one.
func RecordKept(o *Order, v EndView, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.State.Ended() {
		return nil, nil
	}
	hear(o, v)
	return follow(o, now), nil
}

// ObserveEnd brings a termination to where the connection is that it ends, whoever ends that: what AWS has ended is over.
func ObserveEnd(o *Order, v EndView, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.State.Ended() || v.Revision <= o.Binding.Revision || v.Same(o.Binding) {
		return nil, nil
	}
	hear(o, v)
	return follow(o, now), nil
}

// hear keeps the newest that AccountTransfer has said.
func hear(o *Order, v EndView) {
	if v.Revision <= o.Binding.Revision {
		return
	}
	o.Binding = v
	if t := o.Termination; t != nil && t.ByLeaving != v.ByLeaving {
		next := *t
		next.ByLeaving = v.ByLeaving
		o.Termination = &next
	}
}

// follow brings a termination to what was last heard of the connection, whatever was decided: AWS's end comes first, then a withdrawal that
// is being carried out, then the want of one.
func follow(o *Order, now time.Time) []fact.Fact {
	t, v := o.Termination, o.Binding
	switch {
	case v.Ended:
		return append(overrun(o), terminated(o, now)...)
	case !v.End.IsZero():
		return append(overrun(o), endDated(o, v.End)...)
	case v.Phase == withdrawalGoesOn:
		facts := append(overrun(o), begin(o, now)...)
		return append(facts, carriedOut(o)...)
	case t.Phase == termination.Withdrawing && t.Overrun && v.Phase == withdrawalProblem:
		return overrunRefused(o, now)
	case t.Phase == termination.Withdrawing && t.Overrun && v.Phase != "":
		return stays(o, now) // what was decided last stands, once nobody carries out what ran over it
	case t.Phase == termination.Withdrawing && v.Phase == withdrawalProblem:
		return returnedToReview(o, text.Said(v.Problem, ""), now)
	case t.Phase == termination.Withdrawing && (v.Phase == withdrawalKeeps || v.Phase == withdrawalSettled):
		return returnedToReview(o, text.New("termination.kept"), now)
	case t.Phase == termination.Keeping && !left(o):
		return goesOn(o, now)
	}
	return nil
}

// overrun notes that what was taken back, or refused, is ended all the same, before AccountTransfer has dropped what was left.
func overrun(o *Order) []fact.Fact {
	if o.Termination.Phase != termination.Keeping {
		return nil
	}
	next := *o.Termination
	next.Overrun, next.KeepAt = true, time.Time{}
	o.Termination = &next
	return []fact.Fact{tell(FactTerminationOverrun)}
}

// overrunRefused asks Operations what is to be: the customer has read that the agreement ends after all, and AWS refuses that. What was
// decided last stands when nobody decides.
func overrunRefused(o *Order, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Ask(o.Binding.Attempt, text.Said(o.Binding.Problem, ""), now)
	o.Termination, o.State, o.Waiting = &next, Querying, awaitsDecision(&next)
	return []fact.Fact{saying("order.termination_overrun_refused", tell(FactTerminationReturned, "until", stamp(next.KeepAt)))}
}

// begin follows a withdrawal that AccountTransfer carries out.
func begin(o *Order, now time.Time) []fact.Fact {
	next := *o.Termination
	news := next.Begin(o.Binding.Attempt, now)
	o.Termination = &next
	if !news {
		return nil
	}
	o.State, o.Waiting = Processing, atAWS()
	return []fact.Fact{tell(FactTerminationBegun)}
}

// carriedOut waits for whomever the withdrawal waits for.
func carriedOut(o *Order) []fact.Fact {
	w := o.Binding.Waiting
	switch {
	case w != nil && (w.Owner == Customer || w.Owner == Reseller || w.Escalated):
		return o.query(w)
	case o.State == Querying:
		o.State, o.Waiting = Processing, atAWS()
		return []fact.Fact{tell(FactResumed)}
	}
	return nil
}

// terminated ends the order with the connection.
func terminated(o *Order, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Phase, next.Problem = termination.Over, text.Text{}
	if !o.Binding.End.IsZero() {
		next.EndAt = o.Binding.End
	}
	o.Termination = &next
	return o.end(Completed, nil, saying("order.terminated", tell(FactCompleted)), now)
}

// endDated notes the end that AWS has, which cannot be undone.
func endDated(o *Order, end time.Time) []fact.Fact {
	if o.Termination.Phase == termination.Ending && o.Termination.EndAt.Equal(end) {
		return nil
	}
	next := *o.Termination
	next.Phase, next.EndAt, next.Problem = termination.Ending, end, text.Text{}
	o.Termination, o.State = &next, Processing
	o.Waiting = &Waiting{Owner: AWS, Text: text.New("wait.termination_ending", "end", stamp(end)), EscalateAt: end.Add(endsWithin)}
	return []fact.Fact{tell(FactTerminationDated, "end", stamp(end))}
}

// returnedToReview has Operations decide again, because what was approved could not be carried out.
func returnedToReview(o *Order, problem text.Text, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Return(problem)
	next.Turn(now)
	o.Termination, o.State = &next, Querying
	o.Waiting = awaitsReview(o, now)
	return []fact.Fact{tell(FactTerminationReturned)}
}
