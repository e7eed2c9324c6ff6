package agreement

import (
	"time"

	"example.com/handover/pkg/calendar"
)

// Cycles is how many billing cycles neither side may leave, one cycle being one calendar month of AWS (ORD-051, ORD-053).
const Cycles = 12

// Policy is how the end of a minimum term is counted.
type Policy string

// PolicyCycles counts whole billing cycles from the start of the billing. A term that began with the purchase, or with
// the handshake at AWS, could cost the customer a thirteenth.
const PolicyCycles Policy = "CYCLES"

// MinimumTerm is how long neither side may leave. Its interval is half-open.
type MinimumTerm struct {
	Policy         Policy    `json:"policy"`
	Cycles         int       `json:"cycles"`
	Start          time.Time `json:"start"`
	End            time.Time `json:"end"`                       // first instant after the last cycle
	ServiceTermEnd time.Time `json:"service_term_end,omitzero"` // of what the customer accepted at AWS, which AWS enforces; zero: nothing
}

// TermFrom is the minimum term of a billing that starts when AWS said. What AWS enforces stands beside it, for the two may
// differ.
func TermFrom(start, serviceTermEnd time.Time) MinimumTerm {
	return MinimumTerm{
		Policy: PolicyCycles, Cycles: Cycles, Start: start,
		End: calendar.MonthOf(start).AddMonths(Cycles).Start(), ServiceTermEnd: serviceTermEnd,
	}
}

func (m MinimumTerm) same(o MinimumTerm) bool {
	return m.Policy == o.Policy && m.Cycles == o.Cycles && m.Start.Equal(o.Start) && m.End.Equal(o.End) &&
		m.ServiceTermEnd.Equal(o.ServiceTermEnd)
}
