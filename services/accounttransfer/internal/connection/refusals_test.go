package connection

import (
	"testing"

	"example.com/handover/services/accounttransfer/internal/process"
)

func TestEveryRefusalSaysWhoAndWhat(t *testing.T) {
	codes := map[string]bool{CodeAccountNotEligible: true, CodeAccountInvalid: true, CodePayerRefused: true}
	for _, reason := range Reasons() {
		r := Judge(reason)
		if r.Reason != reason || r.Failure.Text.IsZero() || r.Blocked.Owner == "" || r.Blocked.Text.IsZero() || !codes[r.Failure.Code] {
			t.Errorf("%s is not filled in: %+v", reason, r)
		}
		if !r.LaterStart && r.RetryAfter < day {
			t.Errorf("%s is tried again after %v", reason, r.RetryAfter)
		}
	}
	if r := Judge("SOMETHING_NEW"); r.Blocked.Owner != process.Reseller || r.RetryAfter != 0 ||
		r.Failure.Text.Params["reason"] != "SOMETHING_NEW" {
		t.Errorf("got %+v", r)
	}
}
