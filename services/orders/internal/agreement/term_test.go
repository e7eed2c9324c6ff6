package agreement_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	got, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestTermDates are the worked examples of the start side: from the start that AWS said to the last day of the twelfth
// cycle.
func TestTermDates(t *testing.T) {
	for _, tt := range []struct{ example, start, lastDay string }{
		{"1 the seed's", "2026-03-01", "2027-02-28"},
		{"2 accepted in the first instant of a month", "2026-04-01", "2027-03-31"},
		{"3 accepted in the last allowed second", "2026-05-01", "2027-04-30"},
		{"4 accepted on the last day of a month", "2026-06-01", "2027-05-31"},
		{"5 over the year's end", "2027-01-01", "2027-12-31"},
		{"6 into a leap year", "2027-03-01", "2028-02-29"},
		{"7 in another time zone", "2026-07-01", "2027-06-30"},
		{"11 today", "2026-12-01", "2027-11-30"},
		{"out of a leap year", "2028-03-01", "2029-02-28"},
	} {
		t.Run("ORD-053 "+tt.example, func(t *testing.T) {
			term := agreement.TermFrom(agreement.PolicyCycles, agreement.Dates{Start: at(t, tt.start)})
			if end := at(t, tt.lastDay).AddDate(0, 0, 1); !term.End.Equal(end) || !term.Start.Equal(at(t, tt.start)) {
				t.Errorf("from %s to before %s, want %s", term.Start, term.End, end)
			}
			if term.Policy != agreement.PolicyCycles || term.Cycles != 12 {
				t.Errorf("got %+v", term)
			}
		})
	}
}

// TestTermIsSet: as soon as AWS's start is known, whenever the order is completed, and again when the start moves.
func TestTermIsSet(t *testing.T) {
	a, o, c := in(t, agreement.Provisioning), placed(order.Querying), proposed()
	if facts := a.ObserveConnection(c, now()); facts != nil || !a.MinimumTerm.Start.IsZero() {
		t.Fatalf("a term without a start: %+v %v", a.MinimumTerm, names(facts))
	}
	c.Start = at(t, "2026-03-01")
	facts := a.ObserveConnection(c, now())
	if !slices.Equal(names(facts), []string{"term_set"}) || facts[0].Details["start"] != "2026-03-01T00:00:00Z" ||
		facts[0].Details["end"] != "2027-03-01T00:00:00Z" {
		t.Fatalf("got %v", facts)
	}
	c.Start = at(t, "2026-04-01") // the first invitation expired, a new one was accepted
	if facts := a.ObserveConnection(c, now()); !slices.Equal(names(facts), []string{"term_set"}) || !a.Subscriptions[0].Start.Equal(c.Start) {
		t.Fatalf("got %v %+v", names(facts), a.Subscriptions)
	}
	c.ServiceTermEnd = at(t, "2027-03-12") // AWS enforces another date, which is shown beside ours
	facts = a.ObserveConnection(c, now())
	if len(facts) != 1 || facts[0].Details["service_term_end"] != "2027-03-12T00:00:00Z" || !a.MinimumTerm.End.Equal(at(t, "2027-04-01")) {
		t.Fatalf("got %v %+v", facts, a.MinimumTerm)
	}
	o.State = order.Completed
	facts = a.Follow(o, at(t, "2026-04-20")) // example 10: finished after the start
	if !slices.Equal(names(facts), []string{"activated"}) || facts[0].Details["end"] != "2027-04-01T00:00:00Z" ||
		!a.ActivatedAt.Equal(at(t, "2026-04-20")) {
		t.Fatalf("got %v", facts)
	}
}

