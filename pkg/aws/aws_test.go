package aws_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/errs"
)

func TestRolesAreAssumedOncePerPayer(t *testing.T) {
	s := newServer(t, []answer{ok}, []answer{ok})
	clients := s.clients(t, func(c *aws.Config) { c.SessionName = "orders" })
	for _, account := range []string{"111111111111", "222222222222", "111111111111"} {
		call(t, clients, payer(account))
	}
	if len(s.roles()) != 2 {
		t.Fatalf("%d roles assumed, want 2", len(s.roles()))
	}
	first := s.roles()[0]
	want := map[string]string{
		"Action": "AssumeRole", "RoleArn": "arn:aws:iam::111111111111:role/handover",
		"ExternalId": "ext-111111111111", "RoleSessionName": "orders",
	}
	for key, value := range want {
		if first.Get(key) != value {
			t.Errorf("%s is %q, want %q", key, first.Get(key), value)
		}
	}
	if !slices.Equal(s.attempts(), []string{"ASIAROLE", "ASIAROLE", "ASIAROLE"}) {
		t.Errorf("signed with %v", s.attempts())
	}
}

func TestNoExternalID(t *testing.T) {
	s := newServer(t, []answer{ok}, []answer{ok})
	p := payer("111111111111")
	p.ExternalID = ""
	call(t, s.clients(t, nil), p)
	if s.roles()[0].Has("ExternalId") {
		t.Errorf("sent %v", s.roles()[0])
	}
}

func TestAChangedPayerIsEnteredAgain(t *testing.T) {
	s := newServer(t, []answer{ok}, []answer{ok})
	clients := s.clients(t, nil)
	p := payer("111111111111")
	call(t, clients, p)
	p.ExternalID = "new"
	call(t, clients, p)
	if len(s.roles()) != 2 || s.roles()[1].Get("ExternalId") != "new" {
		t.Errorf("assumed %v", s.roles())
	}
}

func TestOnlyTheLastPayersAreKept(t *testing.T) {
	s := newServer(t, []answer{ok}, []answer{ok})
	clients := s.clients(t, func(c *aws.Config) { c.Payers = 2 })
	one, two, three := payer("111111111111"), payer("222222222222"), payer("333333333333")
	steps := []struct {
		payer aws.Payer
		total int // roles assumed so far
	}{{one, 1}, {two, 2}, {one, 2}, {three, 3}, {one, 3}, {two, 4}, {three, 5}}
	for i, step := range steps {
		call(t, clients, step.payer)
		if len(s.roles()) != step.total {
			t.Errorf("step %d: %d roles assumed, want %d", i, len(s.roles()), step.total)
		}
	}
}

func TestRoleMustBelongToThePayer(t *testing.T) {
	clients := newServer(t, nil, nil).clients(t, nil)
	tests := map[string]aws.Payer{
		"no role":            {AccountID: "111111111111"},
		"no ARN":             {AccountID: "111111111111", RoleARN: "handover"},
		"other account":      {AccountID: "111111111111", RoleARN: "arn:aws:iam::222222222222:role/handover"},
		"a user":             {AccountID: "111111111111", RoleARN: "arn:aws:iam::111111111111:user/handover"},
		"not an IAM ARN":     {AccountID: "111111111111", RoleARN: "arn:aws:sts::111111111111:role/handover"},
		"no account at all":  {RoleARN: "arn:aws:iam::111111111111:role/handover"},
		"account in the way": {AccountID: "11111111111", RoleARN: "arn:aws:iam::111111111111:role/handover"},
	}
	for name, p := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := clients.Organizations(p); errs.KindOf(err) != errs.Invalid || errs.ReasonOf(err) != "PAYER_ROLE_INVALID" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func call(t *testing.T, clients *aws.Clients, p aws.Payer) {
	t.Helper()
	if _, err := client(t, clients, p).DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
}
