package main

import (
	"testing"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// A request has its effect at AWS once; what AWS refused or was asked by a fault has none, and another day's invitation is another one.
// AWS knows of the first one also when its log was lost with a kill.
func TestDoubles(t *testing.T) {
	const invite, create, account = "InviteAccountToOrganization", "CreateBillingGroup", "CreateAccount"
	call := func(operation string, since time.Duration) *sandboxv1.AwsCall {
		return &sandboxv1.AwsCall{Sequence: 9, Operation: operation, Effect: true, BusinessTime: at(0), RepeatsTime: at(-since)}
	}
	first, refused, repeated := call(create, 0), call(create, time.Hour), call(create, time.Hour)
	first.RepeatsTime, refused.Effect, repeated.Fault = nil, false, sandboxv1.FaultKind_FAULT_KIND_DUPLICATE
	for name, c := range map[string]struct {
		call  *sandboxv1.AwsCall
		wrong int
	}{
		"the first":                       {call: first},
		"again":                           {call: call(create, time.Hour), wrong: 1},
		"again on another day":            {call: call(create, 24*time.Hour), wrong: 1},
		"an account at once":              {call: call(account, time.Minute), wrong: 1},
		"an account that failed before":   {call: call(account, 90*time.Minute)},
		"refused":                         {call: refused},
		"repeated by a fault":             {call: repeated},
		"an invitation twice a day":       {call: call(invite, time.Hour), wrong: 1},
		"an invitation a day later":       {call: call(invite, 24*time.Hour)},
		"an operation that makes nothing": {call: call("UpdateAccount", time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			d := doubles{last: 7} // nobody has read the eighth
			d.forgotten()
			d.see(c.call)
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
