package termination_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/termination"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	got, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestCheck are the worked examples of the end side: a billing from March 2026, twelve cycles.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		example, serviceEnd, now, earliest, scheduled string
		over, differ                                  bool
	}{
		{"12 inside the term", "", "2026-09-10T00:00:00Z", "2026-10-01", "2027-03-01", false, false},
		{"13 one second early", "", "2027-01-31T23:59:59Z", "2027-02-01", "2027-03-01", false, false},
		{"14 the first instant of the last cycle", "", "2027-02-01T00:00:00Z", "2027-03-01", "2027-03-01", true, false},
		{"14 the last second of the last cycle", "", "2027-02-28T23:59:59Z", "2027-03-01", "2027-03-01", true, false},
		{"15 the last second of a month", "", "2027-03-31T23:59:59Z", "2027-04-01", "2027-04-01", true, false},
		{"15 the first instant of a month", "", "2027-04-01T00:00:00Z", "2027-05-01", "2027-05-01", true, false},
		{"17 before the start", "", "2026-01-24T00:00:00Z", "2026-03-01", "2027-03-01", false, false},
		{"a service term of the same end", "2027-02-28T23:59:59Z", "2027-02-20T00:00:00Z", "2027-03-01", "2027-03-01", true, false},
		{"a service term in the last cycle", "2027-02-19T10:00:00Z", "2026-09-10T00:00:00Z", "2026-10-01", "2027-03-01", false, false},
		{"a service term that costs a cycle more", "2027-03-02T08:00:00Z", "2027-02-20T00:00:00Z", "2027-03-01", "2027-04-01", false, true},
		{"in that cycle", "2027-03-02T08:00:00Z", "2027-03-01T00:00:00Z", "2027-04-01", "2027-04-01", true, true},
	} {
		t.Run(tt.example, func(t *testing.T) {
			term := termination.Term{
				Start: at(t, "2026-03-01T00:00:00Z"), End: at(t, "2027-03-01T00:00:00Z"), ServiceEnd: at(t, tt.serviceEnd),
			}
			got := term.At(at(t, tt.now))
			if got.Over != tt.over || got.Differ != tt.differ || got.Earliest.Format(time.DateOnly) != tt.earliest ||
				got.Scheduled.Format(time.DateOnly) != tt.scheduled {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestDecisions is every outcome, inside and outside of the term, with and without a reason.
func TestDecisions(t *testing.T) {
	refused := map[termination.Outcome]map[bool]string{ // by whether the term is over
		termination.ApproveNow:     {false: termination.ReasonCommitmentNotOver},
		termination.GrantException: {true: termination.ReasonCommitmentOver},
	}
	for _, outcome := range termination.Outcomes() {
		for _, over := range []bool{true, false} {
			for _, reason := range []string{"", "Because."} {
				want := refused[outcome][over]
				if reason == "" && want == "" && (outcome == termination.GrantException || outcome == termination.Refuse) {
					want = termination.ReasonFieldRequired
				}
				err := termination.Against(termination.Decision{Outcome: outcome, Reason: reason}, termination.Check{Over: over})
				if errs.ReasonOf(err) != want {
					t.Errorf("%s, over %v, reason %q: got %v, want %s", outcome, over, reason, err, want)
				}
			}
		}
	}
}

// TestPlan: what is scheduled is asked for with the first day of its last month, so that people have all of that.
func TestPlan(t *testing.T) {
	now := at(t, "2026-09-10T12:00:00Z")
	term := termination.Term{Start: at(t, "2026-03-01T00:00:00Z"), End: at(t, "2027-03-01T00:00:00Z")}
	planned := termination.Termination{Check: term.At(now), Phase: termination.Review}
	planned.Approve(termination.Decision{Outcome: termination.Schedule, DecidedAt: now})
	if planned.Phase != termination.Approved || !planned.ActAt.Equal(at(t, "2027-02-01T00:00:00Z")) || !planned.EndAt.Equal(term.End) {
		t.Errorf("scheduled: %+v", planned)
	}
	planned.Approve(termination.Decision{Outcome: termination.GrantException, DecidedAt: now})
	if !planned.ActAt.Equal(now) || !planned.EndAt.Equal(at(t, "2026-10-01T00:00:00Z")) {
		t.Errorf("by exception: %+v", planned)
	}
}
