package period

import "time"

// Action is what a period wants done.
type Action string

// The actions, with the calls that record what came of them.
const (
	None    Action = ""        // nothing is due
	Begin   Action = "BEGIN"   // the month is over: MonthEnded
	Look    Action = "LOOK"    // look at AWS: Seen or NotYet
	Rate    Action = "RATE"    // price the charges: Price or Obstruct
	Compare Action = "COMPARE" // with AWS's invoices: Compare
	Issue   Action = "ISSUE"   // issue the invoice: Invoice
)

// immediately is the next time of a period that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// Next returns when the period wants attention: the Unix epoch for "at once", zero for "never by itself".
func Next(p *Period) time.Time {
	at, _ := p.next()
	return at
}

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

// next is the one next thing, and when. What is invoiced was seen and priced after the gate opened: until then AWS's
// bill, the agreement and the pricebook may change.
func (p *Period) next() (time.Time, Action) {
	switch p.State {
	case Open:
		return p.monthEnd(), Begin
	case WaitingForVendor:
		if p.asked() {
			return immediately, Look
		}
		return p.LookAt, Look
	case DataComplete:
		return immediately, Rate
	case Rated:
		if p.differs() && !p.asked() {
			return p.LookAt, Look
		}
		if p.differs() {
			return immediately, Look
		}
		return immediately, Compare
	case Reconciled:
		switch gate := p.GateAt(); {
		case p.asked():
			return immediately, Look
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
