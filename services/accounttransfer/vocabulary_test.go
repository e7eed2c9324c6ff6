package accounttransfer_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestVocabulary holds every word of the domain against the contract.
func TestVocabulary(t *testing.T) {
	transfer, payer := wiretest.Read(t, "internal/transfer"), wiretest.Read(t, "internal/payer")

	wiretest.Known[accounttransferv1.TransferFact](t, transfer.Named("Fact"))
	wiretest.Known[accounttransferv1.PayerFact](t, payer.Named("Fact"))

	// The root's own refusals are of its reconciler: no caller sees them.
	for _, domain := range []wiretest.Words{transfer, payer} {
		wiretest.KnownReasons[accounttransferv1.Reason](t, domain.Named("Reason"))
	}

	wiretest.Known[accounttransferv1.TransferState](t, transfer.Typed("State"))
	wiretest.Known[accounttransferv1.TransferKind](t, transfer.Typed("Kind"))
	wiretest.Known[accounttransferv1.StepState](t, transfer.Typed("StepState"))
	wiretest.Known[accounttransferv1.StepCompletion](t, transfer.Typed("Completion"))
	wiretest.Known[accounttransferv1.InvitationState](t, transfer.Typed("InvitationState"))
	wiretest.Known[accounttransferv1.ServiceTermState](t, transfer.Typed("TermState"))
	wiretest.Known[accounttransferv1.BootstrapRoleState](t, transfer.Typed("RoleState"))
	wiretest.Known[accounttransferv1.SupportModel](t, transfer.Typed("SupportModel"))
	wiretest.Known[accounttransferv1.FailureCode](t, transfer.Named("Code"))
	wiretest.Known[typev1.Party](t, transfer.Typed("Party"))
	wiretest.Known[accounttransferv1.DecisionOutcome](t, transfer.Typed("DecisionOutcome"))
	wiretest.Known[accounttransferv1.ChargesPayer](t, transfer.Typed("ChargesPayer"))
	wiretest.Known[accounttransferv1.PayerState](t, payer.Typed("State"))
}
