package servicenow_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var sysIDPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

func TestRecordIsCreatedReadAndChanged(t *testing.T) {
	r := newRig(t)
	account := r.made("/api/now/table/customer_account", values{"name": "Customer One"})
	got := r.do(http.MethodPost, cases, values{
		"short_description": "Support channel", "account": account["sys_id"], "correlation_id": "chn_1",
		"priority": 2, "number": "CS1", "u_nothing": "ignored",
	})
	made := r.record(got)
	id, _ := made["sys_id"].(string)
	if !sysIDPattern.MatchString(id) || got.header.Get("Location") != r.server.URL+cases+"/"+id {
		t.Errorf("sys_id %q, location %q", id, got.header.Get("Location"))
	}
	want := values{
		"number": "CS0001001", "state": "1", "priority": "2", "active": "true", "comments": "", "u_nothing": nil,
		"sys_mod_count": "0", "sys_created_on": "2026-02-16 09:00:00", "sys_created_by": "handover",
		"account": values{"link": r.server.URL + "/api/now/table/customer_account/" + account["sys_id"].(string), "value": account["sys_id"]},
	}
	shows(t, made, want)

	r.at(now.Add(time.Hour))
	change := values{"state": "10", "work_notes": "looking"}
	changed := r.record(r.do(http.MethodPatch, cases+"/"+id, change, as("other", "secret")))
	after := values{
		"state": "10", "sys_mod_count": "1", "sys_updated_on": "2026-02-16 10:00:00", "sys_updated_by": "other", "sys_created_by": "handover",
		"work_notes": "",
	}
	shows(t, changed, after)
	r.at(now.Add(2 * time.Hour))
	shows(t, r.record(r.do(http.MethodPut, cases+"/"+id, values{"state": "10"})), after) // nothing changes: nothing is written
	shows(t, r.record(r.do(http.MethodGet, cases+"/"+id, nil)), after)
}

// shows checks some fields of a record; nil: the record has no such field.
func shows(t *testing.T, got, want values) {
	t.Helper()
	some := values{}
	for name := range want {
		some[name] = got[name]
	}
	if diff := cmp.Diff(want, some); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestJournalsAreAppendOnly(t *testing.T) {
	r := newRig(t)
	made := r.made(incidents, values{"comments": "first"})
	id := made["sys_id"].(string)
	for range 2 { // a repeated write adds a second entry
		r.do(http.MethodPatch, incidents+"/"+id, values{"comments": "again"})
	}
	entries, _ := r.list(
		"/api/now/table/sys_journal_field", "sysparm_query", "element_id="+id+"^element=comments^ORDERBYvalue", "sysparm_fields",
		"value,name,sys_created_by",
	)
	want := []values{
		{"value": "again", "name": "incident", "sys_created_by": "handover"},
		{"value": "again", "name": "incident", "sys_created_by": "handover"},
		{"value": "first", "name": "incident", "sys_created_by": "handover"},
	}
	if diff := cmp.Diff(want, entries); diff != "" {
		t.Error(diff)
	}
	refused(t, r.do(http.MethodPost, "/api/now/table/sys_journal_field", values{"value": "mine"}), http.StatusForbidden, "Operation Failed")
}

func TestDisplayValues(t *testing.T) {
	r := newRig(t)
	group := r.made("/api/now/table/sys_user_group", values{"name": "AWS support"})["sys_id"].(string)
	id := r.made(incidents, values{"assignment_group": group, "impact": "1", "urgency": "2"})["sys_id"].(string)
	link := r.server.URL + "/api/now/table/sys_user_group/" + group
	for params, want := range map[string]values{
		"":                                     {"state": "1", "priority": "2", "assignment_group": values{"link": link, "value": group}},
		"&sysparm_exclude_reference_link=true": {"state": "1", "priority": "2", "assignment_group": group},
		"&sysparm_display_value=true": {
			"state": "New", "priority": "2 - High", "assignment_group": values{"link": link, "display_value": "AWS support"},
		},
		"&sysparm_display_value=all": {
			"state": values{"value": "1", "display_value": "New"}, "priority": values{"value": "2", "display_value": "2 - High"},
			"assignment_group": values{"link": link, "value": group, "display_value": "AWS support"},
		},
	} {
		got := r.record(r.do(http.MethodGet, incidents+"/"+id+"?sysparm_fields=state,priority,assignment_group,nothing"+params, nil))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", params, diff)
		}
	}
	walked := r.record(r.do(http.MethodGet, incidents+"/"+id+"?sysparm_fields=assignment_group.name", nil))
	if diff := cmp.Diff(values{"assignment_group.name": "AWS support"}, walked); diff != "" {
		t.Error(diff)
	}
}

func TestListIsPaged(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		r.made(incidents, values{"short_description": name})
	}
	rows, got := r.list(
		incidents, "sysparm_query", "ORDERBYDESCshort_description", "sysparm_limit", "2", "sysparm_offset", "2", "sysparm_fields",
		"short_description",
	)
	if diff := cmp.Diff([]values{{"short_description": "c"}, {"short_description": "b"}}, rows); diff != "" {
		t.Error(diff)
	}
	if n := got.header.Get("X-Total-Count"); n != "5" {
		t.Errorf("X-Total-Count %q", n)
	}
	for rel, offset := range map[string]string{"first": "0", "prev": "0", "next": "4", "last": "4"} {
		pattern := `sysparm_limit=2&sysparm_offset=` + offset + `&[^>]*>;rel="` + rel + `"`
		if !regexp.MustCompile(pattern).MatchString(got.header.Get("Link")) {
			t.Errorf("%s: %s", rel, got.header.Get("Link"))
		}
	}
	if _, end := r.list(incidents, "sysparm_limit", "2", "sysparm_offset", "4"); strings.Contains(end.header.Get("Link"), "next") {
		t.Errorf("after the end: %s", end.header.Get("Link"))
	}
	refused(t, r.do(http.MethodGet, incidents+"?sysparm_offset=-1", nil), http.StatusBadRequest, "Invalid value for sysparm_offset")
}

func TestEmptyListDependsOnTheVersion(t *testing.T) {
	r := newRig(t)
	refused(t, r.do(http.MethodGet, "/api/now/v1/table/incident", nil), http.StatusNotFound, "No Record found")
	for _, path := range []string{incidents, "/api/now/v2/table/incident"} {
		if rows, got := r.list(path); len(rows) != 0 || got.status != http.StatusOK || got.body != `{"result":[]}` {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

func TestStatesCanBeLookedUp(t *testing.T) {
	for cancelled, want := range map[bool]string{false: "1 10 18 6 3", true: "1 10 18 6 3 7"} {
		r := newRig(t, caseCancelled(cancelled))
		rows, _ := r.list("/api/now/table/sys_choice", "sysparm_query", "name=sn_customerservice_case^element=state^ORDERBYsequence")
		var got []string
		for _, row := range rows {
			got = append(got, row["value"].(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("cancelled %v: %v", cancelled, got)
		}
	}
}
