package agreement

import (
	"cmp"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Cycles is how many billing cycles neither side may leave, one cycle being one calendar month of AWS (ORD-051, ORD-053).
const Cycles = 12

// Policy is how the end of a minimum term is counted.
type Policy string

// The policies. A term that begins with the handshake at AWS, or with the purchase, can cost the customer a thirteenth cycle.
const (
	PolicyCycles    Policy = "CYCLES"                // whole billing cycles from the start of the billing; the default
	PolicyHandshake Policy = "MONTHS_FROM_HANDSHAKE" // calendar months from when AWS received the service term
	PolicyPurchase  Policy = "MONTHS_FROM_PURCHASE"  // calendar months from the completion of the order
)

// Policies returns every policy, the default first.
func Policies() []Policy { return []Policy{PolicyCycles, PolicyHandshake, PolicyPurchase} }

// MinimumTerm is how long neither side may leave. Its interval is half-open.
type MinimumTerm struct {
	Policy         Policy    `json:"policy"`
	Cycles         int       `json:"cycles"`
	Start          time.Time `json:"start"`
	End            time.Time `json:"end"`                       // first instant after it, by the policy, or by cycles until that is known
	ServiceTermEnd time.Time `json:"service_term_end,omitzero"` // of what the customer accepted at AWS, which AWS enforces; zero: nothing

	Handshake time.Time `json:"handshake,omitzero"` // when AWS received the service term that the customer accepted; zero: none
	Purchase  time.Time `json:"purchase,omitzero"`  // when the order was completed; zero: it is not
}

// Dates are what a minimum term is counted from.
type Dates struct {
	Start          time.Time // of the billing, as AWS said
	ServiceTermEnd time.Time // zero: none
	Handshake      time.Time // zero: none
	Purchase       time.Time // zero: not yet
}

// TermFrom is the minimum term of a billing that starts when AWS said. What AWS enforces, and what other policies say, stands beside
// it, for they may differ.
func TermFrom(p Policy, d Dates) MinimumTerm {
	m := MinimumTerm{
		Policy: p, Cycles: Cycles, Start: d.Start, ServiceTermEnd: d.ServiceTermEnd, Handshake: d.Handshake, Purchase: d.Purchase,
	}
	if m.End = m.EndBy(p); m.End.IsZero() {
		m.End = m.EndBy(PolicyCycles)
	}
	return m
}

// EndBy is the first instant after the term by a policy; zero: not known.
func (m MinimumTerm) EndBy(p Policy) time.Time {
	switch p {
	case PolicyHandshake:
		return monthsAfter(m.Handshake)
	case PolicyPurchase:
		return monthsAfter(m.Purchase)
	case PolicyCycles:
	}
	return calendar.MonthOf(m.Start).AddMonths(Cycles).Start()
}

// BilledUntil is the first instant that is not billed when the agreement ends as early as a policy allows: AWS ends a billing with a month.
// Zero: not known.
func (m MinimumTerm) BilledUntil(p Policy) time.Time {
	end := m.EndBy(p)
	if end.IsZero() || end.Equal(calendar.MonthOf(end).Start()) {
		return end
	}
	return calendar.MonthOf(end).Next().Start()
}

// Differ reports whether the policies, as far as they are known, do not end with the same month.
func (m MinimumTerm) Differ() bool {
	for _, p := range Policies() {
		if until := m.BilledUntil(p); !until.IsZero() && !until.Equal(m.BilledUntil(PolicyCycles)) {
			return true
		}
	}
	return false
}

// monthsAfter is the same day of the month after the term, or the last one of a month that has no such day.
func monthsAfter(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	after := at.AddDate(0, Cycles, 0)
	if after.Day() != at.Day() {
		after = after.AddDate(0, 0, -after.Day())
	}
	return after
}

func (m MinimumTerm) same(o MinimumTerm) bool {
	return m.Policy == o.Policy && m.Cycles == o.Cycles && m.Start.Equal(o.Start) && m.End.Equal(o.End) &&
		m.ServiceTermEnd.Equal(o.ServiceTermEnd) && m.Handshake.Equal(o.Handshake) && m.Purchase.Equal(o.Purchase)
}

// term is the minimum term as things are now.
func (a *Agreement) term() MinimumTerm {
	return TermFrom(cmp.Or(a.TermPolicy, PolicyCycles), Dates{
		Start: a.Connection.Start, ServiceTermEnd: a.Connection.ServiceTermEnd, Handshake: a.Connection.ServiceTermAt, Purchase: a.ActivatedAt,
	})
}

// reviseTerm has the end of the minimum term counted by another policy. Refused with FIELD_REQUIRED, STATE_REFUSES and, while a termination
// is held against the term, TERMINATION_OPEN.
func (a *Agreement) reviseTerm(p *Policy) ([]fact.Fact, error) {
	switch {
	case p == nil || *p == cmp.Or(a.TermPolicy, PolicyCycles):
		return nil, nil
	case *p == "":
		return nil, errs.InvalidField("agreement.minimum_term_policy", ReasonFieldRequired, "say how it is to be counted").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.fill_in_request")})
	case a.State != Provisioning && a.State != Active:
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the minimum term of an agreement in state %s cannot be changed", a.State).
			WithMeta("state", string(a.State)).WithRemedy(a.instead())
	case a.TerminationOrderID != "":
		return nil, errs.New(errs.Precondition, ReasonTerminationOpen, "a termination of the agreement is open").
			WithMeta("order_id", a.TerminationOrderID).WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.open_termination")})
	}
	a.TermPolicy = *p
	if !a.MinimumTerm.Start.IsZero() {
		a.MinimumTerm = a.term()
	}
	return []fact.Fact{saying("agreement.term_policy_changed", tell(FactTermSet, "policy", string(*p)).With(a.MinimumTerm.details()...))}, nil
}
