package billing

import (
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// toStatement shows a statement with what it costs: for operators alone.
func toStatement(words text.Words, s statement.Statement) *billingv1.Statement {
	out := &billingv1.Statement{
		ExactTotal: toMoney(s.Exact), Total: toMoney(s.Total), Cost: toMoney(s.Cost), Margin: toMoney(s.Margin),
		Exchanges: toExchanges(s.Exchanges),
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, &billingv1.StatementLine{
			Category: wire.Value[billingv1.ChargeCategory](string(l.Category)), Description: l.Description,
			ExactAmount: toMoney(l.Exact), Amount: toMoney(l.Price), ChargeCount: int32(l.Charges),
		})
	}
	for _, a := range s.Accounts {
		out.Accounts = append(out.Accounts, &billingv1.StatementAccount{
			AccountId: a.ID, Cost: toMoney(a.Cost), Price: toMoney(a.Price), Margin: toMoney(a.Margin),
		})
	}
	for _, h := range s.Holds {
		out.Holds = append(out.Holds, &billingv1.StatementHold{
			Code: wire.Value[billingv1.HoldCode](h.Code), Message: words.Say(h.Why), Remedy: toWaiting(words, period.Mend(h.Code, h.Why)),
		})
	}
	for _, w := range s.Warnings {
		out.Warnings = append(out.Warnings, &billingv1.StatementWarning{
			Code: wire.Value[billingv1.StatementWarningCode](w.Code), Subject: w.Subject,
		})
	}
	return out
}
