package billing_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestVocabulary holds every word of the domain against the contract.
func TestVocabulary(t *testing.T) {
	relationship, period := wiretest.Read(t, "internal/relationship"), wiretest.Read(t, "internal/period")
	pricebook, statement, invoice := wiretest.Read(
		t, "internal/pricebook",
	), wiretest.Read(t, "internal/statement"), wiretest.Read(t, "internal/invoice")

	wiretest.Known[billingv1.RelationshipFact](t, relationship.Named("Fact"))
	wiretest.Known[billingv1.PeriodFact](t, period.Named("Fact"))
	wiretest.Known[billingv1.PricebookFact](t, pricebook.Named("Fact"))
	wiretest.Known[billingv1.InvoiceFact](t, invoice.Named("Fact"))

	for _, domain := range []wiretest.Words{relationship, period, pricebook} {
		wiretest.KnownReasons[billingv1.Reason](t, domain.Named("Reason"))
	}
	// The reconcilers' own refusals are seen by no caller.
	wiretest.KnownReasons[billingv1.Reason](t, []string{"SELLER_UNKNOWN", "DOCUMENT_NOT_READY", "CHARGES_TOO_MANY", "STREAM_INVALID"})

	wiretest.Known[billingv1.RelationshipState](t, relationship.Typed("State"))
	wiretest.Known[billingv1.PeriodState](t, period.Typed("State"))
	wiretest.Known[billingv1.InvoiceState](t, invoice.Typed("State"))
	wiretest.Known[billingv1.HoldCode](t, period.Named("Code"))
	wiretest.Known[billingv1.HoldCode](t, statement.Named("Code"))
	wiretest.Known[billingv1.StatementWarningCode](t, statement.Named("Warn"))
	wiretest.Known[billingv1.DiscountBeneficiary](t, pricebook.Typed("Beneficiary"))
	wiretest.Known[billingv1.ChargeCategory](t, pricebook.Typed("Category"))
	wiretest.Known[billingv1.SupportPlanGroup](t, statement.Typed("PlanGroup"))
	wiretest.Known[typev1.Party](t, period.Typed("Party"))
}
