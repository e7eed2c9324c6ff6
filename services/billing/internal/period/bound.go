package period

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Bound brings the period to the end of its relationship, however late that became known: the month in which the end lies
// or that it closes is the final one, and what lies after it is voided, without a hold that nobody could mend. An end that
// has moved later opens a voided month again. What was invoiced stays as it is, but for being the final month.
func (p *Period) Bound(end time.Time, now time.Time) ([]fact.Fact, error) {
	if end.IsZero() {
		return nil, nil
	}
	if !p.Month.Start().Before(end) {
		return p.void(tell(FactVoided)), nil
	}
	var facts []fact.Fact
	if p.State == Voided {
		p.State, p.Forgone = Open, false
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

// TermsKnown notes whether the month was invoiced on other terms than those that hold for it, because these came late. The invoice stays as
// it is, and Operations has a case.
func (p *Period) TermsKnown(on Basis) []fact.Fact {
	on = on.terms()
	late := p.State == Invoiced && on != p.Basis.terms()
	if late && p.Due != nil && *p.Due == on {
		return nil
	}
	if p.Due != nil { // the case of these terms ends, and nothing is settled by that
		p.Wishes.Saying(lateKey(*p.Due), text.New("case.terms_late.replaced", "month", p.Month.String()))
	}
	if p.Due = nil; !late {
		return nil
	}
	p.Due = &on
	return []fact.Fact{tell(FactTermsLate)}
}

// PayerKnown lets a month go on that stood still because nobody had said who pays.
func (p *Period) PayerKnown(now time.Time) []fact.Fact {
	if p.State != Held || p.Hold.Code != CodeAgreementMissing {
		return nil
	}
	return []fact.Fact{inWords(p.resume(now), "period.payer_known")}
}

// Forgo closes a month that the reseller pays.
func (p *Period) Forgo() ([]fact.Fact, error) {
	facts := p.void(inWords(tell(FactVoided), "period.reseller_pays"))
	p.Forgone = p.Forgone || len(facts) > 0
	return facts, nil
}

func (p *Period) void(told fact.Fact) []fact.Fact {
	if p.State == Invoiced || p.State == Voided {
		return nil
	}
	p.State, p.Hold, p.LookAt, p.Final = Voided, nil, time.Time{}, false
	return []fact.Fact{openly(told)}
}
