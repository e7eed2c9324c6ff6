package accounttransfer

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/evidence"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/process"
)

// The prefixes of the ids that this service chooses.
const (
	prefixPayer      = "pay"
	prefixConnection = "con"
	prefixConsent    = "cta"
	prefixPerson     = "per"
	prefixRequest    = "acr"
	prefixMailbox    = "mbx"
	prefixAttachment = "att"
)

// tables are the kinds of aggregates in the service's database.
type tables struct {
	db          *store.DB
	payers      *store.Table[payer.Payer]
	connections *store.Table[connection.Connection]
	transfers   *store.Table[journey.Transfer]
	consents    *store.Table[consent.Consent]
	persons     *store.Table[consent.Person]
	requests    *store.Table[accountrequest.Request]
	mailboxes   *store.Table[accountrequest.Mailbox]
	attachments *store.Table[evidence.Attachment]
	profiles    *store.Table[accountrequest.Profile] // a copy of the customers of Orders
	guidance    *store.Table[guidance.Page]          // a copy of the pages of Orders
}

// acts are the outside acts of each kind, from which it is known when a row is due.
type acts struct {
	payers      *kit.Effects[payer.Payer]
	connections *kit.Effects[connection.Connection]
	transfers   *kit.Effects[journey.Transfer]
	consents    *kit.Effects[consent.Consent]
	requests    *kit.Effects[accountrequest.Request]
	attachments *kit.Effects[evidence.Attachment]
}

// open fills t, which the effects know already.
func (t *tables) open(db *store.DB, a acts, english text.Words) {
	t.db = db
	t.payers = store.NewTable(db, payerKind(a.payers))
	t.connections = store.NewTable(db, connectionKind(a.connections, english))
	t.transfers = store.NewTable(db, transferKind(a.transfers, english))
	t.consents = store.NewTable(db, consentKind(a.consents, english))
	t.persons = store.NewTable(db, personKind())
	t.requests = store.NewTable(db, requestKind(a.requests, english))
	t.mailboxes = store.NewTable(db, mailboxKind())
	t.attachments = store.NewTable(db, attachmentKind(a.attachments))
	t.profiles = store.NewTable(db, profileKind())
	t.guidance = store.NewTable(db, store.Kind[guidance.Page]{Noun: "guidance_page", Table: "guidance_pages", Prefix: "gui", Version: 1})
}

func payerKind(effects *kit.Effects[payer.Payer]) store.Kind[payer.Payer] {
	return store.Kind[payer.Payer]{
		Noun: "payer", Table: "payers", Prefix: prefixPayer, Version: 1, Next: effects.Next,
		Waiting: effects.Waiting(func(p *payer.Payer) store.Waiting { return waitingOf(p.Waiting()) }),
		Words:   func(p *payer.Payer) []string { return spoken([]string{p.AccountID}, p.ProgramManagementAccountID) },
		Columns: []store.Column[payer.Payer]{
			{Name: "seller", Value: func(p *payer.Payer) any { return p.SellerID }},
			{Name: "state", Value: func(p *payer.Payer) any { return p.State }},
			{Name: "account", Value: func(p *payer.Payer) any { return p.AccountID }},
			{Name: "shared", Value: func(p *payer.Payer) any { return p.CustomerID == "" }},
		},
		Public: func(m store.Meta, p *payer.Payer) proto.Message {
			public := toPayer(store.Row[payer.Payer]{Meta: m, Doc: p})
			public.RoleArn, public.ExternalId = "", "" // how a payer is entered is nobody else's business
			return &accounttransferv1.PayerEvent{Payer: public}
		},
	}
}

