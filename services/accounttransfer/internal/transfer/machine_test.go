package transfer

import (
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// verb is something that can happen to a transfer.
type verb struct {
	name    string
	do      func(*Transfer) ([]fact.Fact, error)
	accepts []State // refused elsewhere; nil: refuses nowhere
	keeps   []State // accepted, and nothing changes
	may     bool    // refused by more than the state
	after   bool    // it may change a transfer that has ended, without reopening it
}

func verbs() []verb { return slices.Concat(invitationVerbs(), contractVerbs(), decisionVerbs()) }

func invitationVerbs() []verb {
	going, alive, ended := []State{InProgress}, []State{InProgress, WaitingDecision}, []State{Completed, Failed, Cancelled}
	return []verb{
		{"CompleteStep", func(t *Transfer) ([]fact.Fact, error) {
			return t.CompleteStep("deploy-roles", Word{}, operator(), now())
		}, going, nil, false, false},
		{"SkipStep", func(t *Transfer) ([]fact.Fact, error) {
			return t.SkipStep("deploy-roles", "no need", operator(), now())
		}, going, nil, false, false},
		{"ReopenStep", func(t *Transfer) ([]fact.Fact, error) {
			return t.ReopenStep("set-up-support-channel", "wrong", operator(), now())
		}, going, nil, false, false},
		{"RetryStep", func(t *Transfer) ([]fact.Fact, error) { return t.RetryStep("send-invitation", operator(), now()) }, going, nil, false, false},
		{"Reinvite", func(t *Transfer) ([]fact.Fact, error) { return t.Reinvite(at("2027-01-01"), now()) }, going, nil, false, false},
		{"Validated", func(t *Transfer) ([]fact.Fact, error) { return t.Validated(now()) }, nil, nil, false, false},
		{"Invalid", func(t *Transfer) ([]fact.Fact, error) { return t.Invalid(Judge("PAST_DUE_INVOICE"), now()) }, nil, nil, false, false},
		{"Prepare", func(t *Transfer) ([]fact.Fact, error) { return t.Prepare(now()) }, going, nil, false, false},
		{"Answered", func(t *Transfer) ([]fact.Fact, error) { return t.Answered(latest(t), answer("rt-9"), now()) }, going, nil, false, false},
		{"Refused", func(t *Transfer) ([]fact.Fact, error) {
			return t.Refused(latest(t), Judge("PAST_DUE_INVOICE"), now())
		}, going, nil, false, false},
		{"Refused for a later start", func(t *Transfer) ([]fact.Fact, error) {
			return t.Refused(latest(t), Judge("START_DATE_TOO_EARLY"), now())
		}, going, nil, false, false},
		{"LookedUp none", func(t *Transfer) ([]fact.Fact, error) { return t.LookedUp(latest(t), nil, now()) }, going, nil, false, false},
		{"NotSent", func(t *Transfer) ([]fact.Fact, error) { return t.NotSent(latest(t), now()) }, going, nil, false, false},
		{"LookedUp one", func(t *Transfer) ([]fact.Fact, error) {
			return t.LookedUp(latest(t), &Found{Answer: answer("rt-8"), Name: t.nameOf(latest(t)), Status: Requested}, now())
		}, going, nil, false, false},
		{"Duplicated by nobody", func(t *Transfer) ([]fact.Fact, error) { return t.Duplicated(latest(t), nil, now()) }, going, nil, false, false},
		{"Duplicated by the first", func(t *Transfer) ([]fact.Fact, error) {
			return t.Duplicated(latest(t), &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Requested}, now())
		}, going, nil, false, false},
		{"AskCheck", func(t *Transfer) ([]fact.Fact, error) { return t.AskCheck() }, alive, nil, false, false},
		{
			"CancelTransfer", func(t *Transfer) ([]fact.Fact, error) { return t.CancelTransfer("no", operator(), now()) }, nil,
			append([]State{WaitingDecision}, ended...), false, false,
		},
		{"Tick", func(t *Transfer) ([]fact.Fact, error) { return t.Tick(Action{Look: t.Looks}, now()) }, nil, nil, false, false},
		{"Tick late", func(t *Transfer) ([]fact.Fact, error) { return t.Tick(Action{}, now().Add(30*day)) }, nil, nil, false, false},
		{"CancelSent", func(t *Transfer) ([]fact.Fact, error) { return t.CancelSent(latest(t), now()) }, nil, nil, false, false},
		observe(Requested), observe(Accepted), observe(Declined), observe(Canceled), observe(Expired), observe(Withdrawn),
	}
}

