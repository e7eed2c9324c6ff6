package wire_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"

	"example.com/handover/pkg/sim/aws/wire"
)

func TestLastMillisecondOfAMonthStaysWhatItIs(t *testing.T) {
	for month := time.January; month <= time.December; month++ {
		end := time.Date(2026, month+1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Millisecond)
		answer, err := protocol.Encode("op", "id", &orgs.TerminateResponsibilityTransferInput{EndTimestamp: aws.Time(end)})
		if err != nil {
			t.Fatal(err)
		}
		var in orgs.TerminateResponsibilityTransferInput
		if err := protocol.Decode(wire.Request{Body: answer.Body}, &in); err != nil {
			t.Fatal(err)
		}
		if !in.EndTimestamp.Equal(end) {
			t.Errorf("%s became %s", end, in.EndTimestamp)
		}
	}
}

func TestWrongJSONIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"no JSON":               `{`,
		"a list":                `[]`,
		"a number for a string": `{"SourceName":1}`,
		"a string for a time":   `{"StartTimestamp":"2026-12-01T00:00:00Z"}`,
		"an endless time":       `{"StartTimestamp":1e400}`,
		"a string for a list":   `{"Tags":"x"}`,
		"a string for a member": `{"Target":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := protocol.Decode(wire.Request{Body: []byte(body)}, &orgs.InviteOrganizationToTransferResponsibilityInput{}); err == nil {
				t.Errorf("%s was accepted", body)
			}
		})
	}
	if err := protocol.Decode(wire.Request{Body: []byte(`{"MaxResults":2147483648}`)}, &orgs.ListAccountsInput{}); err == nil {
		t.Error("a number beyond 32 bits was accepted")
	}
}

func TestUnknownMembersArePassedOver(t *testing.T) {
	var in orgs.DescribeAccountInput
	if err := protocol.Decode(wire.Request{Body: []byte(`{"AccountId":"1","Other":{"x":[1]}}`)}, &in); err != nil ||
		aws.ToString(in.AccountId) != "1" {
		t.Errorf("got %+v, %v", in, err)
	}
}
