package aws_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"example.com/handover/pkg/clock"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// code is how the SDK tells an error that has no Go type.
func code(want string) check {
	return func(err error) bool {
		e, ok := errors.AsType[smithy.APIError](err)
		return ok && e.ErrorCode() == want
	}
}

func (r *rig) role(role state.Role) string {
	r.t.Helper()
	deployed, err := r.sim.DeployRole(r.t.Context(), role)
	if err != nil {
		r.t.Fatal(err)
	}
	return deployed.ARN()
}

func (r *rig) assume(caller aws.CredentialsProvider, role, externalID string) (*sts.AssumeRoleOutput, error) {
	in := &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("job")}
	if externalID != "" {
		in.ExternalId = &externalID
	}
	return r.sts(caller).AssumeRole(r.t.Context(), in)
}

func TestRoleIsAssumedByWhomItTrusts(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	guarded := r.role(state.Role{Account: customer, Name: "Reader", Trusts: []string{payer}, ExternalID: "cus-1"})
	open := r.role(state.Role{Account: customer, Name: "team/Open", Trusts: []string{payer}})
	for name, c := range map[string]struct {
		caller, role, externalID string
		allowed                  bool
	}{
		"right external id":    {payer, guarded, "cus-1", true},
		"wrong external id":    {payer, guarded, "cus-2", false},
		"no external id":       {payer, guarded, "", false},
		"somebody else":        {r.customer(), guarded, "cus-1", false},
		"the account itself":   {customer, guarded, "cus-1", false},
		"no such role":         {payer, "arn:aws:iam::" + customer + ":role/Nobody", "", false},
		"no such account":      {payer, "arn:aws:iam::999999999999:role/Reader", "", false},
		"unguarded, with none": {payer, open, "", true},
		"unguarded, with one":  {payer, open, "any", true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.assume(keyOf(c.caller), c.role, c.externalID)
			if c.allowed {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refused(t, err, code("AccessDenied"))
			if e, ok := errors.AsType[*smithyhttp.ResponseError](err); !ok || e.HTTPStatusCode() != http.StatusForbidden {
				t.Errorf("%v", err)
			}
		})
	}
	if err := r.sim.RemoveRole(t.Context(), open); err != nil {
		t.Fatal(err)
	}
	_, err := r.assume(keyOf(payer), open, "")
	refused(t, err, code("AccessDenied"))
}

func TestAssumedRoleActsForItsAccount(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	role := r.role(state.Role{Account: customer, Name: "Reader", Trusts: []string{payer}, ExternalID: "cus-1"})
	provider := aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(r.sts(keyOf(payer)), role, func(o *stscreds.AssumeRoleOptions) {
		o.ExternalID, o.RoleSessionName = aws.String("cus-1"), "job"
	}))
	who, err := r.sts(provider).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	if *who.Account != customer || *who.Arn != "arn:aws:sts::"+customer+":assumed-role/Reader/job" {
		t.Errorf("%s is %s", *who.Account, *who.Arn)
	}
	client := orgs.New(orgs.Options{Region: "us-east-1", BaseEndpoint: &r.server.URL, Credentials: provider})
	org, err := client.DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{})
	if err != nil || *org.Organization.MasterAccountId != customer {
		t.Errorf("%+v, %v", org, err)
	}
	me, err := r.sts(keyOf(payer)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *me.Account != payer {
		t.Errorf("%+v, %v", me, err)
	}
}

