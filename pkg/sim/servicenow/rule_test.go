package servicenow_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/servicenow"
)

func caseCancelled(on bool) func(*servicenow.Options) {
	return func(o *servicenow.Options) { o.CaseCancelled = on }
}

// moves go from a record as it is created to the answer of one write by the integration.
func TestStateRules(t *testing.T) {
	solved := values{"state": "6", "resolution_code": "done", "close_notes": "set up"}
	for name, c := range map[string]struct {
		table    string
		create   values
		write    values
		status   int
		then     values
		mentions string
	}{
		"incident is begun":                  {incidents, nil, values{"state": "2"}, 200, values{"incident_state": "2"}, ""},
		"incident is not closed at once":     {incidents, nil, values{"state": "7"}, 403, nil, "State model"},
		"incident has no such state":         {incidents, nil, values{"state": "18"}, 403, nil, "State model"},
		"hold needs a reason":                {incidents, nil, values{"state": "3"}, 403, nil, "hold_reason"},
		"waiting for the caller needs words": {incidents, nil, values{"state": "3", "hold_reason": "1"}, 403, nil, "comments"},
		"waiting for the vendor needs none":  {incidents, nil, values{"state": "3", "hold_reason": "4"}, 200, values{"state": "3"}, ""},
		"caller's words end the wait": {
			incidents,
			values{"state": "3", "hold_reason": "1", "comments": "?"},
			values{"comments": "!"},
			200,
			values{"state": "2", "hold_reason": ""},
			"",
		},
		"incident needs a code and notes": {incidents, nil, values{"state": "6"}, 403, nil, "close_code, close_notes"},
		"incident is resolved": {
			incidents, nil,
			values{"state": "6", "close_code": "x", "close_notes": "y"},
			200,
			values{"active": "true", "resolved_at": "2026-02-16 09:00:00"},
			"",
		},
		"canceled incident stays": {incidents, values{"state": "8"}, values{"comments": "hello"}, 403, nil, "read-only"},
		"priority is looked up": {
			incidents, nil, values{"impact": "1", "urgency": "1", "priority": "4"}, 200, values{"priority": "1"}, "",
		},
		"case needs a code and notes":    {cases, nil, values{"state": "6", "resolution_code": "done"}, 403, nil, "close_notes"},
		"case is resolved":               {cases, nil, solved, 200, values{"state": "6"}, ""},
		"customer's words open the case": {cases, values{"state": "18"}, values{"comments": "here"}, 200, values{"state": "10"}, ""},
		"case is rejected":               {cases, solved, values{"state": "10"}, 200, values{"resolved_at": ""}, ""},
		"case is accepted": {
			cases, solved, values{"state": "3"}, 200, values{"active": "false", "closed_at": "2026-02-16 09:00:00"}, "",
		},
		"closed case stays":        {cases, values{"state": "3"}, values{"state": "10"}, 403, nil, "read-only"},
		"case cannot be cancelled": {cases, nil, values{"state": "7"}, 403, nil, "State model"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			id := r.made(c.table, c.create)["sys_id"].(string)
			got := r.do(http.MethodPatch, c.table+"/"+id, c.write)
			if c.status != http.StatusOK {
				refused(t, got, c.status, "Operation Failed")
				if !strings.Contains(got.body, c.mentions) {
					t.Errorf("%s does not mention %q", got.body, c.mentions)
				}
				return
			}
			shows(t, r.record(got), c.then)
		})
	}
}

func TestCancelledCasesAreOfCustomizedInstances(t *testing.T) {
	r := newRig(t, caseCancelled(true))
	id := r.made(cases, values{})["sys_id"].(string)
	shows(t, r.record(r.do(http.MethodPatch, cases+"/"+id, values{"state": "7"})), values{"state": "7", "active": "false"})
}

func TestAgentsMoveRecordsByTheSameRules(t *testing.T) {
	r := newRig(t)
	id := r.made(cases, values{"correlation_id": "chn_1", "state": "18", "contact": "jane"})["sys_id"].(string)
	r.made(cases, values{"correlation_id": "chn_2"})
	steps := []error{
		r.sim.Comment(id, "please answer", ""), // an agent's words do not end the wait
		r.sim.Comment(id, "here it is", "jane"),
		r.sim.Update(id, map[string]string{"work_notes": "fine"}),
		r.sim.Resolve(id, "", "set up"),
	}
	for n, err := range steps {
		if err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
	}
	for _, err := range []error{r.sim.Update(id, map[string]string{"state": "3"}), r.sim.Resolve(id, "", "")} {
		if errs.KindOf(err) != errs.Precondition || errs.ReasonOf(err) != "SERVICENOW_REFUSES" {
			t.Errorf("the customer's answer was taken from them: %v", err)
		}
	}
	if err := r.sim.Resolve("nothing", "", "x"); errs.ReasonOf(err) != "RECORD_UNKNOWN" {
		t.Error(err)
	}
	records := r.sim.Records("", "chn_1")
	if len(records) != 1 || len(r.sim.Records("", "")) != 2 {
		t.Fatalf("%+v", records)
	}
	want := []servicenow.Note{
		{Element: "comments", Text: "please answer", By: "support.agent", On: "2026-02-16 09:00:00"},
		{Element: "comments", Text: "here it is", By: "jane", On: "2026-02-16 09:00:00"},
		{Element: "work_notes", Text: "fine", By: "support.agent", On: "2026-02-16 09:00:00"},
	}
	if diff := cmp.Diff(want, records[0].Notes); diff != "" {
		t.Error(diff)
	}
	if f := records[0]; f.State != "Resolved" || f.Fields["sys_updated_by"] != "support.agent" || f.Fields["sys_mod_count"] != "4" {
		t.Errorf("%+v", f)
	}
	if n := len(r.sim.Calls(anyCall)); n != 2 {
		t.Errorf("%d calls: agents make none", n)
	}
}
