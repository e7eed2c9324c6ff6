package period

import (
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// Wanted are the cases that the period wants open: one for Operations while it is on hold. A hold that Operations requested
// needs none. Of a month that was invoiced before its terms were known there is one, which people close: they settle the difference.
func Wanted(p *Period) []intent.Wish {
	if p.Due != nil {
		return []intent.Wish{lateCase(p)}
	}
	if p.Hold == nil || p.Hold.Code == CodeRequested {
		return nil
	}
	_, remedy := mend(p.Hold.Code, p.Hold.Why)
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

// lateCase is the case of an invoice that rests on other terms than those of its month.
func lateCase(p *Period) intent.Wish {
	body := text.New("case.terms_late.body", "month", p.Month.String(), "invoice", p.InvoiceID, "total", p.Priced.Total.String(),
		"old_currency", p.Basis.CurrencyCode, "old_discount", p.Basis.Discount, "old_support", support(p.Basis),
		"currency", p.Due.CurrencyCode, "discount", p.Due.Discount, "support", support(*p.Due))
	return intent.Wish{
		Key: lateKey(*p.Due), Kind: intent.Case, Name: "BILLING_PROBLEM", Priority: "P2", Subject: p.InvoiceID,
		Title: text.New("case.terms_late.title", "month", p.Month.String()), Body: body,
		Resolved: text.New("case.terms_late.resolved", "month", p.Month.String()),
	}
}

// lateKey is that of the case of terms that came late: other ones have another case.
func lateKey(due Basis) string {
	return "case/terms/" + due.CurrencyCode + "/" + support(due) + "/" + due.Discount
}

// support says who supports, as a word of the texts.
func support(b Basis) string {
	if b.PartnerLedSupport {
		return "PARTNER_LED"
	}
	return "RESOLD"
}
