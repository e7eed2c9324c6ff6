package period

import (
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// Wanted are the cases that the period wants open: one for Operations while it is on hold. A hold that Operations requested
// needs none.
func Wanted(p *Period) []intent.Wish {
	if p.Hold == nil || p.Hold.Code == CodeRequested {
		return nil
	}
	_, remedy := mend(p.Hold.Code)
	month := p.Month.String()
	body := text.New("case.held.body", "month", month, "why", p.Hold.Why.Key, "remedy", remedy.Key+".what")
	for name, value := range p.Hold.Why.Params {
		body = body.With(name, value)
	}
	return []intent.Wish{{
		Key: "case/" + p.Hold.Code, Kind: intent.Case, Name: "BILLING_PROBLEM",
		Title: text.New("case.held.title", "month", month, "code", p.Hold.Code), Body: body,
		Resolved: text.New("case.held.resolved", "month", month),
	}}
}
