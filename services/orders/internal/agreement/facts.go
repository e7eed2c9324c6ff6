package agreement

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Names of the facts of an agreement.
const (
	FactCreated     = "created"
	FactProvisioned = "provisioned"
	FactTermSet     = "term_set"
	FactActivated   = "activated"
	FactUpdated     = "updated"
	FactFailed      = "failed"
	FactDeleted     = "deleted"
	FactEnding      = "ending"
	FactTerminated  = "terminated"
	FactChanged     = "changed"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses      = "STATE_REFUSES"
	ReasonCurrencyNotServed = "CURRENCY_NOT_SERVED"
	ReasonTerminationOpen   = "TERMINATION_OPEN"
	ReasonReplacementOpen   = "REPLACEMENT_OPEN"
	ReasonChangeOpen        = "CHANGE_OPEN"
	ReasonFieldRequired     = "FIELD_REQUIRED"
)

// tell returns a fact that everybody who may see the agreement may read. Details come as pairs of key and value.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

// saying gives a fact a sentence of its own, where its name alone would say too little.
func saying(key string, f fact.Fact) fact.Fact {
	f.Text = key
	return f
}

// details spells the minimum term; empty while it is not known.
func (m MinimumTerm) details() []string {
	var out []string
	for _, d := range []struct {
		key string
		at  time.Time
	}{{"start", m.Start}, {"end", m.End}, {"service_term_end", m.ServiceTermEnd}} {
		if !d.at.IsZero() {
			out = append(out, d.key, stamp(d.at))
		}
	}
	return out
}
