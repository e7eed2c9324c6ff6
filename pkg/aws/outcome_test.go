package aws_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
)

const invite = "Organizations.InviteOrganizationToTransferResponsibility"

func TestClassify(t *testing.T) {
	throttle := refuse(400, "TooManyRequestsException", "")
	tests := []struct {
		name     string
		answers  []answer
		want     aws.Outcome
		attempts int
	}{
		{"done", []answer{ok}, aws.Outcome{Class: aws.Done}, 1},
		{
			"refused with a reason",
			[]answer{refuse(400, "HandshakeConstraintViolationException", "PAST_DUE_INVOICE")},
			aws.Outcome{Class: aws.Refused, Code: "HandshakeConstraintViolation", Reason: "PAST_DUE_INVOICE"},
			1,
		},
		{
			"refused with another status",
			[]answer{refuse(409, "ConstraintViolationException", "UNSUPPORTED_PRICING")},
			aws.Outcome{Class: aws.Refused, Code: "ConstraintViolation", Reason: "UNSUPPORTED_PRICING"},
			1,
		},
		{
			"refused without a reason",
			[]answer{refuse(400, "DuplicateHandshakeException", "")},
			aws.Outcome{Class: aws.Refused, Code: "DuplicateHandshake"},
			1,
		},
		{
			"refused with an error that the SDK does not model",
			[]answer{refuse(400, "SubscriptionRequiredException", "")},
			aws.Outcome{Class: aws.Refused, Code: "SubscriptionRequired"},
			1,
		},
		{"denied", []answer{refuse(400, "AccessDeniedException", "")}, aws.Outcome{Class: aws.Denied, Code: "AccessDenied"}, 1},
		{"key unknown", []answer{refuse(403, "UnrecognizedClientException", "")}, aws.Outcome{Class: aws.Denied, Code: "UnrecognizedClient"}, 1},
		{"forbidden", []answer{refuse(403, "SomethingNew", "")}, aws.Outcome{Class: aws.Denied, Code: "SomethingNew"}, 1},
		{"throttled", []answer{throttle}, aws.Outcome{Class: aws.Throttled, Code: "TooManyRequests"}, 3},
		{"throttled with 503", []answer{refuse(503, "SlowDown", "")}, aws.Outcome{Class: aws.Throttled, Code: "SlowDown"}, 3},
		{"throttled once", []answer{throttle, ok}, aws.Outcome{Class: aws.Done}, 2},
		{"busy", []answer{refuse(400, "ConcurrentModificationException", "")}, aws.Outcome{Class: aws.Busy, Code: "ConcurrentModification"}, 1},
		{
			"not ready yet",
			[]answer{refuse(409, "FinalizingOrganizationException", "")},
			aws.Outcome{Class: aws.Busy, Code: "FinalizingOrganization"},
			1,
		},

		{"server error", []answer{refuse(500, "InternalFailure", "")}, aws.Outcome{Class: aws.Unanswered, Code: "InternalFailure"}, 3},
		{
			"server's fault with a client's status",
			[]answer{refuse(400, "ServiceException", "")},
			aws.Outcome{Class: aws.Unanswered, Code: "Service"},
			1,
		},
		{"connection lost", []answer{hangUp}, aws.Outcome{Class: aws.Unanswered}, 3},
		{"answer cut short", []answer{cutShort}, aws.Outcome{Class: aws.Unanswered}, 1},
		{"lost, then done", []answer{hangUp, ok}, aws.Outcome{Class: aws.Done}, 2},
		{
			"lost, then refused",
			[]answer{hangUp, refuse(400, "DuplicateHandshakeException", "")},
			aws.Outcome{Class: aws.Unanswered, Code: "DuplicateHandshake"},
			2,
		},
		{"lost, then throttled", []answer{hangUp, throttle}, aws.Outcome{Class: aws.Unanswered, Code: "TooManyRequests"}, 3},
		{
			"server error, then busy",
			[]answer{refuse(500, "InternalFailure", ""), refuse(400, "ConcurrentModificationException", "")},
			aws.Outcome{Class: aws.Unanswered, Code: "ConcurrentModification"},
			2,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, []answer{ok}, tt.answers)
			got := aws.Classify(send(t, t.Context(), s.clients(t, nil)))
			if tt.want.Class != aws.Done {
				tt.want.Operation = invite
			}
			if tt.want.Code != "" {
				tt.want.Message, tt.want.RequestID = "no", "request-7"
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if len(s.attempts()) != tt.attempts {
				t.Errorf("%d attempts, want %d", len(s.attempts()), tt.attempts)
			}
		})
	}
}

