package cases

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

func now() time.Time { return time.Date(2026, 2, 20, 10, 0, 0, 0, time.UTC) }

func person() call.Actor   { return call.Actor{Subject: "person-1", Role: "CUSTOMER"} }
func operator() call.Actor { return call.Actor{Subject: "operator-1", Role: "OPERATOR"} }
func service() call.Actor  { return call.Actor{Subject: "service:accounttransfer", Role: "SERVICE"} }

func question() Opening {
	return Opening{ID: "cas_1", CustomerID: "cus_1", Kind: Question, Audience: ForCustomer, Title: "A question", Description: "What now?"}
}

// opened is a case that ServiceNow has not heard of.
func opened(t testing.TB, o Opening) *Case {
	t.Helper()
	c, _, err := OpenCase(o, operator(), now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at is the case's record in a state of the case table.
func at(state string) Seen {
	s := Seen{Ref: Ref{TableCase, "a1"}, Number: "CS0001001", State: state}
	if state == "6" || state == "3" {
		s.Code, s.Notes = "Solution provided", "It works."
	}
	return s
}

// recorded is a case whose record is in a state.
func recorded(t testing.TB, state string) *Case {
	t.Helper()
	c := opened(t, question())
	must(t)(c.Recorded(at(state), now()))
	return c
}

// due is the first thing that a case wants done by a time, in the order of the effects; empty: nothing.
func due(c *Case, at time.Time) string {
	for _, e := range []struct {
		name   string
		wanted []intent.Want
	}{{"record", c.WantsRecord()}, {"comment", c.WantsComment()}, {"resolve", c.WantsResolve()}, {"look", c.WantsLook()}} {
		for _, w := range e.wanted {
			if !w.At.IsZero() && !w.At.After(at) {
				return strings.TrimSpace(e.name + " " + w.Subject)
			}
		}
	}
	return ""
}

// nextLook is when the record is read next; zero: never.
func nextLook(c *Case) time.Time {
	for _, w := range c.WantsLook() {
		return w.At
	}
	return time.Time{}
}

// must returns the names of facts, with audience: "resolved/CUSTOMER".
func must(t testing.TB) func([]fact.Fact, error) string {
	return func(facts []fact.Fact, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range facts {
			names = append(names, f.Name+"/"+string(f.Audience))
		}
		return strings.Join(names, " ")
	}
}

func refused(t testing.TB, err error, reason string) {
	t.Helper()
	if errs.ReasonOf(err) != reason {
		t.Errorf("refused with %v, want %s", err, reason)
	}
}
