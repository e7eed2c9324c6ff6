package accountrequest

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

func wished() intent.Wished { return intent.Wished{ID: "cas_1", Kind: intent.Case} }

// verb is what somebody may do to a request, and the states that accept it with the state that follows.
type verb struct {
	name    string
	do      func(r *Request) ([]fact.Fact, error)
	accepts map[State]State
}

func verbs() []verb {
	return []verb{
		{
			"ask", func(r *Request) ([]fact.Fact, error) { return r.RequestInformation("Why?", noon()) },
			map[State]State{Routed: InfoRequested, InReview: InfoRequested},
		},
		{
			"answer", func(r *Request) ([]fact.Fact, error) {
				return r.ProvideInformation(Given{Answer: "So."}, customer(), noon())
			},
			map[State]State{InfoRequested: InReview},
		},
		{
			"approve", func(r *Request) ([]fact.Fact, error) { return r.Approve("", operator(), noon()) },
			map[State]State{Routed: Approved, InReview: Approved},
		},
		{
			"reject", func(r *Request) ([]fact.Fact, error) { return r.Reject("No.", operator(), noon()) },
			map[State]State{Routed: Rejected, InReview: Rejected, InfoRequested: Rejected},
		},
		{
			"cancel as the customer", func(r *Request) ([]fact.Fact, error) { return r.Cancel("No.", customer(), noon()) },
			map[State]State{Routed: Cancelled, InReview: Cancelled, InfoRequested: Cancelled, Approved: Cancelled},
		},
		{
			"cancel as Operations", func(r *Request) ([]fact.Fact, error) { return r.Cancel("No.", operator(), noon()) },
			map[State]State{Routed: Cancelled, InReview: Cancelled, InfoRequested: Cancelled, Approved: Cancelled, FollowUp: Cancelled},
		},
		{"retry", func(r *Request) ([]fact.Fact, error) { return r.Retry() }, nil},
		{"record", func(r *Request) ([]fact.Fact, error) { return r.Record(account, "Seen.", noon()) }, nil},
		{
			"confirm root", func(r *Request) ([]fact.Fact, error) { return r.ConfirmRootAccess("", customer(), noon()) },
			map[State]State{FollowUp: FollowUp},
		},
		{"enter a role", func(r *Request) ([]fact.Fact, error) { return r.EnterRole(arn()) }, map[State]State{FollowUp: FollowUp}},
		{
			"confirm the plan", func(r *Request) ([]fact.Fact, error) { return r.ConfirmPlan(Developer, "", customer(), noon()) },
			map[State]State{FollowUp: FollowUp},
		},
		{
			"set the group", func(r *Request) ([]fact.Fact, error) { return r.SetPlanGroup(Passthrough, noon()) },
			map[State]State{FollowUp: FollowUp},
		},
		{
			"erase", func(r *Request) ([]fact.Fact, error) { return r.Erased("Asked to.") },
			map[State]State{Ready: Ready, Rejected: Rejected, Cancelled: Cancelled},
		},
	}
}

func TestEveryVerbInEveryState(t *testing.T) {
	for _, v := range verbs() {
		for _, s := range States() {
			r := in(t, s)
			facts, err := v.do(r)
			next, accepted := v.accepts[s]
			switch {
			case accepted && (err != nil || r.State != next || len(facts) == 0):
				t.Errorf("%s in %s: %v, then %s with %v", v.name, s, err, r.State, facts)
			case !accepted && (errs.ReasonOf(err) != ReasonStateRefuses || r.State != s):
				t.Errorf("%s in %s: %v, then %s", v.name, s, err, r.State)
			}
		}
	}
}

// Whatever a request waits for has an owner, a reason and a date; what has ended waits for nobody and wants nothing more at AWS.
func TestNothingStopsSilently(t *testing.T) {
	for _, s := range States() {
		r := in(t, s)
		w := r.Waiting()
		if s.Ended() {
			if w != nil || !r.Next().IsZero() || CreateWanted(r) != nil || CheckWanted(r) != nil || RoleWanted(r) != nil {
				t.Errorf("%s waits for %v", s, w)
			}
			continue
		}
		if w == nil || w.Owner == "" || w.Text.IsZero() || w.Date().IsZero() || r.Next().IsZero() {
			t.Errorf("%s waits for %+v, next at %s", s, w, r.Next())
			continue
		}
		r.Tick(r.Next())
		if again := r.Waiting(); s != InfoRequested && (again == nil || !again.Escalated) {
			t.Errorf("%s: nobody is told of %+v", s, again)
		}
	}
}

