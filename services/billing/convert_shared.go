package billing

import (
	"context"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// toMoney is nil for an amount that nobody has begun.
func toMoney(m money.Money) *typev1.Money {
	if m.Currency() == "" {
		return nil
	}
	return &typev1.Money{CurrencyCode: m.Currency(), Amount: m.Amount()}
}

func toMonth(m calendar.Month) *typev1.Month {
	if m.IsZero() {
		return nil
	}
	return &typev1.Month{Year: int32(m.Year), Month: int32(m.Month)}
}

// depthOf is how deep the caller may look into a period. Who knows what AWS charges and the price, knows the margin.
func depthOf(ctx context.Context) depth {
	switch p, _ := auth.From(ctx); p.Role {
	case auth.Operator:
		return costed
	case auth.SupportReader, auth.Service:
		return handled
	default:
		return billed
	}
}
