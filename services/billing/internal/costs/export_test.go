package costs

import "example.com/handover/pkg/money"

// Settled reports whether what is left of a seller's sum is rounding alone.
func Settled(rest money.Money) (bool, error) { return settled(rest) }
