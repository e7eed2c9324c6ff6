package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	bc "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	bctypes "github.com/aws/aws-sdk-go-v2/service/billingconductor/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/sim/aws/wire"
)

// mail is a part of SES: enough for members in every place.
var mail = wire.REST{Errors: wire.Style{Camel: true}, Routes: []wire.Route{
	{Operation: "SendEmail", Method: "POST", Path: "/v2/email/outbound-emails"},
	{
		Operation: "ListContactLists", Method: "GET", Path: "/v2/email/contact-lists",
		Query: map[string]string{"PageSize": "PageSize", "NextToken": "NextToken"},
	},
	{Operation: "CreateEmailIdentityPolicy", Method: "POST", Path: "/v2/email/identities/{EmailIdentity}/policies/{PolicyName}"},
}}

func TestGoldenRESTRequests(t *testing.T) {
	for _, route := range mail.Routes {
		f := golden(t, "github.com/aws/aws-sdk-go-v2/service/sesv2", "request_snapshot/"+route.Operation+".request.snap")[0]
		t.Run(f.name, func(t *testing.T) {
			target, err := url.Parse(f.target)
			if err != nil {
				t.Fatal(err)
			}
			r := wire.Request{Method: f.method, Path: target.EscapedPath(), Query: target.Query(), Body: f.body}
			if op := mail.Operation(r); op != f.name {
				t.Fatalf("operation is %q", op)
			}
			m, _ := reflect.TypeFor[*sesv2.Client]().MethodByName(f.name)
			in := reflect.New(m.Type.In(2).Elem())
			if err := mail.Decode(r, in.Interface()); err != nil {
				t.Fatal(err)
			}
			for i := range in.Elem().NumField() { // the fixture sets every member
				if field := in.Elem().Field(i); in.Elem().Type().Field(i).IsExported() && field.IsZero() {
					t.Errorf("%s was not read", in.Elem().Type().Field(i).Name)
				}
			}
		})
	}
}

func TestGoldenRESTError(t *testing.T) {
	f := golden(t, "github.com/aws/aws-sdk-go-v2/service/sesv2", "response_snapshot/MessageRejected.error.snap")[0]
	answer, err := mail.EncodeError("id", &types.MessageRejected{Message: aws.String("__Message__")}, http.StatusBadRequest)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, []byte(strings.Replace(string(f.body), `"__type":"MessageRejected",`, "", 1)), answer.Body)
	if answer.Header.Get("X-Amzn-Errortype") != f.name || answer.Header.Get("Content-Type") != f.header.Get("Content-Type") {
		t.Errorf("headers are %v", answer.Header)
	}
}

func TestRESTRoutesAreExact(t *testing.T) {
	for _, r := range []wire.Request{
		{Method: "PUT", Path: "/v2/email/outbound-emails"},
		{Method: "POST", Path: "/v2/email/outbound-emails/"},
		{Method: "POST", Path: "/v2/email/identities//policies/p"},
		{Method: "POST", Path: "/v2/email/identities/%zz/policies/p"},
	} {
		if op := mail.Operation(r); op != "" {
			t.Errorf("%s %s is %s", r.Method, r.Path, op)
		}
		if err := mail.Decode(r, &sesv2.SendEmailInput{}); err == nil {
			t.Errorf("%s %s was read", r.Method, r.Path)
		}
	}
}

// The client of Billing Conductor puts a member in a header and escapes the slash of a label; it reads a typed error.
func TestRESTAsTheSDKSpeaksIt(t *testing.T) {
	protocol := wire.REST{Routes: []wire.Route{
		{Operation: "DeletePricingPlan", Method: "POST", Path: "/delete-pricing-plan"},
		{
			Operation: "CreatePricingPlan", Method: "POST", Path: "/create-pricing-plan",
			Header: map[string]string{"X-Amzn-Client-Token": "ClientToken"},
		},
		{Operation: "ListTagsForResource", Method: "GET", Path: "/tags/{ResourceArn}"},
	}}
	var seen any
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		message := wire.NewRequest(r, body)
		var answer wire.Answer
		var err error
		switch protocol.Operation(message) {
		case "CreatePricingPlan":
			in := &bc.CreatePricingPlanInput{}
			err = protocol.Decode(message, in)
			seen = aws.ToString(in.ClientToken) + " " + aws.ToString(in.Name)
			answer, _ = protocol.Encode("", "id", &bc.CreatePricingPlanOutput{Arn: aws.String("arn")})
		case "ListTagsForResource":
			in := &bc.ListTagsForResourceInput{}
			err = protocol.Decode(message, in)
			seen = aws.ToString(in.ResourceArn)
			answer, _ = protocol.EncodeError(
				"id", &bctypes.ResourceNotFoundException{Message: aws.String("no"), ResourceId: in.ResourceArn}, http.StatusNotFound,
			)
		default:
			answer, _ = protocol.EncodeError("id", &smithy.GenericAPIError{Code: "UnknownOperationException", Message: "what?"}, http.StatusNotFound)
		}
		if err != nil {
			t.Error(err)
		}
		_ = answer.WriteTo(w)
	}))
	defer server.Close()
	client := bc.New(bc.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
	})
	out, err := client.CreatePricingPlan(t.Context(), &bc.CreatePricingPlanInput{Name: aws.String("plan"), ClientToken: aws.String("token-1")})
	if err != nil || aws.ToString(out.Arn) != "arn" || seen != "token-1 plan" {
		t.Errorf("saw %v, %v", seen, err)
	}
	_, err = client.ListTagsForResource(t.Context(), &bc.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:x:billinggroup/1")})
	if e, ok := errors.AsType[*bctypes.ResourceNotFoundException](err); !ok || aws.ToString(e.ResourceId) != seen || e.ErrorMessage() != "no" {
		t.Errorf("read %v", err)
	}
	if seen != "arn:aws:x:billinggroup/1" {
		t.Errorf("saw %v", seen)
	}
	_, err = client.CreatePricingRule(t.Context(), &bc.CreatePricingRuleInput{Name: aws.String("r"), Scope: "GLOBAL", Type: "MARKUP"})
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != "UnknownOperationException" || e.ErrorMessage() != "what?" {
		t.Errorf("read %v", err)
	}
}
