package period

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Bound brings the period to the end of its relationship, however late that became known: the month in which the end lies
// or that it closes is the final one, and what lies after it is voided, without a hold that nobody could mend. An end that
// has moved later opens a voided month again. What was invoiced stays as it is, but for being the final month.
func (p *Period) Bound(end time.Time, now time.Time) ([]fact.Fact, error) {
	if !p.Month.Start().Before(end) {
		return p.void(), nil
	}
	var facts []fact.Fact
	if p.State == Voided {
		p.State = Open
		if !now.Before(p.monthEnd()) {
			p.State, p.LookAt = WaitingForVendor, now
		}
		facts = append(facts, inWords(tell(FactOpened, "month", p.Month.String()), "period.reopened"))
	}
	final := !p.monthEnd().Before(end)
	if final && !p.Final {
		facts = append(facts, openly(tell(FactFinal)))
	}
	p.Final = final
	return facts, nil
}

func (p *Period) void() []fact.Fact {
	if p.State == Invoiced || p.State == Voided {
		return nil
	}
	p.State, p.Hold, p.LookAt, p.Final = Voided, nil, time.Time{}, false
	return []fact.Fact{openly(tell(FactVoided))}
}
