package aws_test

import (
	"regexp"
	"testing"
	"time"

	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/errs"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
)

func matches(t *testing.T, pattern, got string) {
	t.Helper()
	if !regexp.MustCompile("^" + pattern + "$").MatchString(got) {
		t.Errorf("%q does not match %s", got, pattern)
	}
}

func TestConditionsOfTheCustomerRefuseItsAcceptance(t *testing.T) {
	for condition, want := range map[state.Condition]check{
		state.UnsupportedPricing:        constraint("UNSUPPORTED_PRICING"),
		state.NotActive:                 constraint("ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY"),
		state.UnmetBillingPrerequisite:  constraint("UNMET_BILLING_PREREQUISITE"),
		state.DeletionInProgress:        constraint("TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS"),
		state.DifferentSellerOfRecord:   handshakeConstraint("ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD"),
		state.TargetValidationFailure:   handshakeConstraint("TARGET_ACCOUNT_VALIDATION_FAILURE"),
		state.EmailNotVerified:          handshakeConstraint("MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED"),
		state.LegacyPermissions:         handshakeConstraint("LEGACY_PERMISSIONS_STILL_IN_USE"),
		state.PastDueInvoice:            handshakeConstraint("PAST_DUE_INVOICE"),
		state.UnusedPrepaymentBalance:   handshakeConstraint("UNUSED_PREPAYMENT_BALANCE"),
		state.PaymentInstrumentRequired: handshakeConstraint("PAYMENT_INSTRUMENT_REQUIRED"),
	} {
		t.Run(string(condition), func(t *testing.T) {
			r := newRig(t)
			customer := r.customer()
			h, transfer := r.invite(customer)
			if err := r.sim.SetConditions(t.Context(), customer, condition); err != nil {
				t.Fatal(err)
			}
			refused(t, r.accept(customer, h), want)
			if _, err := r.sim.AcceptBillingTransfer(t.Context(), customer); !want(err) || errs.ReasonOf(err) == "" {
				t.Errorf("the console says %v", err)
			}
			if status := r.status(payer, transfer); status != types.ResponsibilityTransferStatusRequested {
				t.Errorf("the payer sees %s", status)
			}
			if err := r.sim.SetConditions(t.Context(), customer); err != nil { // mended
				t.Fatal(err)
			}
			if err := r.accept(customer, h); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAcceptanceNeedsAllFeaturesAndAPayerThatStays(t *testing.T) {
	r := newRig(t)
	customer := r.found(simaws.NewOrganization{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling})
	h, _ := r.invite(customer)
	refused(t, r.accept(customer, h), constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"))

	customer = r.customer()
	h, _ = r.invite(customer)
	if err := r.sim.SetConditions(t.Context(), payer, state.DeletionInProgress); err != nil {
		t.Fatal(err)
	}
	refused(t, r.accept(customer, h), constraint("TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS"))
}

func TestTransferIsAcceptedBeforeItStarts(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	h, transfer := r.invite(customer)
	got, err := r.sim.AcceptBillingTransfer(t.Context(), customer)
	if err != nil || got.ID != transfer || got.Status != types.ResponsibilityTransferStatusAccepted {
		t.Fatalf("%+v, %v", got, err)
	}
	if status := r.status(payer, transfer); status != types.ResponsibilityTransferStatusAccepted {
		t.Errorf("the payer sees %s", status)
	}
	refused(t, r.accept(customer, h), is[*types.HandshakeAlreadyInStateException])
	_, err = r.organizations(payer).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id})
	refused(t, err, is[*types.InvalidHandshakeTransitionException])
	if _, err := r.sim.DeclineBillingTransfer(t.Context(), customer); errs.ReasonOf(err) != "NO_INVITATION" {
		t.Errorf("declining afterwards: %v", err)
	}
}

func TestDeclinedAndCanceled(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	_, transfer := r.invite(customer)
	if _, err := r.sim.DeclineBillingTransfer(t.Context(), customer); err != nil {
		t.Fatal(err)
	}
	if status := r.status(payer, transfer); status != types.ResponsibilityTransferStatusDeclined {
		t.Errorf("declined is %s", status)
	}
	h, transfer := r.invite(customer) // after a decline a new invitation is no duplicate
	if _, err := r.organizations(payer).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id}); err != nil {
		t.Fatal(err)
	}
	if status := r.status(customer, transfer); status != types.ResponsibilityTransferStatusCanceled {
		t.Errorf("canceled is %s", status)
	}
	refused(t, r.accept(customer, h), is[*types.InvalidHandshakeTransitionException])
}

func TestOnlyTheRightSideAnswers(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	h, transfer := r.invite(customer)
	refused(t, r.accept(payer, h), is[*types.AccessDeniedException])
	refused(t, r.accept(r.customer(), h), is[*types.HandshakeNotFoundException])
	_, err := r.organizations(customer).CancelHandshake(t.Context(), &orgs.CancelHandshakeInput{HandshakeId: h.Id})
	refused(t, err, is[*types.AccessDeniedException])
	_, err = r.organizations(payer).DeclineHandshake(t.Context(), &orgs.DeclineHandshakeInput{HandshakeId: h.Id})
	refused(t, err, is[*types.AccessDeniedException])
	_, err = r.organizations(r.customer()).DescribeResponsibilityTransfer(
		t.Context(), &orgs.DescribeResponsibilityTransferInput{Id: &transfer},
	)
	refused(t, err, is[*types.ResponsibilityTransferNotFoundException])
	_, err = r.organizations(r.member(customer)).DescribeResponsibilityTransfer(
		t.Context(), &orgs.DescribeResponsibilityTransferInput{Id: &transfer},
	)
	refused(t, err, is[*types.AccessDeniedException])
}

func TestUnansweredInvitationExpires(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	h, transfer := r.invite(customer)
	cutOff := december.Add(-24 * time.Hour)
	r.at(cutOff.Add(-time.Millisecond))
	if status := r.status(payer, transfer); status != types.ResponsibilityTransferStatusRequested {
		t.Errorf("just before: %s", status)
	}
	r.at(cutOff)
	if status := r.status(payer, transfer); status != types.ResponsibilityTransferStatusExpired {
		t.Errorf("then: %s", status)
	}
	got, err := r.organizations(customer).DescribeHandshake(t.Context(), &orgs.DescribeHandshakeInput{HandshakeId: h.Id})
	if err != nil || got.Handshake.State != types.HandshakeStateExpired {
		t.Errorf("handshake %+v, %v", got, err)
	}
	refused(t, r.accept(customer, h), is[*types.InvalidHandshakeTransitionException])
	if _, err := r.sim.AcceptBillingTransfer(t.Context(), customer); !is[*types.InvalidHandshakeTransitionException](err) {
		t.Errorf("the console says %v", err)
	}
	if _, err := r.inviteAs(payer, customer, december.AddDate(0, 1, 0)); err != nil {
		t.Errorf("a new invitation: %v", err)
	}
}

func TestInvitationLivesNoLongerThanTheSettingSays(t *testing.T) {
	r := newRig(t)
	h, err := r.inviteAs(payer, r.customer(), december.AddDate(0, 2, 0))
	if err != nil || !h.ExpirationTimestamp.Equal(now.AddDate(0, 0, 15)) {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestEndedHandshakesVanishAfter30Days(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	h, transfer := r.invite(customer)
	if _, err := r.sim.DeclineBillingTransfer(t.Context(), customer); err != nil {
		t.Fatal(err)
	}
	seen := func() int {
		sent, err := r.organizations(payer).ListHandshakesForOrganization(t.Context(), &orgs.ListHandshakesForOrganizationInput{})
		if err != nil {
			t.Fatal(err)
		}
		received, err := r.organizations(customer).ListHandshakesForAccount(t.Context(), &orgs.ListHandshakesForAccountInput{})
		if err != nil {
			t.Fatal(err)
		}
		return len(sent.Handshakes) + len(received.Handshakes)
	}
	r.at(now.AddDate(0, 0, 30).Add(-time.Millisecond))
	if n := seen(); n != 2 {
		t.Errorf("before: %d", n)
	}
	r.at(now.AddDate(0, 0, 30))
	if n := seen(); n != 0 {
		t.Errorf("after: %d", n)
	}
	_, err := r.organizations(payer).DescribeHandshake(t.Context(), &orgs.DescribeHandshakeInput{HandshakeId: h.Id})
	refused(t, err, is[*types.HandshakeNotFoundException])
	if status := r.status(payer, transfer); status != types.ResponsibilityTransferStatusDeclined {
		t.Errorf("the transfer is %s", status)
	}
}
