package billing

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/statement"
)

func toInvoice(row store.Row[invoice.Invoice]) *billingv1.Invoice {
	i := row.Doc
	if i == nil {
		return nil
	}
	out := &billingv1.Invoice{
		InvoiceId: row.ID, Number: i.Number, SellerId: i.SellerID, CustomerId: i.CustomerID, OrderId: i.OrderID,
		AgreementId: i.AgreementID, RelationshipId: i.RelationshipID, PeriodId: i.PeriodID, Month: wire.Month(i.Month),
		Issuer: toParty(i.Issuer), BillTo: toParty(i.BillTo), Total: toMoney(i.Total), First: i.First, IsFinal: i.Final,
		IssueTime: wire.Time(i.IssuedAt), DueTime: wire.Time(i.DueAt), DocumentSha256: i.DocumentSHA256,
		State: wire.Value[billingv1.InvoiceState](string(i.State)), Etag: row.ETag(),
	}
	for _, l := range i.Lines {
		out.Lines = append(out.Lines, &billingv1.InvoiceLine{
			Category: wire.Value[billingv1.ChargeCategory](string(l.Category)), Description: l.Description, Amount: toMoney(l.Price),
		})
	}
	if out.Exchanges = toExchanges(i.Exchanges); len(out.Exchanges) > 0 {
		out.Exchange = out.Exchanges[0]
	}
	return out
}

func toExchanges(all []statement.Exchange) (out []*billingv1.InvoiceExchange) {
	for _, x := range all {
		out = append(out, &billingv1.InvoiceExchange{
			FromCurrencyCode: x.From, ToCurrencyCode: x.To, Rate: x.Rate.String(), Entity: string(x.Entity),
			Source: wire.Value[billingv1.ExchangeSource](string(x.Source)),
		})
	}
	return out
}

func toParty(p invoice.Party) *billingv1.InvoiceParty {
	return &billingv1.InvoiceParty{Name: p.Name, CountryCode: p.CountryCode, Attention: p.Attention}
}
