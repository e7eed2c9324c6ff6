package servicenow_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestPagesShowWhatIsThere(t *testing.T) {
	r := newRig(t)
	look := func(path string) string {
		t.Helper()
		got := r.do(http.MethodGet, path, nil, header("Authorization", ""))
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return got.body
	}
	if !strings.Contains(look("/"), "There are none yet.") {
		t.Error("an empty instance shows something")
	}
	account := r.made("/api/now/table/customer_account", values{"name": "Customer One"})["sys_id"]
	id := r.made(
		cases, values{"short_description": "<Channel>", "correlation_id": "chn_1", "account": account, "comments": "hello"},
	)["sys_id"].(string)
	record := "/record/sn_customerservice_case/" + id
	for path, words := range map[string][]string{
		"/":    {"CS0001001", "&lt;Channel&gt;", "New", "chn_1", "Customer One", record},
		record: {"CS0001001", "&lt;Channel&gt;", "Customer One", "hello", "comments", "2026-02-16 09:00:00"},
	} {
		page := look(path)
		for _, word := range words {
			if !strings.Contains(page, word) {
				t.Errorf("%s does not show %q:\n%s", path, word, page)
			}
		}
	}
	if got := r.do(http.MethodGet, "/record/incident/"+id, nil); got.status != http.StatusNotFound {
		t.Errorf("%d", got.status)
	}
	if n := len(r.sim.Calls(anyCall)); n != 2 {
		t.Errorf("%d calls: pages are none", n)
	}
}
