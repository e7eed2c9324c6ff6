package costexplorer

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/state"
)

// metrics are those that can be asked for.
func metrics() []string {
	return []string{
		"AmortizedCost", "BlendedCost", "NetAmortizedCost", "NetUnblendedCost", "UnblendedCost",
		usageQuantity, normalizedUsage,
	}
}

const (
	usageQuantity   = "UsageQuantity"
	normalizedUsage = "NormalizedUsageAmount" // nothing that is recorded has a size to normalize
	mixedUnits      = "N/A"
)

func sum(metrics []string, lines []state.Usage) (map[string]types.MetricValue, error) {
	cost, err := total("USD", lines, func(u state.Usage) string { return u.Amount })
	if err != nil {
		return nil, err
	}
	quantity, err := total("XXX", lines, func(u state.Usage) string { return u.Quantity }) // the code for no currency
	if err != nil {
		return nil, err
	}
	out := map[string]types.MetricValue{}
	for _, m := range metrics {
		switch m {
		case usageQuantity:
			out[m] = types.MetricValue{Amount: aws.String(quantity.Amount()), Unit: aws.String(mixedUnits)}
		case normalizedUsage:
			out[m] = types.MetricValue{Amount: aws.String("0"), Unit: aws.String(mixedUnits)}
		default:
			out[m] = types.MetricValue{Amount: aws.String(cost.Amount()), Unit: aws.String(cost.Currency())}
		}
	}
	return out, nil
}

func total(currency string, lines []state.Usage, of func(state.Usage) string) (money.Money, error) {
	sum, err := money.Zero(currency)
	for _, u := range lines {
		if err != nil {
			return sum, err
		}
		var amount money.Money
		if amount, err = money.Parse(currency, of(u)); err == nil {
			sum, err = sum.Add(amount)
		}
	}
	return sum, err
}
