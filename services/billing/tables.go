package billing

import (
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
)

// Prefixes of ids that this service chooses freely; the others follow from what they belong to.
const (
	prefixPricebook = "pbk"
)

// tables are the kinds of aggregates in the service's database.
type tables struct {
	db            *store.DB
	pricebooks    *store.Table[pricebook.Pricebook]
	buyers        *store.Table[relationship.Buyer]     // a copy of the customers of Orders
	agreements    *store.Table[relationship.Agreement] // a copy of Orders', which may come before the transfer or after it
	relationships *store.Table[relationship.Relationship]
	periods       *store.Table[period.Period]
	invoices      *store.Table[invoice.Invoice]
}

// openTables takes the words in which the public state in events is said.
func openTables(db *store.DB, words text.Words) *tables {
	return &tables{
		db:            db,
		pricebooks:    store.NewTable(db, pricebookKind()),
		buyers:        store.NewTable(db, buyerKind()),
		agreements:    store.NewTable(db, agreementKind()),
		relationships: store.NewTable(db, relationshipKind(words)),
		periods:       store.NewTable(db, periodKind(words)),
		invoices:      store.NewTable(db, invoiceKind()),
	}
}

func pricebookKind() store.Kind[pricebook.Pricebook] {
	return store.Kind[pricebook.Pricebook]{
		Noun: "pricebook", Table: "pricebooks", Prefix: prefixPricebook, Version: 1,
		Columns: []store.Column[pricebook.Pricebook]{
			{Name: "seller", Value: func(b *pricebook.Pricebook) any { return b.SellerID }},
			{Name: "standard_for", Value: func(b *pricebook.Pricebook) any { return store.OrNull(b.StandardFor()) }},
		},
		Public: func(m store.Meta, b *pricebook.Pricebook) proto.Message {
			return &billingv1.PricebookEvent{Pricebook: toPricebook(store.Row[pricebook.Pricebook]{Meta: m, Doc: b})}
		},
	}
}

// buyerKind has no public state: the customers are Orders'.
func buyerKind() store.Kind[relationship.Buyer] {
	return store.Kind[relationship.Buyer]{
		Noun: "buyer", Table: "buyers", Prefix: "cus", Version: 1,
		Customer: func(b *relationship.Buyer) string { return b.CustomerID },
	}
}

// agreementKind has no public state: the agreements are Orders'.
func agreementKind() store.Kind[relationship.Agreement] {
	return store.Kind[relationship.Agreement]{
		Noun: "agreement", Table: "agreements", Prefix: "agr", Version: 1,
		Columns: []store.Column[relationship.Agreement]{
			{Name: "order_id", Value: func(a *relationship.Agreement) any { return a.OrderID }},
		},
	}
}

func relationshipKind(words text.Words) store.Kind[relationship.Relationship] {
	return store.Kind[relationship.Relationship]{
		Noun: "relationship", Table: "relationships", Prefix: "rel", Version: 1,
		Customer:    func(r *relationship.Relationship) string { return r.CustomerID },
		Correlation: func(r *relationship.Relationship) string { return r.OrderID },
		Next:        (&relationshipWork{}).effects(nil).Next,
		Waiting: (&relationshipWork{}).effects(nil).Waiting(func(r *relationship.Relationship) store.Waiting {
			w := r.Waiting()
			if w.Text.IsZero() {
				return store.Waiting{}
			}
			return store.Waiting{Owner: wire.Name(typev1.Party_PARTY_RESELLER), Until: w.Until, Escalated: w.Escalated}
		}),
		Columns: []store.Column[relationship.Relationship]{
			{Name: "transfer", Value: func(r *relationship.Relationship) any { return r.TransferID }},
			{Name: "connection", Value: func(r *relationship.Relationship) any { return r.ConnectionID }},
			{Name: "payer", Value: func(r *relationship.Relationship) any { return r.PayerID }},
		},
		Public: func(m store.Meta, r *relationship.Relationship) proto.Message {
			return &billingv1.RelationshipEvent{Relationship: toRelationship(words, store.Row[relationship.Relationship]{Meta: m, Doc: r}, handled)}
		},
	}
}

func periodKind(words text.Words) store.Kind[period.Period] {
	return store.Kind[period.Period]{
		Noun: "period", Table: "periods", Prefix: "bpd", Version: 1,
		Customer:    func(p *period.Period) string { return p.CustomerID },
		Correlation: func(p *period.Period) string { return p.OrderID },
		Words: func(p *period.Period) (words []string) {
			for _, v := range p.VendorInvoices {
				words = append(words, wire.Words(typev1.MatchedBy_MATCHED_BY_VENDOR_INVOICE_ID, v.ID)...)
			}
			return words
		},
		Next: (&periodWork{}).effects(nil).Next,
		Waiting: (&periodWork{}).effects(nil).Waiting(func(p *period.Period) store.Waiting {
			w := p.Waiting()
			return store.Waiting{Owner: string(w.Owner), Until: w.Until, Escalated: w.Escalated}
		}),
		Columns: []store.Column[period.Period]{
			{Name: "relationship", Value: func(p *period.Period) any { return p.RelationshipID }},
			{Name: "state", Value: func(p *period.Period) any { return p.State }},
			{Name: "hold", Value: func(p *period.Period) any { return p.HoldCode() }},
		},
		Public: func(m store.Meta, p *period.Period) proto.Message {
			return &billingv1.PeriodEvent{Period: toPeriod(words, store.Row[period.Period]{Meta: m, Doc: p}, handled)}
		},
	}
}

func invoiceKind() store.Kind[invoice.Invoice] {
	return store.Kind[invoice.Invoice]{
		Noun: "invoice", Table: "invoices", Prefix: "inv", Version: 1,
		Customer:    func(i *invoice.Invoice) string { return i.CustomerID },
		Correlation: func(i *invoice.Invoice) string { return i.OrderID },
		Next:        (&invoiceWork{}).effects(nil).Next,
		Waiting:     (&invoiceWork{}).effects(nil).Waiting(nil),
		Columns: []store.Column[invoice.Invoice]{
			{Name: "seller", Value: func(i *invoice.Invoice) any { return i.SellerID }},
			{Name: "number", Value: func(i *invoice.Invoice) any { return i.Number }},
			{Name: "relationship", Value: func(i *invoice.Invoice) any { return i.RelationshipID }},
			{Name: "period", Value: func(i *invoice.Invoice) any { return i.PeriodID }},
		},
		Public: func(m store.Meta, i *invoice.Invoice) proto.Message {
			return &billingv1.InvoiceEvent{Invoice: toInvoice(store.Row[invoice.Invoice]{Meta: m, Doc: i})}
		},
	}
}
