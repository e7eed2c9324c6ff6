package billing

import (
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/text"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/relationship"
)

// actions is what the reseller's people must see to: months that are not invoiced, and what failed. Of money it has what customers are to
// pay, and neither costs nor margins.
func actions(t *tables) kit.Actions {
	periods := kit.ActionsIn(typev1.ActionKind_ACTION_KIND_PERIOD, t.periods, func(w text.Words, p *period.Period) (*typev1.Action, bool) {
		a := &typev1.Action{Waiting: toWaiting(w, p.Waiting())}
		if p.Priced != nil {
			a.AmountAtRisk = toMoney(p.Priced.Total)
		}
		return a, p.Intents.Refused()
	})
	invoices := kit.ActionsIn(
		typev1.ActionKind_ACTION_KIND_INVOICE, t.invoices, func(_ text.Words, i *invoice.Invoice) (*typev1.Action, bool) {
			return &typev1.Action{}, i.Intents.Refused()
		},
	)
	relationships := kit.ActionsIn(
		typev1.ActionKind_ACTION_KIND_RELATIONSHIP, t.relationships, func(w text.Words, r *relationship.Relationship) (*typev1.Action, bool) {
			a := &typev1.Action{TransferId: r.TransferID, AccountId: r.AccountID, Waiting: toPricesWaiting(w, r.Waiting())}
			return a, r.Intents.Refused()
		},
	)
	periods.Money, relationships.Money = true, true
	return kit.Actions{
		Parked: text.New("wait.parked"), Dead: text.New("wait.dead_letter"),
		Refused: text.New("wait.refused"), Of: []kit.ActionsOf{periods, invoices, relationships},
	}
}

// found are what people find by the number of an invoice. What AWS invoices the reseller is a cost, so that its people alone find by that.
func found(t *tables) []kit.Found {
	invoices := kit.FoundIn(typev1.HitKind_HIT_KIND_INVOICE, t.invoices, func(_ text.Words, i *invoice.Invoice) *typev1.Hit {
		return &typev1.Hit{
			Title: i.Month.String(), Number: i.Number, State: string(i.State), OrderId: i.OrderID, AgreementId: i.AgreementID,
		}
	})
	invoices.By = map[typev1.MatchedBy]kit.Sought{typev1.MatchedBy_MATCHED_BY_INVOICE_NUMBER: kit.ByColumn("number")}
	const ofAWS = typev1.MatchedBy_MATCHED_BY_VENDOR_INVOICE_ID
	periods := kit.FoundIn(typev1.HitKind_HIT_KIND_PERIOD, t.periods, func(_ text.Words, p *period.Period) *typev1.Hit {
		return &typev1.Hit{Title: p.Month.String(), State: string(p.State), OrderId: p.OrderID}
	})
	periods.By, periods.Inner = map[typev1.MatchedBy]kit.Sought{ofAWS: kit.ByWord(ofAWS)}, []typev1.MatchedBy{ofAWS}
	relationships := kit.FoundIn(
		typev1.HitKind_HIT_KIND_RELATIONSHIP, t.relationships, func(_ text.Words, r *relationship.Relationship) *typev1.Hit {
			return &typev1.Hit{
				AccountId: r.AccountID, State: string(r.State), OrderId: r.OrderID, TransferId: r.TransferID, ConnectionId: r.ConnectionID,
			}
		},
	)
	return []kit.Found{invoices, periods, relationships}
}