// TestTermByOtherPolicies are the worked ambiguities: by the handshake, or by the purchase, the customer may pay a cycle more.
func TestTermByOtherPolicies(t *testing.T) {
	for _, tt := range []struct {
		example, start, handshake, purchase string // the last two empty: not known
		policy                              agreement.Policy
		end, until                          string // by the policy
		differ                              bool
	}{
		{"1 with the handshake of the same month", "2026-03-01", "2026-02-19", "", agreement.PolicyHandshake, "2027-02-19", "2027-03-01", false},
		{"with a handshake of the month after", "2026-03-01", "2026-03-02", "", agreement.PolicyHandshake, "2027-03-02", "2027-04-01", true},
		{"10 finished after the start", "2026-03-01", "2026-02-19", "2026-03-12", agreement.PolicyPurchase, "2027-03-12", "2027-04-01", true},
		{"10 by cycles all the same", "2026-03-01", "2026-02-19", "2026-03-12", agreement.PolicyCycles, "2027-03-01", "2027-03-01", true},
		{"finished before the start", "2026-03-01", "2026-02-19", "2026-02-20", agreement.PolicyPurchase, "2027-02-20", "2027-03-01", false},
		{"not finished yet: by cycles", "2026-03-01", "", "", agreement.PolicyPurchase, "2027-03-01", "2027-03-01", false},
		{"without a service term: by cycles", "2026-03-01", "", "2026-02-20", agreement.PolicyHandshake, "2027-03-01", "2027-03-01", false},
		{"on a leap day", "2028-03-01", "2028-02-29", "", agreement.PolicyHandshake, "2029-02-28", "2029-03-01", false},
	} {
		t.Run("ORD-052 "+tt.example, func(t *testing.T) {
			d := agreement.Dates{Start: at(t, tt.start)}
			if tt.handshake != "" {
				d.Handshake = at(t, tt.handshake)
			}
			if tt.purchase != "" {
				d.Purchase = at(t, tt.purchase)
			}
			term := agreement.TermFrom(tt.policy, d)
			until := term.BilledUntil(tt.policy)
			if until.IsZero() {
				until = term.BilledUntil(agreement.PolicyCycles)
			}
			if !term.End.Equal(at(t, tt.end)) || !until.Equal(at(t, tt.until)) || term.Differ() != tt.differ || term.Policy != tt.policy {
				t.Errorf("it ends %s, billed until %s, differs %v", term.End, until, term.Differ())
			}
		})
	}
}

// TestTermPolicyIsSet by Operations in force and on the way there; not while a termination is held against the term. What a termination is
// held against is the end by that policy.
func TestTermPolicyIsSet(t *testing.T) {
	by := func(p agreement.Policy) agreement.Edit { return agreement.Edit{TermPolicy: &p} }
	for _, s := range agreement.States() {
		a := in(t, s)
		accepts := s == agreement.Provisioning || s == agreement.Active
		facts, err := a.Revise(by(agreement.PolicyPurchase), party.Seller{}, now())
		if accepts != (err == nil) || accepts && len(facts) != 1 || !accepts && errs.ReasonOf(err) != "STATE_REFUSES" {
			t.Errorf("%s: %v, %v", s, names(facts), err)
		}
	}
	a, o, c := in(t, agreement.Provisioning), placed(order.Querying), proposed()
	c.Start = at(t, "2026-03-01")
	a.ObserveConnection(c, now())
	if _, err := a.Revise(by(agreement.PolicyPurchase), party.Seller{}, now()); err != nil || !a.Term().End.Equal(at(t, "2027-03-01")) {
		t.Fatalf("before the purchase it ends %s, %v", a.Term().End, err)
	}
	o.State = order.Completed
	if a.Follow(o, at(t, "2026-03-12")); !a.Term().End.Equal(at(t, "2027-03-12")) || !a.MinimumTerm.Differ() {
		t.Errorf("with the purchase it ends %s", a.Term().End)
	}
	if facts, err := a.Revise(by(agreement.PolicyPurchase), party.Seller{}, now()); err != nil || facts != nil {
		t.Errorf("the same again: %v, %v", facts, err)
	}
	if _, err := a.Revise(by(""), party.Seller{}, now()); errs.ReasonOf(err) != "FIELD_REQUIRED" {
		t.Errorf("no policy: %v", err)
	}
	a.TerminationOrderID = "ord_9"
	if _, err := a.Revise(by(agreement.PolicyCycles), party.Seller{}, now()); errs.ReasonOf(err) != "TERMINATION_OPEN" {
		t.Errorf("while a termination is open: %v", err)
	}
}