func TestSessionsAreInMachineTime(t *testing.T) {
	r := newRig(t)
	r.at(now.AddDate(3, 0, 0)) // the business clock does not matter here
	role := r.role(state.Role{Account: r.customer(), Name: "Reader", Trusts: []string{payer}, MaxSession: 4 * time.Hour})
	duration := func(seconds int32) (*sts.AssumeRoleOutput, error) {
		return r.sts(keyOf(payer)).AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn:         &role,
			RoleSessionName: aws.String("job"), DurationSeconds: &seconds,
		})
	}
	out, err := duration(7200)
	if err != nil {
		t.Fatal(err)
	}
	left := out.Credentials.Expiration.Sub(clock.Machine{}.Now().Time())
	if left < 119*time.Minute || left > 2*time.Hour {
		t.Errorf("the session lasts %s", left)
	}
	_, err = duration(899)
	refused(t, err, code("ValidationError"))
	_, err = duration(4*3600 + 1)
	refused(t, err, code("ValidationError"))

	// A session may assume a further role for an hour at most.
	session := credentials.NewStaticCredentialsProvider(
		*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken,
	)
	account, _ := identity.AccountOf(*out.Credentials.AccessKeyId)
	next := r.role(state.Role{Account: payer, Name: "Next", Trusts: []string{account}, MaxSession: 4 * time.Hour})
	chained := &sts.AssumeRoleInput{RoleArn: &next, RoleSessionName: aws.String("job"), DurationSeconds: aws.Int32(3601)}
	_, err = r.sts(session).AssumeRole(t.Context(), chained)
	refused(t, err, code("ValidationError"))
	chained.DurationSeconds = aws.Int32(3600)
	if _, err = r.sts(session).AssumeRole(t.Context(), chained); err != nil {
		t.Error(err)
	}
}

func TestCredentialsThatAreRefused(t *testing.T) {
	r := newRig(t, func(o *simaws.Options) { o.Keys = map[string]string{payer: "AKIACONFIGURED"} })
	expired := identity.NewSession(payer, "Reader", "job", clock.Machine{}.Now().Time().Add(-time.Second))
	valid := identity.NewSession(payer, "Reader", "job", clock.Machine{}.Now().Time().Add(time.Hour))
	unknown, _ := simaws.AccessKey("999999999999")
	for name, c := range map[string]struct {
		key, token string
		sts, json  string
	}{
		"key of nobody":     {"AKIAIOSFODNN7EXAMPLE", "", "InvalidClientTokenId", "UnrecognizedClientException"},
		"account of nobody": {unknown, "", "InvalidClientTokenId", "UnrecognizedClientException"},
		"no token":          {valid.AccessKey, "", "MissingAuthenticationToken", "MissingAuthenticationTokenException"},
		"another token":     {valid.AccessKey, expired.Token(), "InvalidClientTokenId", "UnrecognizedClientException"},
		"expired":           {expired.AccessKey, expired.Token(), "ExpiredToken", "ExpiredTokenException"},
	} {
		provider := credentials.NewStaticCredentialsProvider(c.key, "secret", c.token)
		_, err := r.sts(provider).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if !code(c.sts)(err) {
			t.Errorf("%s: %v", name, err)
		}
		client := orgs.New(orgs.Options{Region: "us-east-1", BaseEndpoint: &r.server.URL, Credentials: provider, Retryer: aws.NopRetryer{}})
		if _, err := client.DescribeOrganization(t.Context(), &orgs.DescribeOrganizationInput{}); !code(c.json)(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	configured := credentials.NewStaticCredentialsProvider("AKIACONFIGURED", "secret", "")
	who, err := r.sts(configured).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *who.Account != payer {
		t.Errorf("%+v, %v", who, err)
	}
	if err := r.sim.SetKeys(payer, "AKIANEXT"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sts(configured).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); !code("InvalidClientTokenId")(err) {
		t.Errorf("the key that was replaced: %v", err)
	}
}

func TestAssumeRoleRefusesWrongInput(t *testing.T) {
	r := newRig(t)
	role := r.role(state.Role{Account: r.customer(), Name: "Reader", Trusts: []string{payer}})
	for name, change := range map[string]func(*sts.AssumeRoleInput){
		"short name":      func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("x") },
		"name pattern":    func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a job") },
		"no role":         func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::1:user/x-long-enough") },
		"short id":        func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("x") },
		"long id":         func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String(strings.Repeat("x", 1225)) },
		"id with a space": func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("a b") },
	} {
		in := &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("job")}
		change(in)
		if _, err := r.sts(keyOf(payer)).AssumeRole(t.Context(), in); !code("ValidationError")(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRoleOfACreatedAccountTrustsItsManagementAccount(t *testing.T) {
	r := newRig(t)
	role := "arn:aws:iam::" + r.member(payer) + ":role/OrganizationAccountAccessRole"
	if _, err := r.assume(keyOf(payer), role, ""); err != nil {
		t.Error(err)
	}
}