func connectionKind(effects *kit.Effects[connection.Connection], english text.Words) store.Kind[connection.Connection] {
	return store.Kind[connection.Connection]{
		Noun: "connection", Table: "connections", Prefix: prefixConnection, Version: 1, Next: effects.Next, Later: true,
		Waiting:     effects.Waiting(func(c *connection.Connection) store.Waiting { return waitingOf(connection.ListedBy(c)) }),
		Customer:    func(c *connection.Connection) string { return c.CustomerID },
		Correlation: func(c *connection.Connection) string { return cmp.Or(c.OrderID, c.TransferID, c.AccountRequestID) },
		Words: func(c *connection.Connection) []string {
			return spoken(connection.EveryAccount(c), connection.EveryID(c)...)
		},
		Columns: []store.Column[connection.Connection]{
			{Name: "state", Value: func(c *connection.Connection) any { return c.State }},
			{Name: "payer", Value: func(c *connection.Connection) any { return c.PayerID }},
			{Name: "account", Value: func(c *connection.Connection) any { return c.AccountID }},
			{Name: "open", Value: func(c *connection.Connection) any { return c.State != connection.Ended }},
			{Name: "lost", Value: func(c *connection.Connection) any { return len(connection.Lost(c)) > 0 }},
			{Name: "uses_quota", Value: func(c *connection.Connection) any { return c.UsesQuota() }},
			{Name: "transfer", Value: func(c *connection.Connection) any { return c.TransferID }},
			{Name: "cut_off", Value: func(c *connection.Connection) any { return connection.CutOff(c) }},
			{Name: "own_wait", Value: func(c *connection.Connection) any { return connection.ShownAlone(c) || c.Intents.Refused() }},
		},
		Public: func(m store.Meta, c *connection.Connection) proto.Message {
			return &accounttransferv1.ConnectionEvent{Connection: toConnection(english, store.Row[connection.Connection]{Meta: m, Doc: c})}
		},
	}
}

func transferKind(effects *kit.Effects[journey.Transfer], english text.Words) store.Kind[journey.Transfer] {
	return store.Kind[journey.Transfer]{
		Noun: "transfer", Table: "transfers", Prefix: "trf", Version: 1, Next: effects.Next, Later: true,
		Waiting:     effects.Waiting(func(t *journey.Transfer) store.Waiting { return waitingOf(t.Waiting()) }),
		Customer:    func(t *journey.Transfer) string { return t.CustomerID },
		Correlation: func(t *journey.Transfer) string { return cmp.Or(t.OrderID, t.ID) },
		Words:       func(t *journey.Transfer) []string { return spoken(append(slices.Clone(t.Linked), t.AccountID)) },
		Columns: []store.Column[journey.Transfer]{
			{Name: "state", Value: func(t *journey.Transfer) any { return t.State }},
			{Name: "payer", Value: func(t *journey.Transfer) any { return t.PayerID }},
			{Name: "source_account", Value: func(t *journey.Transfer) any { return t.AccountID }},
			{Name: "cut_off", Value: func(t *journey.Transfer) any { return journey.CutOff(t) }},
			{Name: "own_wait", Value: func(t *journey.Transfer) any { return journey.ShownAlone(t) }},
			{Name: "own_step", Value: func(t *journey.Transfer) any { return journey.ShownBesides(t) }},
		},
		Public: func(m store.Meta, t *journey.Transfer) proto.Message {
			return &accounttransferv1.TransferEvent{Transfer: told(english, store.Row[journey.Transfer]{Meta: m, Doc: t})}
		},
	}
}

func consentKind(effects *kit.Effects[consent.Consent], english text.Words) store.Kind[consent.Consent] {
	return store.Kind[consent.Consent]{
		Noun: "consent", Table: "consents", Prefix: prefixConsent, Version: 1, Next: effects.Next,
		Waiting:     effects.Waiting(func(k *consent.Consent) store.Waiting { return waitingOf(k.Waiting()) }),
		Customer:    func(k *consent.Consent) string { return k.CustomerID },
		Correlation: func(k *consent.Consent) string { return cmp.Or(k.OrderID, k.TransferID) },
		Words:       func(k *consent.Consent) []string { return spoken([]string{k.AccountID}) },
		Columns: []store.Column[consent.Consent]{
			{Name: "state", Value: func(k *consent.Consent) any { return k.State }},
			{Name: "transfer", Value: func(k *consent.Consent) any { return k.TransferID }},
		},
		Public: func(m store.Meta, k *consent.Consent) proto.Message {
			return &accounttransferv1.ConsentEvent{Consent: toldConsent(english, store.Row[consent.Consent]{Meta: m, Doc: k})}
		},
	}
}

