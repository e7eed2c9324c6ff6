package order

import (
	"strconv"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// RequestEffect is the name of the effect that creates the transfer.
const RequestEffect = "request-transfer"

// WantsTransfer wants the transfer with the id chosen at submission. A wish to end that comes while the answer is not known
// does not take it back: a transfer that might come into being must be there before it can be cancelled.
func (o *Order) WantsTransfer() []intent.Want {
	if amends(o) || !o.State.underWay() || o.Transferring || o.TransferRefused {
		return nil
	}
	return intent.Now()
}

// WantsCancel conveys the wish to end. RecordCancelRequested follows when it was taken, and also when the transfer has
// ended already, because its event will tell how.
func (o *Order) WantsCancel() []intent.Want {
	if !o.State.underWay() || !o.Transferring || o.Ending == nil || o.Ending.Conveyed {
		return nil
	}
	return []intent.Want{{Subject: strconv.Itoa(o.Endings), At: intent.Immediately}}
}

// WantsCheck conveys "look now". RecordChecked follows, with the Looks that were read before the call.
func (o *Order) WantsCheck() []intent.Want {
	if !o.State.underWay() || !o.Transferring || o.Looks <= o.Looked {
		return nil
	}
	return intent.Now()
}

// Dates returns when the order has something to say by itself: at the end of its link, when a termination takes long, or when a change
// does or takes effect, and when a draft or a refused order waits for too long; the zero time is never. All else that is dated is dated by
// its transfer.
func (o *Order) Dates() time.Time {
	if !o.linkOpen() {
		if o.Change != nil {
			return changeDue(o)
		}
		if o.Termination != nil {
			return terminationDue(o)
		}
		return overlongAt(o)
	}
	return o.Link.ExpiresAt
}

// Tick notes that the link has expired, so that nobody is mailed or reminded of it any more, that a termination, a change, a draft or a
// refusal takes long, or that a change takes effect.
func (o *Order) Tick(_ string, now time.Time) ([]fact.Fact, error) {
	switch {
	case o.Termination != nil:
		return tickTermination(o, now), nil
	case o.Change != nil:
		return tickChange(o, now), nil
	}
	if !o.linkOpen() || now.Before(o.Link.ExpiresAt) {
		return tickOverlong(o, now), nil
	}
	next := *o.Link
	next.Expired = true
	o.Link = &next
	return []fact.Fact{fact.Internally(numbered(fact.Fact{Name: FactLinkExpired}, next.Number))}, nil
}
