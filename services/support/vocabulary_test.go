package support_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestVocabulary holds every word of the domain against the contract.
func TestVocabulary(t *testing.T) {
	cases, channel := wiretest.Read(t, "internal/cases"), wiretest.Read(t, "internal/channel")

	wiretest.Known[supportv1.CaseFact](t, cases.Named("Fact"))
	wiretest.Known[supportv1.ChannelFact](t, channel.Named("Fact"))

	// RATE_LIMITED is of the reconciler: no caller sees it.
	wiretest.KnownReasons[supportv1.Reason](t, wiretest.Read(t, "internal/cases", "internal/channel").Named("Reason"))

	wiretest.Known[supportv1.CaseState](t, cases.Typed("State"))
	wiretest.Known[supportv1.CaseKind](t, cases.Typed("Kind"))
	wiretest.Known[supportv1.CaseAudience](t, cases.Typed("Audience"))
	wiretest.Known[supportv1.CasePriority](t, cases.Typed("Priority"))
	wiretest.Known[typev1.Party](t, cases.Typed("Party"))
	wiretest.Known[supportv1.ChannelState](t, channel.Typed("State"))
	wiretest.Known[supportv1.ChannelKind](t, channel.Typed("Kind"))
}
