package statement

import (
	"maps"
	"slices"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
)

// margins says what is left of each account and of all, and holds where that is less than the floor.
func (b *book) margins() error {
	cost := newSum(b.in.Book.CurrencyCode)
	low := false
	for _, id := range slices.Sorted(maps.Keys(b.accounts)) {
		a := b.accounts[id]
		if a.cost.err != nil {
			return a.cost.err
		}
		if a.price.err != nil {
			return a.price.err
		}
		margin, below, err := b.in.Rules.margin(a.price.of, a.cost.of)
		if err != nil {
			return err
		}
		below = below && id != ""
		low = low || below
		b.out.Accounts = append(b.out.Accounts, Account{ID: id, Cost: a.cost.of, Price: a.price.of, Margin: margin, Below: below})
		cost.add(a.cost.of)
	}
	if cost.err != nil {
		return cost.err
	}
	margin, below, err := b.in.Rules.margin(b.out.Exact, cost.of)
	if err != nil {
		return err
	}
	if b.out.Cost, err = cost.of.Round(money.HalfEven); err != nil {
		return err
	}
	if b.out.Margin, err = margin.Round(money.HalfEven); err != nil {
		return err
	}
	switch { // without figures and accounts: others than operators read why, too
	case below:
		b.out.Holds = append(b.out.Holds, Hold{CodeMarginTooLow, text.New("hold.margin_too_low")})
	case low:
		b.out.Holds = append(b.out.Holds, Hold{CodeMarginTooLow, text.New("hold.account_margin_too_low")})
	}
	return nil
}

// margin is what is left of a price, and whether it is less than the floor, which is a part of the cost whichever way that goes.
func (r Rules) margin(price, cost money.Money) (money.Money, bool, error) {
	margin, err := price.Sub(cost)
	if err != nil {
		return margin, false, err
	}
	floor, err := exactly(positive(cost), r.Floor)
	if err != nil {
		return margin, false, err
	}
	c, err := margin.Cmp(floor)
	return margin, c < 0, err
}
