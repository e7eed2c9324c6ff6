package catalogue

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// Window is when and where a product is sold. Operations opens and closes a sale, not a release; what customers have of a product
// stays theirs when its sale has ended. A product that nobody has set one for keeps its own.
type Window struct {
	ID         string      `json:"id"`
	Product    string      `json:"product"`             // Product.ID
	From       time.Time   `json:"from,omitzero"`       // sold from this instant on; zero: always was
	Until      time.Time   `json:"until,omitzero"`      // no longer sold from this instant on; zero: no end
	Countries  []string    `json:"countries,omitempty"` // ISO 3166-1 alpha-2, in which sellers sell it; empty: wherever they are present
	Partitions []Partition `json:"partitions"`          // of AWS, in which accounts are taken over with it
	Reason     string      `json:"reason"`              // why it was set
	SetBy      call.Actor  `json:"set_by"`
}

// StandardWindows returns the windows of the first release.
func StandardWindows() []Window {
	return []Window{
		{ // ORD-002, ORD-005: from that day on a new customer takes it
			Product: BillingTransferEssentials, From: time.Date(2026, time.February, 19, 0, 0, 0, 0, time.UTC),
			Partitions: []Partition{PartitionAWS},
		},
		// ORD-011: its sale ends on the day that AWS names for its ways of taking accounts over. AWS has named none yet.
		{Product: ManagedService, Partitions: []Partition{PartitionAWS}},
	}
}

// WindowOf returns the window of a product: as set, or its own.
func WindowOf(product string, set []*Window) Window {
	if i := slices.IndexFunc(set, func(w *Window) bool { return w.Product == product }); i >= 0 {
		return *set[i]
	}
	own := StandardWindows()
	if i := slices.IndexFunc(own, func(w Window) bool { return w.Product == product }); i >= 0 {
		return own[i]
	}
	return Window{Product: product}
}

// Open reports whether the product is sold at this instant.
func (w Window) Open(now time.Time) bool { return w.begun(now) && !w.ended(now) }

func (w Window) begun(now time.Time) bool { return !now.Before(w.From) }

func (w Window) ended(now time.Time) bool { return !w.Until.IsZero() && !now.Before(w.Until) }

// sells reports whether the product is sold to a country in which the seller is present.
func (w Window) sells(sellerCountries []string, country string) bool {
	return slices.Contains(sellerCountries, country) && (len(w.Countries) == 0 || slices.Contains(w.Countries, country))
}

// Set sets when and where the product is sold; without a beginning, the one that it has stays. What was sold stays sold: a sale that is
// open keeps its beginning, and one that has ended begins again from now on at the earliest. Where it is sold changes at once.
// Refused with FIELD_REQUIRED, VALIDITY_EMPTY and VALIDITY_PAST.
func (w *Window) Set(next Window, now time.Time) ([]fact.Fact, error) {
	if next.Reason == "" {
		return nil, required("reason", "say why", "remedy.give_reason")
	}
	if err := sold().moves(span{w.From, w.Until}, &next.From, &next.Until, now); err != nil {
		return nil, err
	}
	if next.From.Equal(w.From) && next.Until.Equal(w.Until) && slices.Equal(next.Countries, w.Countries) &&
		slices.Equal(next.Partitions, w.Partitions) && next.Reason == w.Reason {
		return nil, nil
	}
	next.ID, next.Product = w.ID, w.Product
	*w = next
	return []fact.Fact{fact.Fact{Name: FactWindowSet, Audience: fact.Operator}.With("product_id", w.Product)}, nil
}
