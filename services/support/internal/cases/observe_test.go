package cases

import (
	"testing"
	"time"
)

// TestEveryMove holds every state against every state that the record can show next.
func TestEveryMove(t *testing.T) {
	told := map[State]string{
		New: "progressed/OPERATOR", Open: "progressed/OPERATOR", AwaitingCustomer: "progressed/OPERATOR",
		Resolved: "resolved/CUSTOMER", Closed: "closed/CUSTOMER", Cancelled: "cancelled/CUSTOMER",
	}
	spelled := map[State]string{New: "1", Open: "10", AwaitingCustomer: "18", Resolved: "6", Closed: "3", Cancelled: "7"}
	later := now().Add(time.Hour)
	for from, state := range spelled {
		for to, next := range spelled {
			c := recorded(t, state)
			want, wantState := told[to], to
			if from == to || from.Ended() {
				want, wantState = "", from
			}
			if got := must(t)(c.Observe(at(next), nil, later)); got != want || c.State != wantState {
				t.Errorf("from %s to %s: %q in %s, want %q", from, to, got, c.State, want)
			}
			if c.State.Ended() == c.EndedAt.IsZero() {
				t.Errorf("from %s to %s: ended at %s", from, to, c.EndedAt)
			}
			if resolved := c.Resolution != nil; resolved != (c.State == Resolved || c.State == Closed) {
				t.Errorf("from %s to %s: resolution %v", from, to, c.Resolution)
			}
		}
	}
}

func TestClosedWithoutResolution(t *testing.T) {
	c := recorded(t, "10")
	seen := at("3")
	seen.Code, seen.Notes = "", ""
	must(t)(c.Observe(seen, nil, now()))
	if c.State != Closed || c.Resolution != nil {
		t.Errorf("%s, %v", c.State, c.Resolution)
	}
}

func TestResolutionIsDatedOnce(t *testing.T) {
	c := recorded(t, "10")
	must(t)(c.Observe(at("6"), nil, now()))
	must(t)(c.Observe(at("3"), nil, now().Add(time.Hour)))
	if r := c.Resolution; r == nil || !r.At.Equal(now()) || r.Code != "Solution provided" || r.Notes != "It works." {
		t.Errorf("%+v", r)
	}
}

func TestAnotherRecordIsNotOurs(t *testing.T) {
	c := recorded(t, "10")
	seen := at("6")
	seen.SysID = "b2"
	_, err := c.Observe(seen, nil, now())
	refused(t, err, ReasonStateRefuses)
	_, err = c.Recorded(seen, now())
	refused(t, err, ReasonStateRefuses)
}

func TestMattersOfTheResellerAreNotToldToCustomers(t *testing.T) {
	o := question()
	o.Audience = ForOperations
	c := opened(t, o)
	if got := must(t)(c.Recorded(at("6"), now())); got != "submitted/OPERATOR resolved/OPERATOR" {
		t.Error(got)
	}
}

func TestWishToResolve(t *testing.T) {
	c := recorded(t, "10")
	if got := must(t)(c.AskResolve("done", operator(), now())); got != "resolve_requested/OPERATOR" {
		t.Error(got)
	}
	_, err := c.AskResolve("done", operator(), now())
	refused(t, err, ReasonStateRefuses)
	must(t)(c.Observe(at("18"), nil, now()))
	if c.Wish == nil {
		t.Error("the wish is gone before it was carried out")
	}
	must(t)(c.Observe(at("6"), nil, now()))
	if c.Wish != nil {
		t.Error("the wish outlives its fulfilment")
	}
	_, err = c.AskResolve("done", operator(), now())
	refused(t, err, ReasonStateRefuses)
	must(t)(c.Observe(at("3"), nil, now()))
	_, err = c.AskResolve("done", operator(), now())
	refused(t, err, ReasonCaseClosed)
	_, err = c.Say("cmt_1", "But…", person(), now())
	refused(t, err, ReasonCaseClosed)
}
