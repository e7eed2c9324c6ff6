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
}

func (v EndView) same(w EndView) bool {
	return v.Attempt == w.Attempt && v.Phase == w.Phase && v.Problem == w.Problem && v.Waiting.same(w.Waiting) && v.End.Equal(w.End) &&
		v.Ended == w.Ended
}

// WantsWithdrawal has AccountTransfer end what binds the account, when the time of an approved termination has come.
func WantsWithdrawal(o *Order) []intent.Want {
	t := o.Termination
	if t == nil || t.Phase != termination.Approved {
		return nil
	}
	return []intent.Want{{Subject: strconv.Itoa(t.Decisions), At: t.ActAt}}
}

// WantsKeep has AccountTransfer drop what it could not carry out, when the agreement goes on.
func WantsKeep(o *Order) []intent.Want {
	t := o.Termination
	if t == nil || !t.Keep {
		return nil
	}
	return []intent.Want{{Subject: strconv.Itoa(t.Decisions), At: intent.Immediately}}
}

// RecordWithdrawing notes that AccountTransfer carries the termination out, and what it says since.
func RecordWithdrawing(o *Order, v EndView, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.Termination.Phase != termination.Approved {
		return nil, nil
	}
	next := *o.Termination
	next.Phase, next.Attempt, next.Keep = termination.Withdrawing, v.Attempt, false
	o.Termination, o.State, o.Waiting = &next, Processing, atAWS()
	if v.Revision > o.Binding.Revision {
		o.Binding = v
	}
	return append([]fact.Fact{tell(FactTerminationBegun)}, settleEnd(o, now)...), nil
}

// RecordWithdrawRefused notes that AccountTransfer will not begin as things are: Operations must decide again.
func RecordWithdrawRefused(o *Order, refusal *errs.Error, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.Termination.Phase != termination.Approved {
		return nil, nil
	}
	return returnedToReview(o, text.Said(refusal.Message, ""), now), nil
}

// RecordKept notes that AccountTransfer was asked to drop it, or that there was nothing to drop.
func RecordKept(o *Order) ([]fact.Fact, error) {
	if o.Termination == nil || !o.Termination.Keep {
		return nil, nil
	}
	next := *o.Termination
	next.Keep = false
	o.Termination = &next
	return nil, nil
}

// ObserveEnd brings a termination to where the connection is that it ends, whoever ends that: what AWS has ended is over.
func ObserveEnd(o *Order, v EndView, now time.Time) ([]fact.Fact, error) {
	if o.Termination == nil || o.State.Ended() || v.Revision <= o.Binding.Revision || v.same(o.Binding) {
		return nil, nil
	}
	o.Binding = v
	return settleEnd(o, now), nil
}

// settleEnd follows what was last heard of the connection.
func settleEnd(o *Order, now time.Time) []fact.Fact {
	t, v := o.Termination, o.Binding
	carried := t.Phase == termination.Withdrawing && v.Attempt >= t.Attempt
	switch {
	case v.Ended:
		next := *t
		next.Phase, next.Problem = termination.Over, text.Text{}
		if !v.End.IsZero() {
			next.EndAt = v.End
		}
		o.Termination = &next
		return o.end(Completed, nil, saying("order.terminated", tell(FactCompleted)), now)
	case !v.End.IsZero():
		return endDated(o, v.End)
	case carried && v.Phase == withdrawalProblem:
		return returnedToReview(o, text.Said(v.Problem, ""), now)
	case carried && (v.Phase == withdrawalKeeps || v.Phase == withdrawalSettled):
		facts := returnedToReview(o, text.New("termination.kept"), now)
		o.Termination.Attempt = 0 // there is nothing to drop
		return facts
	case carried && v.Waiting != nil && (v.Waiting.Owner == Customer || v.Waiting.Owner == Reseller):
		return o.query(v.Waiting)
	case carried && o.State == Querying:
		o.State, o.Waiting = Processing, atAWS()
		return []fact.Fact{tell(FactResumed)}
	}
	return nil
}

// endDated notes the end that AWS has, which cannot be undone.
func endDated(o *Order, end time.Time) []fact.Fact {
	if o.Termination.Phase == termination.Ending && o.Termination.EndAt.Equal(end) {
		return nil
	}
	next := *o.Termination
	next.Phase, next.EndAt, next.Problem, next.Keep = termination.Ending, end, text.Text{}, false
	o.Termination, o.State = &next, Processing
	o.Waiting = &Waiting{Owner: AWS, Text: text.New("wait.termination_ending", "end", stamp(end))}
	return []fact.Fact{tell(FactTerminationDated, "end", stamp(end))}
}

// returnedToReview has Operations decide again, because what was approved could not be carried out.
func returnedToReview(o *Order, problem text.Text, now time.Time) []fact.Fact {
	next := *o.Termination
	next.Return(problem)
	o.Termination, o.State = &next, Querying
	o.Waiting = awaitsReview(o, now)
	return []fact.Fact{tell(FactTerminationReturned)}
}

// atAWS is the wait for AWS.
func atAWS() *Waiting { return &Waiting{Owner: AWS, Text: text.New("wait.termination_at_aws")} }
