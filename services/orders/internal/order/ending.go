package order

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Wish is the end that somebody asked for.
type Wish string

// The wishes.
const (
	WishFail   Wish = "FAIL"
	WishDelete Wish = "DELETE"
)

// Ending is the recorded wish to end an order under way. AccountTransfer decides how the journey ends, because AWS may
// have been faster: the order ends only when its transfer has, or at once while there is none.
type Ending struct {
	Wish        Wish       `json:"wish"`
	Reason      string     `json:"reason,omitempty"`
	RequestedBy call.Actor `json:"requested_by"`
	RequestedAt time.Time  `json:"requested_at"`
	Conveyed    bool       `json:"conveyed,omitempty"`    // AccountTransfer has it
	ConveyedAs  int64      `json:"conveyed_as,omitempty"` // revision of the transfer that has it
}

// RequestFail records the wish that an order under way fails (ORD-041).
func (o *Order) RequestFail(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	return o.requestEnd(WishFail, reason, by, now)
}

// RequestDelete records the wish that an order under way is deleted. A draft is deleted at once: Delete.
func (o *Order) RequestDelete(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	return o.requestEnd(WishDelete, reason, by, now)
}

func (o *Order) requestEnd(w Wish, reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if amends(o) {
		return nil, typeRefuses(o, "ended by a wish")
	}
	if !o.State.underWay() {
		return nil, o.stateRefuses("ended")
	}
	if o.Ending != nil {
		return nil, errs.New(errs.Precondition, ReasonEndingAlready, "the order is ending already").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.await_ending")})
	}
	o.Ending, o.Endings = &Ending{Wish: w, Reason: reason, RequestedBy: by, RequestedAt: now}, o.Endings+1
	facts := []fact.Fact{fact.Because(tell(FactEndingRequested, "wish", string(w)), reason)}
	if !o.Transferring && !o.Intents.Asked(RequestEffect, "") { // there is no transfer, and none can come
		facts = append(facts, o.endAsWished(now)...)
	}
	return facts, nil
}

// RecordCancelRequested notes that AccountTransfer has the wish, in this revision of the transfer; 0: it is not known in
// which. Repeating it changes nothing.
func (o *Order) RecordCancelRequested(revision int64) ([]fact.Fact, error) {
	if !o.State.underWay() || o.Ending == nil || o.Ending.Conveyed {
		return nil, nil
	}
	next := *o.Ending
	next.Conveyed, next.ConveyedAs = true, revision
	o.Ending = &next
	return []fact.Fact{fact.Internally(tell(FactCancelSent))}, nil
}

// keep drops the wish to end once Operations has decided to keep the transfer: AccountTransfer had it and has it no more.
// A decision older than the wish was about something else.
func (o *Order) keep(v TransferView) []fact.Fact {
	wish := o.Ending
	if wish == nil || !wish.Conveyed || v.Revision <= wish.ConveyedAs || v.Ending || v.KeptAt.IsZero() || v.KeptAt.Before(wish.RequestedAt) {
		return nil
	}
	o.Ending, o.State, o.Waiting = nil, Processing, nil
	return []fact.Fact{saying("order.kept", tell(FactResumed))}
}

// endAsWished ends the order after its transfer was cancelled, or when there is none. Without a wish somebody else cancelled
// the transfer.
func (o *Order) endAsWished(now time.Time) []fact.Fact {
	if o.Ending == nil {
		f := &Failure{Code: CodeTransferCancelled}
		return o.end(Failed, f, tell(FactFailed, "code", f.Code), now)
	}
	reason := o.Ending.Reason
	if o.Ending.Wish == WishDelete {
		return o.end(Deleted, nil, fact.Because(tell(FactDeleted), reason), now)
	}
	f := &Failure{Code: CodeReviewRejected, Reason: reason}
	return o.end(Failed, f, fact.Because(saying("order.rejected", tell(FactFailed, "code", f.Code)), reason), now)
}
