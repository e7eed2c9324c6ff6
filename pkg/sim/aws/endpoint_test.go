package aws_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"example.com/handover/pkg/clock"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/fault"
)

func TestOperationThatIsNotSimulated(t *testing.T) {
	r := newRig(t)
	_, err := r.organizations(payer).ListRoots(t.Context(), &orgs.ListRootsInput{})
	refused(t, err, code("UnknownOperationException"))
	_, err = r.sts(keyOf(payer)).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{})
	refused(t, err, code("InvalidAction"))
	if calls := r.sim.Calls(fault.CallQuery{Operation: "ListRoots"}); len(calls) != 1 || calls[0].Outcome != "UnknownOperationException" {
		t.Errorf("%+v", calls)
	}
}

func TestRequiredMembersAreAskedForWhenTheClientDoesNot(t *testing.T) {
	r := newRig(t)
	unchecked := func(o *orgs.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			_, err := s.Initialize.Remove("OperationInputValidation")
			return err
		})
	}
	client := r.organizations(payer)
	for member, change := range map[string]func(*inviteInput){
		"Type":           func(in *inviteInput) { in.Type = "" },
		"Target":         func(in *inviteInput) { in.Target = nil },
		"Target.Type":    func(in *inviteInput) { in.Target.Type = "" },
		"Target.Id":      func(in *inviteInput) { in.Target.Id = nil },
		"SourceName":     func(in *inviteInput) { in.SourceName = nil },
		"StartTimestamp": func(in *inviteInput) { in.StartTimestamp = nil },
	} {
		in := invitation(r.customer())
		change(in)
		_, err := client.InviteOrganizationToTransferResponsibility(t.Context(), in, unchecked)
		if !invalid("INPUT_REQUIRED")(err) || !strings.Contains(err.Error(), member+" is required") {
			t.Errorf("%s: %v", member, err)
		}
	}
	_, err := client.DescribeHandshake(t.Context(), &orgs.DescribeHandshakeInput{}, unchecked)
	refused(t, err, invalid("INPUT_REQUIRED"))
}

func TestAnswersCarryARequestIDAndTheRealDate(t *testing.T) {
	r := newRig(t)
	r.at(now.AddDate(5, 0, 0))
	out, err := r.organizations(payer).DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := awsmiddleware.GetRequestIDMetadata(out.ResultMetadata)
	if calls := r.sim.Calls(fault.CallQuery{}); id == "" || calls[0].RequestID != id {
		t.Errorf("the client has %q, the log %+v", id, calls)
	}
	date, ok := awsmiddleware.GetServerTime(out.ResultMetadata)
	skew := (clock.Machine{}).Now().Time().Sub(date)
	if !ok || skew < -time.Minute || skew > time.Minute {
		t.Errorf("the date is %s off", skew)
	}
}

func TestRequestsThatAreNotUnderstood(t *testing.T) {
	r := newRig(t)
	key, _ := simaws.AccessKey(payer)
	send := func(authorization, target, body string) (status int, code string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", authorization)
		req.Header.Set("X-Amz-Target", target)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		return res.StatusCode, res.Header.Get("X-Amzn-ErrorType")
	}
	signed := func(service string) string {
		return "AWS4-HMAC-SHA256 Credential=" + key + "/20261122/us-east-1/" + service + "/aws4_request, SignedHeaders=host, Signature=0"
	}
	const describe = "AWSOrganizationsV20161128.DescribeAccount"
	for name, c := range map[string]struct {
		authorization, target, body string
		status                      int
		code                        string
	}{
		"unsigned":       {"", describe, "{}", http.StatusForbidden, ""},
		"basic":          {"Basic eDp5", describe, "{}", http.StatusForbidden, ""},
		"other service":  {signed("s3"), describe, "{}", http.StatusForbidden, ""},
		"no JSON":        {signed("organizations"), describe, "{", http.StatusBadRequest, "SerializationException"},
		"wrong JSON":     {signed("organizations"), describe, `{"AccountId":1}`, http.StatusBadRequest, "SerializationException"},
		"other target":   {signed("organizations"), "Other.DescribeAccount", "{}", http.StatusBadRequest, "UnknownOperationException"},
		"not an op":      {signed("organizations"), "AWSOrganizationsV20161128.New", "{}", http.StatusBadRequest, "UnknownOperationException"},
		"too large":      {signed("organizations"), describe, strings.Repeat(" ", 1<<20+1), http.StatusRequestEntityTooLarge, ""},
		"required first": {signed("organizations"), describe, "", http.StatusBadRequest, "InvalidInputException"},
	} {
		if status, code := send(c.authorization, c.target, c.body); status != c.status || code != c.code {
			t.Errorf("%s: %d %q", name, status, code)
		}
	}
}

func TestClosedSimulatorTakesNoRequests(t *testing.T) {
	r := newRig(t)
	if err := r.sim.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := r.organizations(payer).DescribeOrganization(
		t.Context(), &orgs.DescribeOrganizationInput{}, func(o *orgs.Options) { o.Retryer = aws.NopRetryer{} },
	)
	if err == nil {
		t.Error("it answered")
	}
}
