package aws_test

import (
	"errors"
	"fmt"
	"net"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"
	"github.com/aws/smithy-go"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/intent"
)

// Whatever AWS says is one of the five outcomes that the driver of effects knows.
func TestOutcomesOfEffects(t *testing.T) {
	refusal := func(code string) error { return &smithy.GenericAPIError{Code: code, Message: "no"} }
	for name, tt := range map[string]struct {
		err  error
		want intent.Outcome
	}{
		"done": {nil, intent.Outcome{Class: intent.Done}},
		"refused": {
			refusal("DuplicateHandshakeException"), intent.Outcome{Class: intent.Refused, Code: "DuplicateHandshake", Reason: "DuplicateHandshake"},
		},
		"refused with a reason": {
			&types.ConflictException{Message: sdk.String("no"), Reason: types.ConflictExceptionReasonResourceNameConflict},
			intent.Outcome{Class: intent.Refused, Code: "Conflict", Reason: "RESOURCE_NAME_CONFLICT"},
		},
		"only to be repeated": {
			&types.ConflictException{Message: sdk.String("no"), Reason: types.ConflictExceptionReasonWriteConflictRetry},
			intent.Outcome{Class: intent.Later, Code: "Conflict", Reason: "WRITE_CONFLICT_RETRY"},
		},
		"denied": {refusal("AccessDeniedException"), intent.Outcome{Class: intent.Denied, Code: "AccessDenied", Reason: aws.AccessDenied}},
		"no key": {
			refusal("UnrecognizedClientException"), intent.Outcome{Class: intent.Denied, Code: "UnrecognizedClient", Reason: aws.AccessDenied},
		},
		"throttled": {refusal("ThrottlingException"), intent.Outcome{Class: intent.Later, Code: "Throttling", Reason: "Throttling"}},
		"busy": {
			refusal("ConcurrentModificationException"),
			intent.Outcome{Class: intent.Later, Code: "ConcurrentModification", Reason: "ConcurrentModification"},
		},
		"not reached":  {&net.OpError{Op: "dial", Err: errors.New("refused")}, intent.Outcome{Class: intent.Later}},
		"not answered": {&net.OpError{Op: "read", Err: errors.New("reset")}, intent.Outcome{Class: intent.Unanswered}},
		"its own fault": {
			&smithy.GenericAPIError{Code: "ServiceException", Message: "no", Fault: smithy.FaultServer},
			intent.Outcome{Class: intent.Unanswered, Code: "Service", Reason: "Service"},
		},
	} {
		got := aws.OutcomeOf(tt.err)
		if wrapped := aws.OutcomeOf(fmt.Errorf("call: %w", tt.err)); tt.err != nil && wrapped != got {
			t.Errorf("%s: wrapped it is %+v", name, wrapped)
		}
		if said := got.Code != ""; said != (got.Message != "") {
			t.Errorf("%s: AWS's own words are lost: %+v", name, got)
		}
		got.Message = ""
		if got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
