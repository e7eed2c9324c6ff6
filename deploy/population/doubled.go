package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// once are the operations of AWS that make something, of which the same request may have its effect once.
func once() []string {
	return []string{
		"InviteOrganizationToTransferResponsibility", "InviteAccountToOrganization", "CreateAccount", "CreateBillingGroup",
		"CreateRelationship", "CreateChannelHandshake",
	}
}

// doubles watches what AWS is asked and who has mail, day by day: neither keeps all of it. Which requests had their effect AWS itself
// knows, also after a kill.
type doubles struct {
	last         int64 // the last call that was read
	calls, mails int
	mail         string // the newest mail that was read
	wrong        []error
}

// watch reads what there is since the last time.
func (p *population) watch(ctx context.Context) error {
	if err := p.watchCalls(ctx); err != nil {
		return err
	}
	return p.watchMail(ctx)
}

// watchCalls reads the calls of AWS, which forgets them when it is killed, though not what they have made.
func (p *population) watchCalls(ctx context.Context) error {
	return every(p.doubled.see, func(token string) ([]*sandboxv1.AwsCall, string, error) {
		if token == "" {
			token = fmt.Sprint(p.doubled.last)
		}
		resp, err := p.operator.Sandbox.ListAwsCalls(p.operator.In(ctx), &sandboxv1.ListAwsCallsRequest{PageSize: page, PageToken: token})
		return resp.GetCalls(), resp.GetNextPageToken(), err
	})
}

func (d *doubles) see(c *sandboxv1.AwsCall) {
	d.calls += int(c.GetSequence() - d.last)
	d.last = c.GetSequence()
	if !c.GetEffect() || !slices.Contains(once(), c.GetOperation()) || c.GetFault() == sandboxv1.FaultKind_FAULT_KIND_DUPLICATE {
		return
	}
	if c.GetRepeatsTime() == nil {
		return
	}
	before, now := c.GetRepeatsTime().AsTime(), c.GetBusinessTime().AsTime()
	if c.GetOperation() == "CreateAccount" && now.Sub(before) >= time.Hour {
		return // AWS had failed to create it for a reason that passes
	}
	if c.GetOperation() == "InviteAccountToOrganization" && before.Format(time.DateOnly) != now.Format(time.DateOnly) {
		return // its request names no attempt: an account is asked anew on another day
	}
	d.wrong = append(d.wrong, fmt.Errorf("%s: AWS did %s, as it had at %s: %s", now.Format(time.RFC3339), c.GetOperation(),
		before.Format(time.RFC3339), c.GetRequest()))
}

// forgotten says that AWS was killed, and counts its calls from 1 again.
func (d *doubles) forgotten() { d.last = 0 }

// atServiceNow wants one record of each case.
func (j *verdict) atServiceNow(ctx context.Context) error {
	records := map[string]int{}
	see := func(r *sandboxv1.ServiceNowRecord) { j.record(records, r) }
	return every(see, func(token string) ([]*sandboxv1.ServiceNowRecord, string, error) {
		resp, err := j.operator.Sandbox.ListServiceNowRecords(j.operator.In(ctx), &sandboxv1.ListServiceNowRecordsRequest{
			PageSize: page, PageToken: token,
		})
		return resp.GetRecords(), resp.GetNextPageToken(), err
	})
}

// ServiceNow's states of a record that counts as none: cancelled, and closed without having been resolved, which a second record is
// once it was found.
const closedRecord, cancelledRecord = "3", "7"

func (j *verdict) record(records map[string]int, r *sandboxv1.ServiceNowRecord) {
	switch state := r.GetFields()["state"]; {
	case state == cancelledRecord, state == closedRecord && r.GetFields()["resolved_at"] == "":
		return
	}
	if records[r.GetCorrelationId()]++; records[r.GetCorrelationId()] == 2 {
		j.add("ServiceNow has two records of %s, one of them %s", r.GetCorrelationId(), r.GetNumber())
	}
}

// watchMail reads the mails since the last time. The mailbox keeps the newest ones.
func (p *population) watchMail(ctx context.Context) error {
	d, seen, newest, known := &p.doubled, map[uint64]uint64{}, "", false
	see := func(m *sandboxv1.Mail) {
		if known = known || m.GetMailId() == d.mail; known {
			return
		}
		newest = cmp.Or(newest, m.GetMailId())
		d.mailed(seen, m)
	}
	err := every(see, func(token string) ([]*sandboxv1.Mail, string, error) {
		if known {
			return nil, "", nil
		}
		resp, err := p.operator.Sandbox.ListMail(p.operator.In(ctx), &sandboxv1.ListMailRequest{PageSize: page, PageToken: token, WithText: true})
		return resp.GetMails(), resp.GetNextPageToken(), err
	})
	d.mail = cmp.Or(newest, d.mail)
	return err
}

// mailed wants nobody to have the same mail twice at a time. One that was sent anew because its answer was lost has the same id.
func (d *doubles) mailed(seen map[uint64]uint64, m *sandboxv1.Mail) {
	if m.GetSource() == "AWS" {
		return
	}
	d.mails++
	at := m.GetArriveTime().AsTime().Format(time.RFC3339)
	what, id := hashed(fmt.Sprint(m.GetTo(), m.GetSubject(), m.GetText(), at)), hashed(m.GetMessageId())
	if before, known := seen[what]; known && before != id {
		d.wrong = append(d.wrong, fmt.Errorf("%s: %v has had two mails: %s", at, m.GetTo(), m.GetSubject()))
	}
	seen[what] = id
}