// personKind has no public state: personal data is fetched at use and never relayed.
func personKind() store.Kind[consent.Person] {
	return store.Kind[consent.Person]{
		Noun: "person", Table: "persons", Prefix: prefixPerson, Version: 1,
		Customer:    func(p *consent.Person) string { return p.CustomerID },
		Correlation: func(p *consent.Person) string { return p.ConsentID },
		Columns: []store.Column[consent.Person]{
			{Name: "consent", Value: func(p *consent.Person) any { return p.ConsentID }},
			{Name: "address", Value: func(p *consent.Person) any { return store.OrNull(wire.MailKey(p.Email)) }},
		},
	}
}

func requestKind(effects *kit.Effects[accountrequest.Request], english text.Words) store.Kind[accountrequest.Request] {
	return store.Kind[accountrequest.Request]{
		Noun: "account_request", Table: "account_requests", Prefix: prefixRequest, Version: 1, Next: effects.Next,
		Waiting:     effects.Waiting(func(r *accountrequest.Request) store.Waiting { return waitingOf(r.Waiting()) }),
		Customer:    func(r *accountrequest.Request) string { return r.CustomerID },
		Correlation: func(r *accountrequest.Request) string { return r.ID },
		Words: func(r *accountrequest.Request) []string {
			return spoken([]string{r.AccountID}, r.Creation.AWSRequestID)
		},
		Columns: []store.Column[accountrequest.Request]{
			{Name: "state", Value: func(r *accountrequest.Request) any { return r.State }},
			{Name: "region", Value: func(r *accountrequest.Request) any { return r.Region }},
			{Name: "mailbox", Value: func(r *accountrequest.Request) any { return r.MailboxID }},
			{Name: "account", Value: func(r *accountrequest.Request) any { return store.OrNull(r.AccountID) }},
		},
		Public: func(m store.Meta, r *accountrequest.Request) proto.Message {
			return &accounttransferv1.AccountRequestEvent{AccountRequest: toldRequest(english, requestRow{Meta: m, Doc: r})}
		},
	}
}

// mailboxKind has no public state: personal data is fetched at use and never relayed.
func mailboxKind() store.Kind[accountrequest.Mailbox] {
	return store.Kind[accountrequest.Mailbox]{
		Noun: "mailbox", Table: "mailboxes", Prefix: prefixMailbox, Version: 1,
		Customer: func(m *accountrequest.Mailbox) string { return m.CustomerID },
		Columns: []store.Column[accountrequest.Mailbox]{
			{Name: "address", Value: func(m *accountrequest.Mailbox) any { return store.OrNull(m.Key()) }},
			{Name: "found_by", Value: func(m *accountrequest.Mailbox) any { return store.OrNull(wire.MailKey(m.Address)) }},
		},
	}
}

// attachmentKind has no public state: nobody but the readers of the timeline is told of what proves a step.
func attachmentKind(effects *kit.Effects[evidence.Attachment]) store.Kind[evidence.Attachment] {
	return store.Kind[evidence.Attachment]{
		Noun: "attachment", Table: "attachments", Prefix: prefixAttachment, Version: 1, Next: effects.Next,
		Waiting:     effects.Waiting(nil),
		Customer:    func(a *evidence.Attachment) string { return a.CustomerID },
		Correlation: func(a *evidence.Attachment) string { return cmp.Or(a.OrderID, a.TransferID) },
		Columns: []store.Column[evidence.Attachment]{
			{Name: "transfer", Value: func(a *evidence.Attachment) any { return a.TransferID }},
			{Name: "shared", Value: func(a *evidence.Attachment) any { return a.Shared }},
			{Name: "deleted", Value: func(a *evidence.Attachment) any { return a.State == evidence.Deleted }},
		},
	}
}

// profileKind has no public state: the customers are Orders'.
func profileKind() store.Kind[accountrequest.Profile] {
	return store.Kind[accountrequest.Profile]{
		Noun: "profile", Table: "profiles", Prefix: "cus", Version: 1,
		Customer: func(p *accountrequest.Profile) string { return p.CustomerID },
	}
}

// spoken are the words by which people ask for something: its accounts, and what AWS calls it.
func spoken(accounts []string, awsIDs ...string) []string {
	return append(
		wire.Words(typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID, accounts...), wire.Words(typev1.MatchedBy_MATCHED_BY_AWS_ID, awsIDs...)...,
	)
}

func waitingOf(w *process.Waiting) store.Waiting {
	if w == nil {
		return store.Waiting{}
	}
	return store.Waiting{Owner: string(w.Owner), Until: w.Date(), Escalated: w.Escalated}
}