func TestInformationThatNeverComesEndsTheRequest(t *testing.T) {
	r := in(t, InfoRequested)
	r.Tick(noon().Add(2 * day))
	if w := r.Waiting(); !w.Escalated || r.State != InfoRequested || !w.Until.Equal(noon().Add(10*day)) {
		t.Errorf("after two days it is %s and waits for %+v", r.State, w)
	}
	r.Tick(noon().Add(10*day - time.Second))
	if r.State != InfoRequested {
		t.Fatalf("before its time it is %s", r.State)
	}
	facts := r.Tick(noon().Add(10 * day))
	if r.State != Rejected || len(facts) != 1 || facts[0].Name != FactRejected || facts[0].Text == "" || r.AddressHeld() {
		t.Errorf("it is %s with %v", r.State, facts)
	}
}

func TestRouting(t *testing.T) {
	for _, c := range []struct{ named, country, want string }{
		{"", "US", "NA"}, {"", "CH", "ROW"}, {"NA", "CH", "NA"}, {"XX", "US", ""},
	} {
		got, err := regions().route(c.named, c.country)
		if got.Name != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q of %s goes to %q, %v", c.named, c.country, got.Name, err)
		}
	}
	r := newRequest(t)
	if r.Admits([]string{"NA"}) == nil || r.Admits(nil) != nil || r.Admits([]string{"NA", "ROW"}) != nil {
		t.Error("an operator's regions are not held")
	}
}

func TestInformationByMail(t *testing.T) {
	for _, c := range []struct {
		region string
		by     string
		reason string
	}{{"NA", "OPERATOR", ""}, {"NA", "CUSTOMER", ReasonRoleDenied}, {"ROW", "OPERATOR", ReasonByMailUnavailable}} {
		r := in(t, InfoRequested, func(a *Asked) { a.Region = c.region })
		by := customer()
		by.Role = c.by
		_, err := r.ProvideInformation(Given{Answer: "So.", ByMail: true}, by, noon())
		if errs.ReasonOf(err) != c.reason {
			t.Errorf("%s in %s: %v", c.by, c.region, err)
		}
	}
	_, err := in(t, InfoRequested).ProvideInformation(Given{}, customer(), noon())
	if errs.ReasonOf(err) != ReasonFieldRequired {
		t.Errorf("nothing given: %v", err)
	}
}

// The account is ready with the last of its four checks, in whatever order they are done.
func TestReadyNeedsAllFour(t *testing.T) {
	checks := []func(*Request){
		func(r *Request) { _, _ = r.ConfirmRootAccess("", customer(), noon()) },
		func(r *Request) { _, _ = r.EnterRole(arn()); _, _ = r.RoleSeen(arn(), RoleValid, noon()) },
		func(r *Request) { _, _ = r.ConfirmPlan(Business, "", customer(), noon()) },
		func(r *Request) { _, _ = r.SetPlanGroup(BusinessSupport, noon()) },
	}
	orders := 0
	for order := range permutations(len(checks)) {
		orders++
		r := in(t, FollowUp)
		for i, n := range order {
			checks[n](r)
			if ready := r.State == Ready; ready != (i == len(checks)-1) {
				t.Fatalf("order %v: after %d checks it is %s", order, i+1, r.State)
			}
		}
	}
	if orders != 24 {
		t.Errorf("only %d orders", orders)
	}
}

// permutations yields every order of n things.
func permutations(n int) func(yield func([]int) bool) {
	var walk func(taken []int, yield func([]int) bool) bool
	walk = func(taken []int, yield func([]int) bool) bool {
		if len(taken) == n {
			return yield(taken)
		}
		for i := range n {
			if !slices.Contains(taken, i) && !walk(append(slices.Clone(taken), i), yield) {
				return false
			}
		}
		return true
	}
	return func(yield func([]int) bool) { walk(nil, yield) }
}

