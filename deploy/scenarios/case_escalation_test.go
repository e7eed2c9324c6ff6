package scenarios_test

import (
	"strings"
	"testing"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestCaseThatStandsStill: Operations gets a mail about a case that nobody works on, again on a schedule, and none once it is
// resolved. It is so for a case about no customer, too.
func TestCaseThatStandsStill(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened, err := w.Cases.OpenCase(w.operator(t), &supportv1.OpenCaseRequest{
		Kind: supportv1.CaseKind_CASE_KIND_UNCLAIMED_RELATIONSHIP, Title: "Whose is it?", Priority: supportv1.CasePriority_CASE_PRIORITY_P1,
	})
	if err != nil {
		t.Fatal(err)
	}
	caseID, since := opened.GetCase().GetCaseId(), w.Now(t)
	mails := func() (n int) {
		for _, m := range w.mailed(t, &sandboxv1.ListMailRequest{To: operationsAddress, WithText: true}) {
			if strings.Contains(m.GetText(), caseID) {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{3 * time.Hour, 0}, {5 * time.Hour, 1}, {20 * time.Hour, 1}, {30 * time.Hour, 2}} {
		w.Advance(t, since.Add(step.after))
		if got := mails(); got != step.want {
			t.Errorf("after %s Operations has %d mails, want %d", step.after, got, step.want)
		}
	}
	if err := w.agent(t).ResolveCase(t.Context(), caseID, "It is ours."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, since.Add(300*time.Hour))
	if got := mails(); got != 2 {
		t.Errorf("long after the case was resolved Operations has %d mails", got)
	}
}
