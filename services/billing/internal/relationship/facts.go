package relationship

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Names of the facts of a relationship.
const (
	FactRecorded   = "recorded"
	FactAgreed     = "agreed"
	FactActivated  = "activated"
	FactPricingSet = "pricing_set"
	FactEnding     = "ending"
	FactEnded      = "ended"
	FactPayerSet   = "payer_set"

	FactPricesMissing   = "prices_missing"
	FactPricesFound     = "prices_found"
	FactPricesNotNeeded = "prices_not_needed"

	FactSupportGroupSet = "support_group_set"

	FactAccountAdded = "account_added"
	FactAccountLeft  = "account_left"
)

// ReasonStateRefuses is the reason of a refusal by state, as the contract names it.
const ReasonStateRefuses = "STATE_REFUSES"

// tell returns a fact that everybody who may see the relationship may read. Details come as pairs of key and value.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

func date(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// startMoved tells the start anew, in words of its own.
func startMoved(at time.Time) fact.Fact {
	f := fact.Internally(tell(FactRecorded, "start", date(at)))
	f.Text = "relationship.start_moved"
	return f
}
