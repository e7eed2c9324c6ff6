package servicenow_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecordsOutliveARestart(t *testing.T) {
	r := newRig(t, kept(t))
	account := r.made("/api/now/table/customer_account", values{"name": "Customer One"})["sys_id"]
	id := r.made(cases, values{"correlation_id": "chn_1", "account": account, "comments": "hello"})["sys_id"].(string)
	r.do(http.MethodPatch, cases+"/"+id, values{"state": "10"})
	before := r.sim.Records("", "")
	r.restart()
	if diff := cmp.Diff(before, r.sim.Records("", "")); diff != "" {
		t.Error(diff)
	}
	shows(t, r.made(cases, values{}), values{"number": "CS0001002"}) // numbers go on
}
