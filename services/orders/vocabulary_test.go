package orders_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestVocabulary holds every word of the domain against the contract.
func TestVocabulary(t *testing.T) {
	order, catalogue, party := wiretest.Read(t, "internal/order"), wiretest.Read(t, "internal/catalogue"), wiretest.Read(t, "internal/party")
	agreement, termination := wiretest.Read(t, "internal/agreement"), wiretest.Read(t, "internal/termination")
	change := wiretest.Read(t, "internal/change")

	wiretest.Known[ordersv1.OrderFact](t, order.Named("Fact"))
	wiretest.Known[ordersv1.AgreementFact](t, agreement.Named("Fact"))
	// A person's facts are private: "erased" is never relayed. Sellers have no persons and no exceptions.
	relayed := slices.DeleteFunc(party.Named("Fact"), func(name string) bool { return name == "erased" })
	wiretest.Known[ordersv1.CustomerFact](t, relayed)
	ofRules := slices.DeleteFunc(catalogue.Named("Fact"), func(name string) bool { return name == "set" || name == "window_set" })
	wiretest.Known[ordersv1.SaleWindowFact](t, []string{"window_set"})
	wiretest.Known[ordersv1.EligibilityRuleFact](t, ofRules)
	wiretest.Known[ordersv1.GuidancePageFact](t, []string{"set"})
	wiretest.Known[ordersv1.SellerFact](t, slices.DeleteFunc(relayed, func(name string) bool {
		return strings.HasPrefix(name, "person_") || strings.HasPrefix(name, "exception_") || name == "provider_set"
	}))

	wiretest.KnownReasons[ordersv1.Reason](t, wiretest.Read(t, ".").Reasons())
	for _, domain := range []wiretest.Words{order, catalogue, party, agreement, termination, change} {
		wiretest.KnownReasons[ordersv1.Reason](t, domain.Named("Reason"))
	}

	wiretest.Known[ordersv1.OrderState](t, order.Typed("State"))
	wiretest.Known[ordersv1.OrderType](t, order.Typed("Type"))
	wiretest.Known[ordersv1.LateCompletionPolicy](t, order.Typed("LatePolicy"))
	wiretest.Known[ordersv1.OrderWish](t, order.Typed("Wish"))
	wiretest.Known[ordersv1.OrderFailureCode](t, order.Named("Code"))
	wiretest.Known[ordersv1.TerminationPhase](t, termination.Typed("Phase"))
	wiretest.Known[ordersv1.TerminationOutcome](t, termination.Typed("Outcome"))
	wiretest.Known[ordersv1.ChangeKind](t, change.Typed("Kind"))
	wiretest.Known[ordersv1.ChangePhase](t, change.Typed("Phase"))
	wiretest.Known[ordersv1.ChangeOutcome](t, change.Typed("Outcome"))
	wiretest.Known[typev1.Party](t, order.Typed("Party"))
	wiretest.Known[ordersv1.AgreementState](t, agreement.Typed("State"))
	wiretest.Known[ordersv1.SubscriptionState](t, agreement.Typed("SubscriptionState"))
	wiretest.Known[ordersv1.MinimumTermPolicy](t, agreement.Typed("Policy"))
	wiretest.Known[accounttransferv1.SupportModel](t, catalogue.Typed("SupportOption"))
	wiretest.Known[ordersv1.AccountOption](t, catalogue.Typed("AccountOption"))
	wiretest.Known[ordersv1.SupportOption](t, catalogue.Typed("SupportOption"))
	wiretest.Known[ordersv1.TermKind](t, catalogue.Typed("TermKind"))
	wiretest.Known[ordersv1.ProductGeneration](t, catalogue.Typed("Generation"))
	wiretest.Known[ordersv1.AwsPartition](t, catalogue.Typed("Partition"))
	wiretest.Known[ordersv1.EligibilityResult](t, catalogue.Typed("Result"))
	wiretest.Known[ordersv1.ContactRole](t, party.Typed("ContactRole"))
}
