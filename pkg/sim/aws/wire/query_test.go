package wire_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/handover/pkg/sim/aws/wire"
)

var query = wire.Query{Version: "2011-06-15", Namespace: "https://sts.amazonaws.com/doc/2011-06-15/"}

func TestGoldenAssumeRoleRequest(t *testing.T) {
	for _, f := range golden(t, "github.com/aws/aws-sdk-go-v2/service/sts", "request_snapshot/AssumeRole.request.snap") {
		if op := query.Operation(wire.Request{Body: f.body}); op != "AssumeRole" {
			t.Fatalf("operation is %q", op)
		}
		got := &sts.AssumeRoleInput{}
		if err := query.Decode(wire.Request{Body: f.body}, got); err != nil {
			t.Fatal(err)
		}
		tag := types.Tag{Key: aws.String("__Key__"), Value: aws.String("__Value__")}
		policy := types.PolicyDescriptorType{Arn: aws.String("__Arn__")}
		provided := types.ProvidedContext{ContextAssertion: aws.String("__ContextAssertion__"), ProviderArn: aws.String("__ProviderArn__")}
		want := &sts.AssumeRoleInput{
			RoleArn: aws.String("__RoleArn__"), RoleSessionName: aws.String("__RoleSessionName__"),
			DurationSeconds: aws.Int32(1), ExternalId: aws.String("__ExternalId__"), MinimumSessionTokenSize: aws.Int32(1),
			Policy: aws.String("__Policy__"), PolicyArns: []types.PolicyDescriptorType{policy, policy},
			ProvidedContexts: []types.ProvidedContext{provided, provided}, SerialNumber: aws.String("__SerialNumber__"),
			SourceIdentity: aws.String("__SourceIdentity__"), Tags: []types.Tag{tag, tag}, TokenCode: aws.String("__TokenCode__"),
			TransitiveTagKeys: []string{"__Member__", "__Member__"},
		}
		if diff := cmp.Diff(
			want, got, cmpopts.IgnoreUnexported(sts.AssumeRoleInput{}, types.Tag{}, types.PolicyDescriptorType{}, types.ProvidedContext{}),
		); diff != "" {
			t.Errorf("want (-), got (+):\n%s", diff)
		}
	}
}

func TestQueryOfAnotherVersionNamesNoOperation(t *testing.T) {
	if op := query.Operation(wire.Request{Body: []byte("Action=AssumeRole&Version=2010-01-01")}); op != "" {
		t.Errorf("operation is %q", op)
	}
}

func TestQueryAnswer(t *testing.T) {
	answer, err := query.Encode("AssumeRole", "request-1", &sts.AssumeRoleOutput{
		SessionTokenSize: aws.Int32(0),
		Credentials: &types.Credentials{
			AccessKeyId: aws.String("a&b"),
			Expiration:  aws.Time(time.Date(2026, 11, 30, 23, 59, 59, 999e6, time.UTC)),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>` +
		`<Credentials><AccessKeyId>a&amp;b</AccessKeyId><Expiration>2026-11-30T23:59:59.999Z</Expiration></Credentials>` +
		`<SessionTokenSize>0</SessionTokenSize></AssumeRoleResult>` +
		`<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></AssumeRoleResponse>`
	if got := string(answer.Body); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
