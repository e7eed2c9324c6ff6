package main

import (
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

// doubles watches what AWS is asked, as it is asked. It keeps a number for each thing that was made.
type doubles struct {
	after string // the last call that was read
	calls int    // that were read
	made  map[uint64]bool
	wrong []error
}

// watch reads the calls of AWS since the last time. AWS forgets them when it is killed.
func (p *population) watch(ctx context.Context) error {
	return every(p.doubled.see, func(token string) ([]*sandboxv1.AwsCall, string, error) {
		if token == "" {
			token = p.doubled.after
		}
		resp, err := p.operator.Sandbox.ListAwsCalls(p.operator.In(ctx), &sandboxv1.ListAwsCallsRequest{PageSize: page, PageToken: token})
		return resp.GetCalls(), resp.GetNextPageToken(), err
	})
}

func (d *doubles) see(c *sandboxv1.AwsCall) {
	d.calls++
	d.after = fmt.Sprint(c.GetSequence())
	if !c.GetEffect() || !slices.Contains(once(), c.GetOperation()) || c.GetFault() == sandboxv1.FaultKind_FAULT_KIND_DUPLICATE {
		return
	}
	key := c.GetOperation() + c.GetRequest()
	if c.GetOperation() == "InviteAccountToOrganization" { // its request names no attempt: an account is asked anew on another day
		key += c.GetBusinessTime().AsTime().Format(time.DateOnly)
	}
	if d.made == nil {
		d.made = map[uint64]bool{}
	}
	if d.made[hashed(key)] {
		d.wrong = append(d.wrong, fmt.Errorf("%s: AWS did %s twice: %s", c.GetBusinessTime().AsTime().Format(time.RFC3339),
			c.GetOperation(), c.GetRequest()))
	}
	d.made[hashed(key)] = true
}

// forgotten says that AWS was killed, and counts its calls from 1 again.
func (d *doubles) forgotten() { d.after = "" }

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

// cancelled is ServiceNow's state of a record that counts as none.
const cancelled = "7"

func (j *verdict) record(records map[string]int, r *sandboxv1.ServiceNowRecord) {
	if r.GetFields()["state"] == cancelled {
		return
	}
	if records[r.GetCorrelationId()]++; records[r.GetCorrelationId()] == 2 {
		j.add("ServiceNow has two records of %s, one of them %s", r.GetCorrelationId(), r.GetNumber())
	}
}

// inMail wants nobody to have the same mail twice. A mail that was sent anew because its answer was lost has the same id.
func (j *verdict) inMail(ctx context.Context) error {
	seen := map[uint64]uint64{}
	see := func(m *sandboxv1.Mail) { j.mail(seen, m) }
	return every(see, func(token string) ([]*sandboxv1.Mail, string, error) {
		resp, err := j.operator.Sandbox.ListMail(j.operator.In(ctx), &sandboxv1.ListMailRequest{PageSize: page, PageToken: token, WithText: true})
		return resp.GetMails(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) mail(seen map[uint64]uint64, m *sandboxv1.Mail) {
	if m.GetSource() == "AWS" {
		return
	}
	at := m.GetArriveTime().AsTime().Format(time.RFC3339)
	what, id := hashed(fmt.Sprint(m.GetTo(), m.GetSubject(), m.GetText(), at)), hashed(m.GetMessageId())
	if before, known := seen[what]; known && before != id {
		j.add("%v has had two mails at %s: %s", m.GetTo(), at, m.GetSubject())
	}
	seen[what] = id
}
