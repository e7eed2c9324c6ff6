package support_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/sim/fault"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

const (
	post  = "POST sn_customerservice_case"
	patch = "PATCH sn_customerservice_case"
)

// TestNothingIsLostOrDoubled: whatever ServiceNow does, there is one record of the case, and everything was said once.
func TestNothingIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]fault.Fault{
		"lost answers":   {{Operation: post, Kind: fault.LostAnswer, Times: 1}, {Operation: patch, Kind: fault.LostAnswer, Times: 1}},
		"pages, 503":     {{Operation: post, Kind: fault.ServerError, Times: 1}, {Operation: patch, Kind: fault.ServerError, Times: 1}},
		"too many calls": {{Operation: post, Kind: fault.Throttle, Times: 1}, {Operation: patch, Kind: fault.Throttle, Times: 1}},
		"slow answers": {
			{Operation: post, Kind: fault.Slow, Delay: time.Minute, Times: 1}, {Operation: patch, Kind: fault.Slow, Delay: time.Minute, Times: 1},
		},
		"made twice":                {{Operation: post, Kind: fault.Duplicate, Times: 1}},
		"a comment that comes late": {{Operation: patch, Kind: fault.Late, Delay: 3 * time.Second, Times: 1}},
		"a comment that comes late, unseen": {
			{Operation: patch, Kind: fault.Late, Delay: 3 * time.Second, Times: 1},
			{Operation: "GET sys_journal_field", Kind: fault.ServerError, Times: 1},
		},
		"lost while looking": {
			{Operation: post, Kind: fault.LostAnswer, Times: 1},
			{Operation: "GET sn_customerservice_case", Kind: fault.LostAnswer, Times: 1},
			{Operation: patch, Kind: fault.LostAnswer, Times: 1},
			{Operation: "GET sys_journal_field", Kind: fault.ServerError, Times: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			late := ", late: 100ms"
			if strings.Contains(name, "late") {
				late = ", late: 6s" // longer than what comes late is held back
			}
			a := startAlone(t, late)
			for _, f := range faults {
				a.fault(t, f)
			}
			k := a.open(t, a.person(t), a.question())
			if _, err := a.cases.CommentCase(a.person(t), &supportv1.CommentCaseRequest{CaseId: k.GetCaseId(), Text: "Hello?"}); err != nil {
				t.Fatal(err)
			}
			a.quiet(t)
			if left := a.sim.Faults(); len(left) != 0 {
				t.Errorf("faults that nothing met: %+v", left)
			}
			record := a.record(t, k.GetCaseId())
			k = a.read(t, k.GetCaseId())
			if strings.Contains(name, "late") {
				a.until(t, "the late comment is there", func() bool { return slices.ContainsFunc(a.sim.Calls(fault.CallQuery{}), cameLate) })
				a.pass(t)
				record = a.record(t, k.GetCaseId())
			}
			if len(record.Notes) != 1 || record.SysID != k.GetRecord().GetSysId() {
				t.Errorf("ServiceNow has %+v, we have %v", record, k)
			}
			a.said(t, k, "CUSTOMER Hello?")
		})
	}
}

func cameLate(c fault.Call) bool { return c.Fault == fault.Late }

// TestRecordThatComesLate: a request that was given up arrives after the record was made again.
func TestRecordThatComesLate(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	a.fault(t, fault.Fault{Operation: post, Kind: fault.Late, Delay: 3 * time.Second, Times: 1})
	k := a.open(t, a.person(t), a.question())
	if n := len(a.sim.Records("", k.GetCaseId())); n != 1 {
		t.Fatalf("%d records before the late one", n)
	}
	a.until(t, "the late record is there", func() bool { return len(a.sim.Records("", k.GetCaseId())) == 2 })
	a.pass(t)
	if record := a.record(t, k.GetCaseId()); record.SysID != k.GetRecord().GetSysId() {
		t.Errorf("another record counts than %v", k.GetRecord())
	}
}

func TestTokensAreRevoked(t *testing.T) {
	t.Parallel()
	a := startAlone(t, oauth(t))
	k := a.open(t, a.person(t), a.question())
	a.sim.RevokeTokens()
	a.resolve(t, k.GetCaseId())
	if got := a.read(t, k.GetCaseId()).GetState(); got != supportv1.CaseState_CASE_STATE_RESOLVED {
		t.Errorf("it is %s", got)
	}
	if n := len(a.sim.Calls(fault.CallQuery{Operation: "POST oauth_token.do"})); n != 2 {
		t.Errorf("%d tokens were asked for", n)
	}
}

// TestWithoutServiceNow: the case is open here, and the wish to tell ServiceNow stays.
func TestWithoutServiceNow(t *testing.T) {
	t.Parallel()
	a := &alone{}
	a.start(t, "services: {support: {servicenow: {url: 'http://127.0.0.1:1', settle: 100ms}}}")
	resp, err := a.cases.OpenCase(a.operator(t), &supportv1.OpenCaseRequest{
		Kind: supportv1.CaseKind_CASE_KIND_UNCLAIMED_RELATIONSHIP, Title: "Whose is it?",
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Restart()
	a.cases = supportv1.NewCaseServiceClient(a.Conn())
	if k := a.read(t, resp.GetCase().GetCaseId()); k.GetState() != supportv1.CaseState_CASE_STATE_NEW || k.GetRecord() != nil ||
		k.GetCorrelation() != k.GetCaseId() {
		t.Errorf("it is %v", k)
	}
	work, err := opsv1.NewOperationsServiceClient(a.Conn()).GetWork(a.operator(t), &opsv1.GetWorkRequest{Service: "support"})
	if err != nil {
		t.Fatal(err)
	}
	if w := work.GetWork(); w.GetDue()+w.GetClaimed()+w.GetBackingOff() != 1 || w.GetParked() != 0 {
		t.Errorf("still to do is %v, want one case", w)
	}
}

func TestLimitIsShared(t *testing.T) {
	t.Parallel()
	a := startAlone(t, ", calls_per_hour: 120")
	for range 3 {
		if _, err := a.cases.OpenCase(a.person(t), a.question()); err != nil {
			t.Fatal(err)
		}
	}
	a.until(t, "the limit is met", func() bool {
		p, err := a.env.DB.Pending(t.Context())
		return err == nil && p.Due+p.Claimed == 0 && p.BackingOff > 0
	})
	if n := len(a.sim.Calls(fault.CallQuery{})); n != 2 { // a minute's worth
		t.Errorf("%d calls", n)
	}
}
