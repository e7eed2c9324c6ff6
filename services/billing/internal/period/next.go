package period

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// Action is what a period wants done.
type Action string

// The actions, with the calls that record what came of them.
const (
	None    Action = ""        // nothing is due
	Begin   Action = "BEGIN"   // the month is over: MonthEnded
	Look    Action = "LOOK"    // look at AWS: Seen, NotYet or LookRefused
	Rate    Action = "RATE"    // price the charges: Price or Obstruct
	Compare Action = "COMPARE" // with AWS's invoices: Compare
	Issue   Action = "ISSUE"   // issue the invoice: Invoice
)

// NextAction returns what is due. Nothing is issued on an old look at AWS: then it is looked at again first.
func NextAction(p *Period, now time.Time) Action {
	at, action := p.next()
	if at.IsZero() || at.After(now) {
		return None
	}
	if action == Issue && now.Sub(p.SeenAt) > p.Policy.LookEvery {
		return Look
	}
	return action
}

// Want returns when one action is wanted; nil: not as things are.
func (p *Period) Want(a Action) []intent.Want {
	if at, action := p.next(); action == a && !at.IsZero() {
		return intent.At(at)
	}
	return nil
}

// Date returns when the period moves on by itself, with nothing to ask of anybody: see Tick.
func Date(p *Period) time.Time {
	if at, action := p.next(); action == Begin || action == Compare {
		return at
	}
	return time.Time{}
}

// Tick does what needs nobody: the month is over, or the charges are compared.
func Tick(p *Period, _ string, now time.Time) ([]fact.Fact, error) {
	switch NextAction(p, now) {
	case Begin:
		return p.MonthEnded(now)
	case Compare:
		return p.Compare(now)
	case None, Look, Rate, Issue:
	}
	return nil, nil
}

// next is the one next thing, and when. What is invoiced was seen and priced after the gate opened: until then AWS's
// bill, the agreement and the pricebook may change.
func (p *Period) next() (time.Time, Action) {
	switch p.State {
	case Open:
		return p.monthEnd(), Begin
	case WaitingForVendor:
		if p.asked() {
			return intent.Immediately, Look
		}
		return p.LookAt, Look
	case DataComplete:
		return intent.Immediately, Rate
	case Rated:
		if p.differs() && !p.asked() {
			return p.LookAt, Look
		}
		if p.differs() {
			return intent.Immediately, Look
		}
		return intent.Immediately, Compare
	case Reconciled:
		switch gate := p.GateAt(); {
		case p.asked():
			return intent.Immediately, Look
		case p.SeenAt.Before(gate):
			return gate, Look
		case p.PricedAt.Before(gate):
			return gate, Rate
		default:
			return gate, Issue
		}
	default:
		return time.Time{}, None
	}
}

// over reports whether nothing happens to the period any more.
func (p *Period) over() bool { return p.State == Invoiced || p.State == Voided }

func (p *Period) asked() bool { return p.Asked > p.Served }
