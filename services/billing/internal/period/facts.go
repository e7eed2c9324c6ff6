package period

import (
	"example.com/handover/pkg/fact"
)

// Names of the facts of a period.
const (
	FactOpened       = "opened"
	FactMonthEnded   = "month_ended"
	FactCollected    = "collected"
	FactRated        = "rated"
	FactReconciled   = "reconciled"
	FactHeld         = "held"
	FactReleased     = "released"
	FactInvoiced     = "invoiced"
	FactRunRequested = "run_requested"
	FactFinal        = "final"
	FactVoided       = "voided"
	FactTermsLate    = "terms_late"
)

// tell returns a fact for the reseller's people: what AWS charges is theirs to know. Details come as pairs of key and
// value.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Operator}.With(details...)
}

// inWords gives a fact another sentence than its name's.
func inWords(f fact.Fact, key string) fact.Fact {
	f.Text = key
	return f
}

// openly widens the readers of a fact to everybody who may see the period.
func openly(f fact.Fact) fact.Fact {
	f.Audience = fact.Customer
	return f
}
