package billing

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// depth is how much of a period a reader sees.
type depth int

// The depths; each has what the one before it has.
const (
	billed  depth = iota // what the customer is asked for
	handled              // how it is dealt with: for the reseller's people and programs, and in events
	costed               // what AWS charges, and the margin: for operators alone
)

// toPeriod shows a period as deep as its reader may look, in the reader's words.
func toPeriod(words text.Words, row store.Row[period.Period], shown depth) *billingv1.Period {
	p := row.Doc
	if p == nil {
		return nil
	}
	out := &billingv1.Period{
		PeriodId: row.ID, RelationshipId: p.RelationshipID, CustomerId: p.CustomerID, Month: wire.Month(p.Month),
		State: wire.Value[billingv1.PeriodState](string(p.State)), GateTime: wire.Time(p.GateAt()), NextLookTime: wire.Time(p.LookAt),
		InvoiceId: p.InvoiceID, IsFinal: p.Final, Etag: row.ETag(), CreateTime: wire.Time(row.CreatedAt), UpdateTime: wire.Time(row.UpdatedAt),
	}
	if p.Priced != nil && (shown >= handled || p.Hold == nil || !statement.Acceptable(p.Hold.Code)) { // such prices may still be corrected
		out.PriceTotal = toMoney(p.Priced.Total)
	}
	if shown >= handled {
		out.Hold, out.Waiting = toHold(words, p.Hold), toWaiting(words, p.Waiting())
		out.ChargeCount, out.PricebookId, out.TermsLate = int32(p.ChargeCount()), p.PricebookID, p.Due != nil
	}
	if shown >= costed {
		addCosts(out, p)
	}
	return out
}

func addCosts(out *billingv1.Period, p *period.Period) {
	for _, v := range p.VendorInvoices {
		out.VendorInvoices = append(out.VendorInvoices, toVendorInvoice(v))
	}
	if p.Priced != nil {
		out.Margin = toMoney(p.Priced.Margin)
	}
	if p.Currency() == "" {
		return
	}
	if total, err := p.VendorTotal(); err == nil {
		out.VendorTotal = toMoney(total)
	}
	if total, err := p.CostTotal(); err == nil {
		out.CostTotal = toMoney(total)
	}
}

func toHold(words text.Words, h *period.Hold) *billingv1.PeriodHold {
	if h == nil {
		return nil
	}
	return &billingv1.PeriodHold{Code: wire.Value[billingv1.HoldCode](h.Code), Message: words.Say(h.Why), HoldTime: wire.Time(h.Since)}
}

func toWaiting(words text.Words, w period.Waiting) *typev1.Waiting {
	if w.Owner == "" {
		return nil
	}
	what, where := words.Instruct(w.Text)
	return &typev1.Waiting{
		Owner: wire.Value[typev1.Party](string(w.Owner)), What: what, Where: where, UntilTime: wire.Time(w.Until), Escalated: w.Escalated,
	}
}

func toVendorInvoice(v statement.VendorInvoice) *billingv1.VendorInvoice {
	out := &billingv1.VendorInvoice{
		VendorInvoiceId: v.ID, Entity: string(v.Entity), Total: toMoney(v.Total), Tax: toMoney(v.Tax), IssueTime: wire.Time(v.IssuedAt),
	}
	if v.Quote != nil {
		out.ExchangeRate, out.ExchangeCurrencyCode = v.Quote.Rate.String(), v.Quote.To
	}
	return out
}
