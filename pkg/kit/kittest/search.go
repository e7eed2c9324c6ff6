package kittest

import (
	"strings"
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/kit"
)

// SearchesByIndex fails when a search of a service goes over all rows of a table, or sorts more than the few that it finds, and when there
// are fewer searches than the test knows of. PostgreSQL, which decides by what is in the table, is measured.
func SearchesByIndex(t *testing.T, e *kit.Env, atLeast int) {
	t.Helper()
	ctx := call.With(t.Context(), call.Call{Scope: call.Everyone("test")})
	plans, err := e.PlanSearches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < atLeast {
		t.Errorf("%d searches are known, at least %d should be", len(plans), atLeast)
	}
	for what, plan := range plans {
		text := strings.Join(plan, "\n")
		if strings.Contains(text, "SCAN") || !strings.Contains(text, "INDEX") {
			t.Errorf("%s reads too much:\n%s", what, text)
		}
	}
}