func observe(s InvitationState) verb {
	return verb{"Observe " + string(s), func(t *Transfer) ([]fact.Fact, error) {
		id := "rt-1"
		if inv := t.Current(); inv != nil && inv.AWSTransferID != "" {
			id = inv.AWSTransferID
		}
		return t.Observe(Observation{AWSTransferID: id, Status: s}, now())
	}, nil, []State{Completed, Failed, Cancelled}, false, false}
}

func latest(t *Transfer) int {
	if inv := t.Current(); inv != nil {
		return inv.Attempt
	}
	return 0
}

// TestEveryStateAndVerb goes through all pairs: outside of the states that accept it a verb is refused and changes
// nothing, and an end is never left.
func TestEveryStateAndVerb(t *testing.T) {
	for _, s := range States() {
		for _, v := range verbs() {
			t.Run(string(s)+" "+v.name, func(t *testing.T) {
				tr := in(t, s)
				before := dump(t, tr)
				facts, err := v.do(tr)
				switch {
				case v.accepts != nil && !slices.Contains(v.accepts, s):
					refused(t, err, ReasonStateRefuses)
				case v.accepts == nil && err != nil && !v.may:
					t.Fatalf("refused: %v", err)
				}
				if err != nil || s.Ended() && !v.after || slices.Contains(v.keeps, s) {
					if len(facts) > 0 || dump(t, tr) != before {
						t.Fatalf("changed without a right: %v\n%s\n%s", names(facts), before, dump(t, tr))
					}
				}
			})
		}
	}
}

// TestEndingRefusesSteps refuses step verbs while an invitation is being cancelled.
func TestEndingRefusesSteps(t *testing.T) {
	for _, v := range verbs() {
		if v.accepts == nil || v.name == "AskCheck" {
			continue
		}
		tr := invited(t)
		must(t)(tr.CancelTransfer("no", operator(), now()))
		before := dump(t, tr)
		if _, err := v.do(tr); err == nil || dump(t, tr) != before {
			t.Errorf("%s: got %v", v.name, err)
		}
	}
}

// TestTransitions are the state changes of a transfer whose invitation is out, all of them.
func TestTransitions(t *testing.T) {
	want := map[string]State{
		"Observe DECLINED": Failed, "Observe EXPIRED": Failed, "Observe WITHDRAWN": Failed,
		"Observe withdrawn at a month's end": WaitingDecision, // who pays?
	}
	for _, v := range verbs() {
		tr := invited(t)
		end := want[v.name]
		if end == "" {
			end = InProgress
		}
		if _, err := v.do(tr); err == nil && tr.State != end {
			t.Errorf("%s: got %s, want %s", v.name, tr.State, end)
		}
	}
	decided := in(t, WaitingDecision)
	must(t)(decided.Observe(saw(Withdrawn), now()))
	if decided.State != Cancelled {
		t.Errorf("withdrawn after a decision: got %s", decided.State)
	}
}

