package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"
)

// Every reason is one that AWS's model knows, once, and says who must do what.
func TestAdviceIsAboutRealReasons(t *testing.T) {
	known := map[string]bool{"InvalidParameters": true}
	for _, r := range types.InvalidInputExceptionReason("").Values() {
		known[string(r)] = true
	}
	for _, r := range types.ConstraintViolationExceptionReason("").Values() {
		known[string(r)] = true
	}
	for _, r := range types.HandshakeConstraintViolationExceptionReason("").Values() {
		known[string(r)] = true
	}
	for _, e := range []smithy.APIError{
		&types.DuplicateHandshakeException{}, &types.ResponsibilityTransferNotFoundException{},
		&types.ResponsibilityTransferAlreadyInStatusException{}, &types.InvalidResponsibilityTransferTransitionException{},
		&types.HandshakeAlreadyInStateException{}, &types.InvalidHandshakeTransitionException{}, &types.HandshakeNotFoundException{},
		&types.AWSOrganizationsNotInUseException{}, &types.AccountOwnerNotVerifiedException{},
		&types.AccessDeniedException{}, &types.AccessDeniedForDependencyException{},
	} {
		known[shortCode(e)] = true
	}
	seen := map[string]bool{}
	for _, a := range advice() {
		if !known[a.Reason] {
			t.Errorf("AWS has no reason %s", a.Reason)
		}
		if seen[a.Reason] {
			t.Errorf("%s stands there twice", a.Reason)
		}
		seen[a.Reason] = true
		if !slices.Contains([]Owner{Customer, Reseller, AWS, Platform}, a.Owner) || !strings.HasSuffix(a.What, ".") {
			t.Errorf("%s: %+v", a.Reason, a)
		}
		if a.Wait != 0 && !strings.Contains(a.Reason, "RATE_LIMIT") {
			t.Errorf("%s: waiting does not help", a.Reason)
		}
	}
}

// Every reason of AWS's model that is about moving the billing has its advice.
func TestAdviceIsComplete(t *testing.T) {
	var about []string
	for _, r := range types.InvalidInputExceptionReason("").Values() {
		if strings.Contains(string(r), "_DATE") || strings.Contains(string(r), "RESPONSIBILITY") {
			about = append(about, string(r))
		}
	}
	for _, r := range types.ConstraintViolationExceptionReason("").Values() {
		if strings.Contains(string(r), "RESPONSIBILITY") || strings.HasPrefix(string(r), "UN") {
			about = append(about, string(r))
		}
	}
	for _, r := range types.HandshakeConstraintViolationExceptionReason("").Values() {
		if !strings.HasPrefix(string(r), "ORGANIZATION_ALREADY") && !strings.HasPrefix(string(r), "ORGANIZATION_IS") && r != types.HandshakeConstraintViolationExceptionReasonAccountNumberLimitExceeded {
			about = append(about, string(r))
		}
	}
	listed := map[string]bool{}
	for _, a := range advice() {
		listed[a.Reason] = true
	}
	if len(about) < 25 {
		t.Fatalf("only %d reasons found", len(about))
	}
	for _, reason := range about {
		if !listed[reason] {
			t.Errorf("no advice for %s", reason)
		}
	}
}

func TestExplain(t *testing.T) {
	tests := []struct {
		outcome Outcome
		reason  string
		owner   Owner
		waits   bool
	}{
		{Outcome{Code: "ConstraintViolation", Reason: "UNSUPPORTED_PRICING"}, "UNSUPPORTED_PRICING", Customer, false},
		{Outcome{Code: "HandshakeConstraintViolation", Reason: "HANDSHAKE_RATE_LIMIT_EXCEEDED"}, "HANDSHAKE_RATE_LIMIT_EXCEEDED", Reseller, true},
		{Outcome{Code: "ConstraintViolation", Reason: "UNMET_BILLING_PREREQUISITE"}, "UNMET_BILLING_PREREQUISITE", AWS, false},
		{Outcome{Code: "InvalidInput", Reason: "END_DATE_TOO_LATE"}, "END_DATE_TOO_LATE", Platform, false},
		{Outcome{Code: "DuplicateHandshake"}, "DuplicateHandshake", Platform, false},
		{Outcome{Class: Denied, Code: "AccessDenied"}, "AccessDenied", Reseller, false},
		{Outcome{Code: "ConstraintViolation", Reason: "NEW_NEXT_YEAR"}, "NEW_NEXT_YEAR", Reseller, false},
		{Outcome{Code: "SubscriptionRequired"}, "SubscriptionRequired", Reseller, false},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			got := Explain(tt.outcome)
			if got.Reason != tt.reason || got.Owner != tt.owner || (got.Wait > 0) != tt.waits || got.What == "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}
