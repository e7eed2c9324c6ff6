package channel_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
)

// sent is what the server got.
type sent struct {
	header http.Header
	body   string
}

// server answers every request alike.
func server(t *testing.T, status int, answer string) (aws.Config, *[]sent) {
	t.Helper()
	var got []sent
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, sent{r.Header, string(body)})
		w.Header().Set("X-Amzn-Requestid", "request-7")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &s.URL, Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", "token"),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}, &got
}

func TestRequestsAreWhatAWSReads(t *testing.T) {
	end := time.Date(2027, 2, 28, 23, 59, 59, 999_000_000, time.FixedZone("", 0)).In(time.FixedZone("CET", 3600))
	for name, c := range map[string]struct {
		call func(context.Context, *channel.Client) error
		want string
	}{
		"CreateRelationship": {
			func(ctx context.Context, c *channel.Client) error {
				_, err := c.CreateRelationship(ctx, &channel.CreateRelationshipInput{
					Catalog: aws.String("AWS"), AssociationType: types.AssociationTypeEndCustomer, ClientToken: aws.String("token-1"),
					ProgramManagementAccountIdentifier: aws.String("pma-1"), AssociatedAccountId: aws.String("222222222222"),
					DisplayName: aws.String("cus_1"), Sector: types.SectorCommercial, ResaleAccountModel: types.ResaleAccountModelEndCustomer,
					RequestedSupportPlan: &types.SupportPlanMemberPartnerLedSupport{Value: types.PartnerLedSupport{
						Coverage: types.CoverageEntireOrganization, TamLocation: aws.String("Munich"), Provider: types.ProviderDistributor,
					}},
					Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("")}},
				})
				return err
			},
			`{"associatedAccountId":"222222222222","associationType":"END_CUSTOMER","catalog":"AWS","displayName":"cus_1",` +
				`"programManagementAccountIdentifier":"pma-1","sector":"COMMERCIAL","clientToken":"token-1",` +
				`"requestedSupportPlan":{"partnerLedSupport":{"coverage":"ENTIRE_ORGANIZATION","provider":"DISTRIBUTOR","tamLocation":"Munich"}},` +
				`"resaleAccountModel":"END_CUSTOMER","tags":[{"key":"k","value":""}]}`,
		},
		"CreateChannelHandshake": {
			func(ctx context.Context, c *channel.Client) error {
				_, err := c.CreateChannelHandshake(ctx, &channel.CreateChannelHandshakeInput{
					Catalog: aws.String("AWS"), HandshakeType: types.HandshakeTypeStartServicePeriod, AssociatedResourceIdentifier: aws.String("rs-1"),
					ClientToken: aws.String("token-1"),
					Payload: &types.ChannelHandshakePayloadMemberStartServicePeriodPayload{Value: types.StartServicePeriodPayload{
						ProgramManagementAccountIdentifier: aws.String("pma-1"), ServicePeriodType: types.ServicePeriodTypeFixedCommitmentPeriod,
						EndDate: &end,
					}},
				})
				return err
			},
			`{"associatedResourceIdentifier":"rs-1","catalog":"AWS","handshakeType":"START_SERVICE_PERIOD","clientToken":"token-1",` +
				`"payload":{"startServicePeriodPayload":{"endDate":"2027-02-28T23:59:59.999Z","programManagementAccountIdentifier":"pma-1",` +
				`"servicePeriodType":"FIXED_COMMITMENT_PERIOD"}}}`,
		},
		"ListChannelHandshakes": {
			func(ctx context.Context, c *channel.Client) error {
				_, err := c.ListChannelHandshakes(ctx, &channel.ListChannelHandshakesInput{
					Catalog: aws.String("AWS"), HandshakeType: types.HandshakeTypeRevokeServicePeriod, ParticipantType: types.ParticipantTypeSender,
					MaxResults: aws.Int32(7),
					HandshakeTypeFilters: &types.ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters{
						Value: types.RevokeServicePeriodTypeFilters{
							ServicePeriodTypes: []types.ServicePeriodType{types.ServicePeriodTypeMinimumNoticePeriod},
						},
					},
				})
				return err
			},
			`{"catalog":"AWS","handshakeType":"REVOKE_SERVICE_PERIOD","participantType":"SENDER",` +
				`"handshakeTypeFilters":{"revokeServicePeriodTypeFilters":{"servicePeriodTypes":["MINIMUM_NOTICE_PERIOD"]}},"maxResults":7}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, got := server(t, 200, "{}")
			if err := c.call(t.Context(), channel.NewFromConfig(cfg)); err != nil || len(*got) != 1 {
				t.Fatalf("%d requests, %v", len(*got), err)
			}
			request := (*got)[0]
			if diff := cmp.Diff(c.want, request.body); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
			for header, want := range map[string]string{
				"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "PartnerCentralChannel." + name, "X-Amz-Security-Token": "token",
			} {
				if value := request.header.Get(header); value != want {
					t.Errorf("%s is %q, want %q", header, value, want)
				}
			}
			if auth := request.header.Get("Authorization"); !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential=AKID/") ||
				!strings.Contains(auth, "/us-east-1/partnercentral-channel/aws4_request") ||
				!strings.Contains(auth, "content-length;content-type;host;") {
				t.Errorf("signed with %s", auth)
			}
		})
	}
}

func TestAnswersAreReadWithTheirUnion(t *testing.T) {
	cfg, _ := server(t, 200, `{"items":[{"id":"ch-1","status":"ACCEPTED","createdAt":"2026-02-19T10:00:00Z","new":1,
		"detail":{"startServicePeriodHandshakeDetail":{"servicePeriodType":"FIXED_COMMITMENT_PERIOD","endDate":"2027-02-19T00:00:00.5Z"}}},
		{"id":"ch-2","detail":{"somethingNew":{}}},{"id":"ch-3"}],"nextToken":"more"}`)
	out, err := channel.NewFromConfig(cfg).ListChannelHandshakes(t.Context(), &channel.ListChannelHandshakesInput{
		Catalog: aws.String("AWS"), HandshakeType: types.HandshakeTypeStartServicePeriod, ParticipantType: types.ParticipantTypeSender,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &channel.ListChannelHandshakesOutput{NextToken: aws.String("more"), Items: []types.ChannelHandshakeSummary{
		{
			Id: aws.String("ch-1"), Status: types.HandshakeStatusAccepted, CreatedAt: aws.Time(time.Date(2026, 2, 19, 10, 0, 0, 0, time.UTC)),
			Detail: &types.HandshakeDetailMemberStartServicePeriodHandshakeDetail{Value: types.StartServicePeriodHandshakeDetail{
				ServicePeriodType: types.ServicePeriodTypeFixedCommitmentPeriod,
				EndDate:           aws.Time(time.Date(2027, 2, 19, 0, 0, 0, 500_000_000, time.UTC)),
			}},
		}, {Id: aws.String("ch-2")}, {Id: aws.String("ch-3")},
	}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestErrorsHaveTheirTypes(t *testing.T) {
	message := aws.String("no")
	for answer, want := range map[string]smithy.APIError{
		`{"__type":"com.amazonaws.partnercentralchannel#ConflictException","message":"no",` +
			`"resourceId":"rs-1","resourceType":"Relationship"}`: &types.ConflictException{
			Message: message, ResourceId: aws.String("rs-1"), ResourceType: aws.String("Relationship"),
		},
		`{"__type":"ValidationException:http://x","message":"no","reason":"BUSINESS_VALIDATION_FAILED",` +
			`"fieldList":[{"name":"endDate","code":"INVALID_VALUE","message":"no"}]}`: &types.ValidationException{
			Message: message, Reason: types.ValidationExceptionReasonBusinessValidationFailed,
			FieldList: []types.ValidationExceptionField{{Name: aws.String("endDate"), Code: aws.String("INVALID_VALUE"), Message: message}},
		},
		`{"__type":"ServiceQuotaExceededException","message":"no","quotaCode":"L-1"}`: &types.ServiceQuotaExceededException{
			Message: message, QuotaCode: aws.String("L-1"),
		},
		`{"__type":"AccessDeniedException","message":"no"}`:     &types.AccessDeniedException{Message: message},
		`{"__type":"ResourceNotFoundException","message":"no"}`: &types.ResourceNotFoundException{Message: message},
		`{"__type":"ThrottlingException","message":"no"}`:       &types.ThrottlingException{Message: message},
		`{"__type":"InternalServerException","message":"no"}`:   &types.InternalServerException{Message: message},
		`{"__type":"SomethingNewException","message":"no"}`: &smithy.GenericAPIError{
			Code: "SomethingNewException", Message: "no", Fault: smithy.FaultClient,
		},
		`<html>a proxy</html>`: &smithy.GenericAPIError{
			Code: "UnknownError", Fault: smithy.FaultClient,
		},
	} {
		t.Run(fmt.Sprintf("%s %T", want.ErrorCode(), want), func(t *testing.T) {
			cfg, _ := server(t, 400, answer)
			_, err := channel.NewFromConfig(cfg).ListRelationships(t.Context(), &channel.ListRelationshipsInput{Catalog: aws.String("AWS")})
			got, _ := errors.AsType[smithy.APIError](err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
			if e, ok := errors.AsType[*awshttp.ResponseError](err); !ok || e.RequestID != "request-7" || e.HTTPStatusCode() != 400 {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestEveryCallHasAToken(t *testing.T) {
	cfg, got := server(t, 200, "{}")
	in := &channel.CreateRelationshipInput{
		Catalog: aws.String("AWS"), AssociationType: types.AssociationTypeEndCustomer, ProgramManagementAccountIdentifier: aws.String("pma-1"),
		AssociatedAccountId: aws.String("222222222222"), DisplayName: aws.String("cus_1"), Sector: types.SectorCommercial,
	}
	for range 2 {
		if _, err := channel.NewFromConfig(cfg).CreateRelationship(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if one, two := (*got)[0].body, (*got)[1].body; !strings.Contains(one, `"clientToken":"`) || one == two {
		t.Errorf("sent %s and %s", one, two)
	}
	if in.ClientToken != nil {
		t.Error("the caller's input was changed")
	}
}