// TestEveryStepStateAndVerb goes through all pairs of a step, for one that completes by word, one that is observed, and one
// without which there is no journey.
func TestEveryStepStateAndVerb(t *testing.T) {
	type refusals struct{ complete, skip, reopen, retry string }
	const ok, closed, notOpen = "", ReasonStepNotClosed, ReasonStepNotOpen
	tables := map[string]map[StepState]refusals{
		"by-word": {
			Pending: {ReasonStepGuardClosed, ok, closed, ReasonStepNotFailed},
			Open:    {ok, ok, closed, ReasonStepNotFailed},
			Done:    {notOpen, notOpen, ok, ReasonStepNotFailed},
			Skipped: {notOpen, notOpen, ok, ReasonStepNotFailed},
			Broken:  {notOpen, ok, closed, ok},
		},
		"deploy-roles": {
			Pending: {ReasonStepNotManual, ok, closed, ReasonStepNotFailed},
			Open:    {ReasonStepNotManual, ok, closed, ReasonStepNotFailed},
			Done:    {ReasonStepNotManual, notOpen, ReasonStepNotReopenable, ReasonStepNotFailed},
			Skipped: {ReasonStepNotManual, notOpen, ok, ReasonStepNotFailed},
			Broken:  {ReasonStepNotManual, ok, closed, ok},
		},
		"send-invitation": {
			Pending: {ReasonStepNotManual, ReasonStepNotSkippable, closed, ReasonStepNotFailed},
			Open:    {ReasonStepNotManual, ReasonStepNotSkippable, closed, ReasonStepNotFailed},
			Done:    {ReasonStepNotManual, notOpen, ReasonStepNotReopenable, ReasonStepNotFailed},
			Skipped: {ReasonStepNotManual, notOpen, ReasonStepNotReopenable, ReasonStepNotFailed},
			Broken:  {ReasonStepNotManual, ReasonStepNotSkippable, closed, ok},
		},
	}
	for key, table := range tables {
		for _, state := range StepStates() {
			want, known := table[state]
			if !known {
				t.Fatalf("%s: no row for %s", key, state)
			}
			do := map[string]func(*Transfer) ([]fact.Fact, error){
				want.complete + " complete": func(tr *Transfer) ([]fact.Fact, error) {
					return tr.CompleteStep(key, Word{Evidence: "seen"}, operator(), now())
				},
				want.skip + " skip":     func(tr *Transfer) ([]fact.Fact, error) { return tr.SkipStep(key, "no", operator(), now()) },
				want.reopen + " reopen": func(tr *Transfer) ([]fact.Fact, error) { return tr.ReopenStep(key, "yes", operator(), now()) },
				want.retry + " retry":   func(tr *Transfer) ([]fact.Fact, error) { return tr.RetryStep(key, operator(), now()) },
			}
			for name, verb := range do {
				reason, _, _ := strings.Cut(name, " ")
				facts, err := verb(stepIn(t, key, state))
				if errs.ReasonOf(err) != reason || (err == nil) != (len(facts) > 0) {
					t.Errorf("%s %s: got %v with %v, want %q", state, key+" "+name, err, names(facts), reason)
				}
			}
		}
	}
}

// stepIn returns a transfer with a step in a state; one that waits has not been reached yet.
func stepIn(t testing.TB, key string, state StepState) *Transfer {
	t.Helper()
	if state == Pending {
		return worded(t, fresh)
	}
	tr := worded(t, agreed)
	s := step(t, tr, key)
	s.begin(now())
	if s.State = state; state == Broken {
		s.Failure, s.Blocked = &Failure{Code: CodePayerRefused}, &Blocked{Owner: Reseller}
	}
	return tr
}

// worded returns a transfer that has a step which completes by word, after the acceptance.
func worded(t testing.TB, start func(testing.TB) *Transfer) *Transfer {
	t.Helper()
	tr := start(t)
	tr.Steps = append(tr.Steps, Step{
		Key: "by-word", Title: "By word", Owner: Customer, State: Pending, CompletedBy: Manual, Skippable: true,
		EscalateAfter: day, Requires: []string{"accept-invitation"}, What: "Do it.", Where: "here",
	})
	tr.advance(now())
	return tr
}
