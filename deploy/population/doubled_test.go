package main

import (
	"testing"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// A request has its effect at AWS once; what AWS refused or was asked by a fault has none, and another day's invitation is another one.
func TestDoubles(t *testing.T) {
	call := func(after time.Duration, operation, request string) *sandboxv1.AwsCall {
		return &sandboxv1.AwsCall{Operation: operation, Request: request, Effect: true, BusinessTime: at(after)}
	}
	const invite, create = "InviteAccountToOrganization", "CreateBillingGroup"
	refused, repeated := call(0, create, "a"), call(0, create, "a")
	refused.Effect, repeated.Fault = false, sandboxv1.FaultKind_FAULT_KIND_DUPLICATE
	for name, c := range map[string]struct {
		second *sandboxv1.AwsCall
		first  *sandboxv1.AwsCall
		wrong  int
	}{
		"the same":                        {first: call(0, create, "a"), second: call(time.Hour, create, "a"), wrong: 1},
		"another":                         {first: call(0, create, "a"), second: call(time.Hour, create, "b")},
		"refused":                         {first: call(0, create, "a"), second: refused},
		"repeated by a fault":             {first: call(0, create, "a"), second: repeated},
		"an invitation twice a day":       {first: call(0, invite, "a"), second: call(time.Hour, invite, "a"), wrong: 1},
		"an invitation a day later":       {first: call(0, invite, "a"), second: call(24*time.Hour, invite, "a")},
		"an operation that makes nothing": {first: call(0, "ListAccounts", ""), second: call(0, "ListAccounts", "")},
	} {
		t.Run(name, func(t *testing.T) {
			var d doubles
			c.first.Sequence, c.second.Sequence = 7, 9 // nobody has read the eighth
			d.see(c.first)
			d.see(c.second)
			if len(d.wrong) != c.wrong || d.calls != 9 {
				t.Errorf("wrong are %v of %d calls", d.wrong, d.calls)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	record := func(correlation, state, resolved string) *sandboxv1.ServiceNowRecord {
		return &sandboxv1.ServiceNowRecord{CorrelationId: correlation, Fields: map[string]string{"state": state, "resolved_at": resolved}}
	}
	for second, want := range map[*sandboxv1.ServiceNowRecord]string{
		record("cas_1", "1", ""): "two records of cas_1", record("cas_1", closedRecord, "2026-05-01 09:00:00"): "two records of cas_1",
		record("cas_1", closedRecord, ""): "", record("cas_1", cancelledRecord, ""): "", record("cas_2", "1", ""): "",
	} {
		j, records := &verdict{now: now}, map[string]int{}
		j.record(records, record("cas_1", "1", ""))
		j.record(records, second)
		checkWrong(t, j, want)
	}
}

func TestMail(t *testing.T) {
	mail := func(id, text string, after time.Duration) *sandboxv1.Mail {
		return &sandboxv1.Mail{MessageId: id, To: []string{"pat@example.com"}, Subject: "Accept", Text: text, ArriveTime: at(after)}
	}
	for second, want := range map[*sandboxv1.Mail]string{
		mail("2", "Accept.", 0): "has had two mails", mail("1", "Accept.", 0): "", mail("2", "Deploy.", 0): "",
		mail("2", "Accept.", time.Hour): "",
	} {
		var d doubles
		seen := map[uint64]uint64{}
		d.mailed(seen, mail("1", "Accept.", 0))
		d.mailed(seen, second)
		checkWrong(t, &verdict{wrong: d.wrong}, want)
	}
}
