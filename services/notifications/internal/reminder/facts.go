package reminder

import (
	"strconv"

	"example.com/handover/pkg/fact"
)

// Names of the facts of a reminder.
const (
	FactPlanned  = "planned"
	FactSent     = "sent"
	FactStopped  = "stopped"
	FactFinished = "finished"
)

// Reasons of refusals.
const (
	ReasonPlanUnknown = "PLAN_UNKNOWN"
	ReasonTimeInvalid = "TIME_INVALID"
)

// tell returns a fact for the reseller's people: customers read of the mails themselves. Details come as pairs of key
// and value.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Operator}.With(details...)
}

func number(n int) string { return strconv.Itoa(n) }
