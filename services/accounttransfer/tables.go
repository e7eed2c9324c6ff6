package accounttransfer

import (
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/store"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

const prefixPayer = "pay"

// tables are the kinds of aggregates in the service's database.
type tables struct {
	db        *store.DB
	payers    *store.Table[payer.Payer]
	transfers *store.Table[transfer.Transfer]
}

func openTables(db *store.DB) *tables {
	return &tables{db: db, payers: store.NewTable(db, payerKind()), transfers: store.NewTable(db, transferKind())}
}

func payerKind() store.Kind[payer.Payer] {
	return store.Kind[payer.Payer]{
		Noun: "payer", Table: "payers", Prefix: prefixPayer, Version: 1,
		Next: payer.Next,
		Columns: []store.Column[payer.Payer]{
			{Name: "seller", Value: func(p *payer.Payer) any { return p.SellerID }},
			{Name: "state", Value: func(p *payer.Payer) any { return p.State }},
			{Name: "account", Value: func(p *payer.Payer) any { return p.AccountID }},
		},
		Public: func(m store.Meta, p *payer.Payer) proto.Message {
			public := toPayer(store.Row[payer.Payer]{Meta: m, Doc: p})
			public.RoleArn, public.ExternalId = "", "" // how a payer is entered is nobody else's business
			return &accounttransferv1.PayerEvent{Payer: public}
		},
	}
}

func transferKind() store.Kind[transfer.Transfer] {
	return store.Kind[transfer.Transfer]{
		Noun: "transfer", Table: "transfers", Prefix: "trf", Version: 1,
		Customer: func(t *transfer.Transfer) string { return t.CustomerID },
		Correlation: func(t *transfer.Transfer) string {
			if t.OrderID == "" {
				return t.ID
			}
			return t.OrderID
		},
		Next: transfer.Next,
		Columns: []store.Column[transfer.Transfer]{
			{Name: "state", Value: func(t *transfer.Transfer) any { return t.State }},
			{Name: "payer", Value: func(t *transfer.Transfer) any { return t.PayerID }},
			{Name: "source_account", Value: func(t *transfer.Transfer) any { return t.SourceAccountID }},
			{Name: "account_held", Value: func(t *transfer.Transfer) any { return store.OrNull(t.AccountHeld()) }},
			{Name: "uses_quota", Value: func(t *transfer.Transfer) any { return !t.State.Ended() || t.State == transfer.Completed }},
		},
		Public: func(m store.Meta, t *transfer.Transfer) proto.Message {
			return &accounttransferv1.TransferEvent{Transfer: told(store.Row[transfer.Transfer]{Meta: m, Doc: t})}
		},
	}
}

// payersAreOurs is the scope of payers: they belong to no customer, and only roles of ours reach their methods.
func payersAreOurs() call.Scope { return call.Everyone("payers belong to no customer") }
