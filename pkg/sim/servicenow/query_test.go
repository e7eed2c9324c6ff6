package servicenow_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/sim/servicenow"
)

func TestEncodedQueries(t *testing.T) {
	r := newRig(t)
	group := r.made("/api/now/table/sys_user_group", values{"name": "AWS"})["sys_id"].(string)
	for _, v := range []values{
		{"short_description": "a", "category": "channel", "correlation_id": "chn_1", "assignment_group": group},
		{"short_description": "b", "category": "channel", "correlation_id": "chn_2", "urgency": "1"},
		{"short_description": "c", "category": "Orphan x^y", "correlation_id": "cas_10"},
	} {
		r.made(incidents, v)
	}
	for query, want := range map[string]string{
		"correlation_id=chn_1":                            "a",
		"correlation_id=CHN_1":                            "a",
		"category!=channel":                               "c",
		"correlation_idINchn_1,cas_10":                    "ac",
		"categoryLIKEphan":                                "c",
		"correlation_idSTARTSWITHchn":                     "ab",
		"correlation_idENDSWITH0":                         "c",
		"urgency<=1":                                      "b",
		"sys_updated_on>=2026-02-16 09:00:00":             "abc",
		"sys_updated_on>2026-02-16 09:00:00":              "",
		"assignment_groupISEMPTY":                         "bc",
		"assignment_group.name=AWS":                       "a",
		"category=channel^urgency=1":                      "b",
		"category=channel^urgency=1^ORurgency=3":          "ab",
		"urgency=1^NQcorrelation_id=cas_10":               "bc",
		"category=Orphan x^^y":                            "c",
		"u_unknown=1":                                     "abc", // an invalid part is ignored: more rows than were wanted
		"category=channel^short_description~a":            "ab",
		"category=channel^ORDERBYDESCshort_description^":  "ba",
		"urgency=3^NQurgency=1^ORDERBYDESCcorrelation_id": "bac",
	} {
		if !strings.Contains(query, "ORDERBY") {
			query += "^ORDERBYshort_description"
		}
		if got := r.chosen(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if rows, _ := r.list(incidents, "correlation_id", "cas_10", "urgency", "3"); len(rows) != 1 || rows[0]["short_description"] != "c" {
		t.Errorf("plain parameters choose %v", rows)
	}
}

func (r *rig) chosen(query string) string {
	r.t.Helper()
	rows, _ := r.list(incidents, "sysparm_query", query)
	var all []string
	for _, row := range rows {
		all = append(all, row["short_description"].(string))
	}
	return strings.Join(all, "")
}

func TestRowsWithoutAnOrderAreOrderedBySysID(t *testing.T) {
	r := newRig(t)
	for range 5 {
		r.made(incidents, values{})
	}
	rows, _ := r.list(incidents)
	var ids []string
	for _, row := range rows {
		ids = append(ids, row["sys_id"].(string))
	}
	if !slices.IsSorted(ids) {
		t.Errorf("%v", ids)
	}
}

func TestInvalidQueryCanChooseNothing(t *testing.T) {
	r := newRig(t, func(o *servicenow.Options) { o.InvalidQueryNothing = true })
	r.made(incidents, values{})
	if rows, _ := r.list(incidents, "sysparm_query", "u_unknown=1"); len(rows) != 0 {
		t.Errorf("%v", rows)
	}
}