func TestClassifyWithoutCredentials(t *testing.T) {
	tests := []struct {
		name string
		sts  answer
		want aws.Class
	}{
		{"role does not trust us", refuseRole(403, "AccessDenied"), aws.Denied},
		{"base key unknown", refuseRole(403, "InvalidClientTokenId"), aws.Denied},
		{"external id malformed", refuseRole(400, "ValidationError"), aws.Denied},
		{"throttled", refuseRole(400, "Throttling"), aws.Throttled},
		{"server error", refuseRole(500, "InternalFailure"), aws.Unreached},
		{"connection lost", hangUp, aws.Unreached},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, []answer{tt.sts}, []answer{ok})
			if got := aws.Classify(send(t, t.Context(), s.clients(t, nil))); got.Class != tt.want {
				t.Errorf("got %+v, want %s", got, tt.want)
			}
			if len(s.attempts()) != 0 {
				t.Errorf("Organizations was called %d times", len(s.attempts()))
			}
		})
	}
}

func TestClassifyTimeouts(t *testing.T) {
	t.Run("of an attempt", func(t *testing.T) {
		s := newServer(t, []answer{ok}, []answer{hang})
		clients := s.clients(t, func(c *aws.Config) { c.Timeout = 500 * time.Millisecond })
		if got := aws.Classify(send(t, t.Context(), clients)); got.Class != aws.Unanswered || len(s.attempts()) != 3 {
			t.Errorf("got %+v after %d attempts", got, len(s.attempts()))
		}
	})
	t.Run("of the caller", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := newServer(t, []answer{ok}, []answer{func(w http.ResponseWriter, r *http.Request) {
			cancel()
			hang(w, r)
		}})
		err := send(t, ctx, s.clients(t, nil))
		if got := aws.Classify(err); got.Class != aws.Unanswered || len(s.attempts()) != 1 {
			t.Errorf("got %+v after %d attempts", got, len(s.attempts()))
		}
	})
	t.Run("before the call", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := newServer(t, []answer{ok}, []answer{ok})
		if got := aws.Classify(send(t, ctx, s.clients(t, nil))); got.Class != aws.Unreached || len(s.attempts()) != 0 {
			t.Errorf("got %+v after %d attempts", got, len(s.attempts()))
		}
	})
}

func TestClassifyWhatWasNotSent(t *testing.T) {
	t.Run("nobody listens", func(t *testing.T) {
		s := newServer(t, []answer{ok}, []answer{ok})
		clients := s.clients(t, nil)
		s.Close()
		if got := aws.Classify(send(t, t.Context(), clients)); got.Class != aws.Unreached {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("connection lost, then nobody listens", func(t *testing.T) {
		var s *server
		s = newServer(t, []answer{ok}, []answer{func(w http.ResponseWriter, r *http.Request) {
			_ = s.Listener.Close()
			hangUp(w, r)
		}})
		if got := aws.Classify(send(t, t.Context(), s.clients(t, nil))); got.Class != aws.Unanswered {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a required field is missing", func(t *testing.T) {
		s := newServer(t, []answer{ok}, []answer{ok})
		_, err := client(t, s.clients(t, nil), payer("111111111111")).DescribeHandshake(t.Context(), &organizations.DescribeHandshakeInput{})
		if got := aws.Classify(err); got.Class != aws.Refused || got.Code != "InvalidParameters" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an error of another kind", func(t *testing.T) {
		if got := aws.Classify(errors.New("?")); got.Class != aws.Unanswered {
			t.Errorf("what is not known must count as sent: %+v", got)
		}
	})
}

// send invites a customer, as the call whose effect matters most.
func send(t *testing.T, ctx context.Context, clients *aws.Clients) error {
	t.Helper()
	_, err := client(t, clients, payer("111111111111")).InviteOrganizationToTransferResponsibility(ctx,
		&organizations.InviteOrganizationToTransferResponsibilityInput{
			SourceName:     sdk.String("trf_1-1"),
			StartTimestamp: sdk.Time(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)),
			Target:         &types.HandshakeParty{Id: sdk.String("222222222222"), Type: types.HandshakePartyTypeAccount},
			Type:           types.ResponsibilityTransferTypeBilling,
		})
	return err
}

func client(t *testing.T, clients *aws.Clients, p aws.Payer) *organizations.Client {
	t.Helper()
	c, err := clients.Organizations(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func payer(account string) aws.Payer {
	return aws.Payer{AccountID: account, RoleARN: "arn:aws:iam::" + account + ":role/handover", ExternalID: "ext-" + account}
}