func TestConfigurationIsHeeded(t *testing.T) {
	cfg, got := server(t, 200, "{}")
	seen := 0
	cfg.APIOptions = append(cfg.APIOptions, func(s *middleware.Stack) error {
		return s.Build.Add(middleware.BuildMiddlewareFunc("See", func(
			ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler,
		) (middleware.BuildOutput, middleware.Metadata, error) {
			seen++
			return next.HandleBuild(ctx, in)
		}), middleware.After)
	})
	client := channel.NewFromConfig(cfg)
	nobody := func(o *channel.Options) { o.Credentials = nil }
	if _, err := client.ListRelationships(t.Context(), &channel.ListRelationshipsInput{Catalog: aws.String("AWS")}, nobody); err == nil {
		t.Error("an unsigned request was sent")
	}
	if _, err := client.ListRelationships(t.Context(), &channel.ListRelationshipsInput{Catalog: aws.String("AWS")}); err != nil {
		t.Error(err)
	}
	if seen != 2 || len(*got) != 1 {
		t.Errorf("the step ran %d times, %d requests", seen, len(*got))
	}
	_, err := client.ListRelationships(t.Context(), nil)
	if _, ok := errors.AsType[smithy.InvalidParamsError](err); !ok || len(*got) != 1 {
		t.Errorf("got %v", err)
	}
}
