package organizations_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/connection"
)

// reasonsOfAWS are the reasons that the SDK's model knows.
func reasonsOfAWS() (all []string) {
	for _, r := range types.InvalidInputExceptionReason("").Values() {
		all = append(all, string(r))
	}
	for _, r := range types.ConstraintViolationExceptionReason("").Values() {
		all = append(all, string(r))
	}
	for _, r := range types.HandshakeConstraintViolationExceptionReason("").Values() {
		all = append(all, string(r))
	}
	return all
}

// A reason that AWS does not know would never be met.
func TestEveryReasonIsOneOfAWS(t *testing.T) {
	ours := []string{"ACCESS_DENIED", connection.DuplicateInvitation}
	known := append(reasonsOfAWS(), ours...)
	known = append(known, connection.CanceledAtAWS, connection.Uninvited)
	known = append(known, "AccountOwnerNotVerified", "AWSOrganizationsNotInUse") // codes without a reason
	for _, reason := range append(connection.Reasons(), connection.MemberReasons()...) {
		if !slices.Contains(known, reason) {
			t.Errorf("AWS has no reason %s", reason)
		}
	}
}

// A reason of AWS about transfers that nobody judged would be Operations' to puzzle over.
func TestEveryReasonAboutTransfersIsJudged(t *testing.T) {
	judged := connection.Reasons()
	found := 0
	for _, r := range types.ConstraintViolationExceptionReason("").Values() {
		reason := string(r)
		if !strings.Contains(reason, "RESPONSIBILITY_TRANSFER_MAX") && !strings.HasPrefix(reason, "UN") {
			continue
		}
		found++
		if !slices.Contains(judged, reason) {
			t.Errorf("nobody has judged %s", reason)
		}
	}
	if found < 4 {
		t.Fatalf("only %d reasons found: the model has changed", found)
	}
}

// A reason of AWS not to invite an account that nobody judged would be Operations' to puzzle over.
func TestEveryReasonNotToInviteAnAccountIsJudged(t *testing.T) {
	ofTransfers := []string{
		"ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "RESPONSIBILITY_TRANSFER_ALREADY_EXISTS", "UNUSED_PREPAYMENT_BALANCE",
		"LEGACY_PERMISSIONS_STILL_IN_USE", "PAST_DUE_INVOICE",
	}
	judged := connection.MemberReasons()
	for _, r := range types.HandshakeConstraintViolationExceptionReason("").Values() {
		if reason := string(r); !slices.Contains(judged, reason) && !slices.Contains(ofTransfers, reason) {
			t.Errorf("nobody has judged %s", reason)
		}
	}
}

// A reason of AWS not to create an account that nobody judged would be Operations' to puzzle over; one that AWS does not know would
// never be met.
func TestEveryReasonNotToCreateAnAccountIsJudged(t *testing.T) {
	known := []string{accountrequest.AccessDenied, accountrequest.Finalizing} // of the call itself
	for _, r := range types.CreateAccountFailureReason("").Values() {
		known = append(known, string(r))
	}
	judged := accountrequest.Reasons()
	slices.Sort(known)
	if !slices.Equal(known, judged) {
		t.Errorf("AWS has\n%v, judged are\n%v", known, judged)
	}
}