func TestPlanAndGroupFit(t *testing.T) {
	r := in(t, FollowUp, func(a *Asked) { a.Plan = BasicNone })
	if _, err := r.SetPlanGroup(BusinessSupport, noon()); errs.ReasonOf(err) != ReasonGroupMismatch {
		t.Errorf("Business for an account without a plan: %v", err)
	}
	if slices.Contains(r.open(), checkPlan) {
		t.Error("a plan that needs no change is asked for")
	}
	r = in(t, FollowUp)
	if _, err := r.SetPlanGroup(BusinessSupport, noon()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ConfirmPlan(Developer, "", customer(), noon()); errs.ReasonOf(err) != ReasonGroupMismatch {
		t.Errorf("another plan than the group's: %v", err)
	}
}

// TestAnotherPlanIsWanted: which plan was asked for is in the request's history once another one has taken its place.
func TestAnotherPlanIsWanted(t *testing.T) {
	r := in(t, FollowUp)
	asked := r.Plan
	facts, err := r.ConfirmOtherPlan(Developer, "", customer(), noon())
	if err != nil || asked == Developer || facts[0].Details["asked"] != string(asked) {
		t.Errorf("%s was asked for, told is %v, %v", asked, facts, err)
	}
	if facts, err := r.ConfirmOtherPlan(Developer, "", customer(), noon()); err != nil || facts[0].Details["asked"] != "" {
		t.Errorf("the same again is told as %v, %v", facts, err)
	}
}

func TestARoleThatIsEnteredMeanwhileIsLookedAtByItself(t *testing.T) {
	r := in(t, FollowUp)
	if _, err := r.EnterRole("arn:aws:iam::444455556666:role/Reseller"); errs.ReasonOf(err) != ReasonRoleMismatch {
		t.Errorf("a role of another account: %v", err)
	}
	if _, err := r.EnterRole(arn()); err != nil {
		t.Fatal(err)
	}
	if facts, _ := r.RoleSeen(arn()+"2", RoleValid, noon()); len(facts) != 0 || r.Role.State != RoleEntered {
		t.Errorf("another role: %v, then %s", facts, r.Role.State)
	}
	if facts, _ := r.RoleSeen(arn(), RoleNotAssumable, noon()); len(facts) != 1 || r.Role.State != RoleNotAssumable {
		t.Errorf("not assumable: %v, then %s", facts, r.Role.State)
	}
	if facts, _ := r.RoleSeen(arn(), RoleNotAssumable, noon()); len(facts) != 0 {
		t.Errorf("the same again is told: %v", facts)
	}
	if want := RoleWanted(r); len(want) != 1 || !want[0].At.Equal(noon().Add(day)) {
		t.Errorf("looked at again %v", want)
	}
}

// AWS's severity levels tell Business; none, unknown ones and those of a higher plan are left to people.
func TestThePlanThatAWSTells(t *testing.T) {
	business := []string{"low", "normal", "high", "urgent"}
	for _, c := range []struct {
		levels []string
		known  bool
		told   bool
	}{{business, true, true}, {business, false, false}, {nil, true, false}, {append(slices.Clone(business), "critical"), true, false}} {
		r := in(t, FollowUp)
		_, _ = r.EnterRole(arn())
		if PlanWanted(r) != nil {
			t.Error("AWS is asked before the role lets us in")
		}
		_, _ = r.RoleSeen(arn(), RoleValid, noon())
		if want := PlanWanted(r); len(want) != 1 {
			t.Fatalf("wanted %v", want)
		}
		facts, err := r.PlanSeen(c.levels, c.known, noon())
		if told := r.PlanSaid != nil; err != nil || told != c.told || told != (len(facts) > 0) || told != (PlanWanted(r) == nil) {
			t.Errorf("%+v: %v, %v, wanted again %v", c, facts, err, PlanWanted(r))
		}
	}
}

func TestAnAccountThatHasGoneIsFollowedUpNoMore(t *testing.T) {
	for _, s := range States() {
		r := in(t, s)
		facts := r.AccountGone(noon())
		if ended := s == FollowUp; ended != (len(facts) == 1) || ended && (r.State != Cancelled || !r.AddressHeld()) || !ended && r.State != s {
			t.Errorf("%s: %v, then %s", s, facts, r.State)
		}
	}
}
