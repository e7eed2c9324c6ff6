package orders

import (
	"strings"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// Prefixes of the ids of this service's aggregates, and of the transfer that an order chooses the id of.
const (
	prefixSeller   = "sel"
	prefixCustomer = "cus"
	prefixPerson   = "per"
	prefixEntity   = "ent"
	prefixPayer    = "pay"
	prefixOrder    = "ord"
	prefixTransfer = "trf"

	prefixRule         = "rul"
	prefixPage         = "gui"
	prefixWindow       = "win"
	prefixAgreement    = "agr"
	prefixSubscription = "sub"
)

// nameKey is the column of the customers by which they are found by the beginning of their names.
const nameKey = "name_key"

// tables are the kinds of aggregates in the service's database.
type tables struct {
	db        *store.DB
	sellers   *store.Table[party.Seller]
	customers *store.Table[party.Customer]
	persons   *store.Table[party.Person]
	payers    *store.Table[party.Payer] // a copy of AccountTransfer's
	orders    *store.Table[order.Order]

	validities *store.Table[catalogue.Validity]
	windows    *store.Table[catalogue.Window]
	guidance   *store.Table[guidance.Page]
	agreements *store.Table[agreement.Agreement]
}

// openTables takes the words in which the public state in events is said.
func openTables(db *store.DB, words text.Words) *tables {
	return &tables{
		db:        db,
		sellers:   store.NewTable(db, sellerKind()),
		customers: store.NewTable(db, customerKind()),
		persons:   store.NewTable(db, personKind()),
		payers:    store.NewTable(db, payerKind()),
		orders:    store.NewTable(db, orderKind(words)),

		validities: store.NewTable(db, validityKind()),
		windows:    store.NewTable(db, windowKind()),
		guidance:   store.NewTable(db, pageKind()),
		agreements: store.NewTable(db, agreementKind()),
	}
}

func sellerKind() store.Kind[party.Seller] {
	return store.Kind[party.Seller]{
		Noun: "seller", Table: "sellers", Prefix: prefixSeller, Version: 1,
		Columns: []store.Column[party.Seller]{
			{Name: "countries", Value: func(s *party.Seller) any { return countryKey(s.CountryCodes...) }},
		},
		Public: func(m store.Meta, s *party.Seller) proto.Message {
			return &ordersv1.SellerEvent{Seller: toSeller(store.Row[party.Seller]{Meta: m, Doc: s})}
		},
	}
}

func customerKind() store.Kind[party.Customer] {
	return store.Kind[party.Customer]{
		Noun: "customer", Table: "customers", Prefix: prefixCustomer, Version: 1,
		Customer: func(c *party.Customer) string { return c.ID },
		Columns: []store.Column[party.Customer]{
			{Name: "seller", Value: func(c *party.Customer) any { return c.SellerID }},
			{Name: "partner", Value: func(c *party.Customer) any { return c.PartnerID }},
			{Name: "country", Value: func(c *party.Customer) any { return c.CountryCode }},
			{Name: nameKey, Value: func(c *party.Customer) any { return wire.NameKey(c.DisplayName) }},
			{Name: "external_id", Value: func(c *party.Customer) any { return store.OrNull(c.ExternalID) }},
			{Name: "labels", Value: func(c *party.Customer) any { return wire.LabelKey(c.Labels) }},
		},
		Public: func(m store.Meta, c *party.Customer) proto.Message {
			return &ordersv1.CustomerEvent{Customer: toCustomer(store.Row[party.Customer]{Meta: m, Doc: c})}
		},
	}
}

// personKind has no public state: personal data is fetched at use and never relayed.
func personKind() store.Kind[party.Person] {
	return store.Kind[party.Person]{
		Noun: "person", Table: "persons", Prefix: prefixPerson, Version: 1,
		Customer: func(p *party.Person) string { return p.CustomerID },
		Columns: []store.Column[party.Person]{ // in the row, where it is erased with the rest
			{Name: "address", Value: func(p *party.Person) any { return store.OrNull(wire.MailKey(p.Email)) }},
		},
	}
}

// payerKind has no public state: the payers are AccountTransfer's.
func payerKind() store.Kind[party.Payer] {
	return store.Kind[party.Payer]{
		Noun: "payer", Table: "payers", Prefix: prefixPayer, Version: 1,
		Columns: []store.Column[party.Payer]{
			{Name: "seller", Value: func(p *party.Payer) any { return p.SellerID }},
			{Name: "active", Value: func(p *party.Payer) any { return p.Active }},
			{Name: "account", Value: func(p *party.Payer) any { return p.AccountID }},
			{Name: "shared", Value: func(p *party.Payer) any { return p.CustomerID == "" }},
		},
	}
}

func validityKind() store.Kind[catalogue.Validity] {
	return store.Kind[catalogue.Validity]{
		Noun: "eligibility_rule", Table: "eligibility_rules", Prefix: prefixRule, Version: 1,
		Columns: []store.Column[catalogue.Validity]{
			{Name: "rule", Value: func(v *catalogue.Validity) any { return v.Rule }},
		},
		Public: func(m store.Meta, v *catalogue.Validity) proto.Message {
			return &ordersv1.EligibilityRuleEvent{Rule: toValidity(store.Row[catalogue.Validity]{Meta: m, Doc: v})}
		},
	}
}

func windowKind() store.Kind[catalogue.Window] {
	return store.Kind[catalogue.Window]{
		Noun: "sale_window", Table: "sale_windows", Prefix: prefixWindow, Version: 1,
		Columns: []store.Column[catalogue.Window]{
			{Name: "product", Value: func(w *catalogue.Window) any { return w.Product }},
		},
		Public: func(m store.Meta, w *catalogue.Window) proto.Message {
			return &ordersv1.SaleWindowEvent{Window: toWindow(*w, m.ETag())}
		},
	}
}

func pageKind() store.Kind[guidance.Page] {
	return store.Kind[guidance.Page]{
		Noun: "guidance_page", Table: "guidance_pages", Prefix: prefixPage, Version: 1,
		Columns: []store.Column[guidance.Page]{
			{Name: "page_key", Value: func(p *guidance.Page) any { return p.Key }},
		},
		Public: func(m store.Meta, p *guidance.Page) proto.Message {
			return &ordersv1.GuidancePageEvent{Page: toPage(pageRow{Meta: m, Doc: p})}
		},
	}
}

func orderKind(words text.Words) store.Kind[order.Order] {
	return store.Kind[order.Order]{
		Noun: "order", Table: "orders", Prefix: prefixOrder, Version: 1,
		Customer: func(o *order.Order) string { return o.CustomerID },
		Next:     orderEffects(outside{}).Next,
		Waiting:  orderEffects(outside{}).Waiting(waitingOf),
		Words: func(o *order.Order) []string {
			return wire.Words(typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID, append(o.LinkedAccountIDs[:len(o.LinkedAccountIDs):len(o.LinkedAccountIDs)],
				o.ManagementAccountID, o.SourceAccountID)...)
		},
		Columns: []store.Column[order.Order]{
			{Name: "state", Value: func(o *order.Order) any { return string(o.State) }},
			{Name: "type", Value: func(o *order.Order) any { return string(o.Type) }},
			{Name: "own_wait", Value: func(o *order.Order) any { return order.Todo(o) != nil || o.Intents.Refused() }},
			{Name: "cut_off", Value: func(o *order.Order) any { return order.CutOff(o) }},
			{Name: "seller", Value: func(o *order.Order) any { return o.SellerID }},
			{Name: "management_account", Value: func(o *order.Order) any { return o.ManagementAccountID }},
			{Name: "account_held", Value: func(o *order.Order) any { return store.OrNull(o.AccountHeld()) }},
			{Name: "technical_contact", Value: func(o *order.Order) any { return o.TechnicalContactID }},
			{Name: "external_id", Value: func(o *order.Order) any { return store.OrNull(o.ExternalID) }},
			{Name: "labels", Value: func(o *order.Order) any { return wire.LabelKey(o.Labels) }},
		},
		Public: func(m store.Meta, o *order.Order) proto.Message {
			return &ordersv1.OrderEvent{Order: toOrder(words, store.Row[order.Order]{Meta: m, Doc: o})}
		},
	}
}

// agreementKind is told under its order: what becomes of it is part of that story.
func agreementKind() store.Kind[agreement.Agreement] {
	return store.Kind[agreement.Agreement]{
		Noun: "agreement", Table: "agreements", Prefix: prefixAgreement, Version: 1,
		Customer:    func(a *agreement.Agreement) string { return a.CustomerID },
		Correlation: func(a *agreement.Agreement) string { return a.OrderID },
		Next:        agreementEffects(outside{}).Next,
		Waiting:     agreementEffects(outside{}).Waiting(nil),
		Words: func(a *agreement.Agreement) []string {
			words := wire.Words(typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID, a.ManagementAccountID)
			for _, s := range a.Subscriptions {
				words = append(words, wire.Words(typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID, s.VendorID)...)
				words = append(words, wire.Words(typev1.MatchedBy_MATCHED_BY_ID, s.ID)...)
			}
			return words
		},
		Columns: []store.Column[agreement.Agreement]{
			{Name: "state", Value: func(a *agreement.Agreement) any { return string(a.Shown()) }},
			{Name: "order_id", Value: func(a *agreement.Agreement) any { return a.OrderID }},
			{Name: "external_id", Value: func(a *agreement.Agreement) any { return store.OrNull(a.ExternalID) }},
			{Name: "labels", Value: func(a *agreement.Agreement) any { return wire.LabelKey(a.Labels) }},
		},
		Public: func(m store.Meta, a *agreement.Agreement) proto.Message {
			return &ordersv1.AgreementEvent{Agreement: toAgreement(store.Row[agreement.Agreement]{Meta: m, Doc: a})}
		},
	}
}

// countryKey spells a list of codes so that each can be found in it: "|CH|DE|".
func countryKey(codes ...string) string { return "|" + strings.Join(codes, "|") + "|" }

// waitingOf says in columns who must act, so that "what needs somebody" is a query.
func waitingOf(o *order.Order) store.Waiting {
	w := o.Waits()
	if w == nil {
		return store.Waiting{}
	}
	return store.Waiting{Owner: string(w.Owner), Until: w.Date(), Escalated: w.Escalated}
}
