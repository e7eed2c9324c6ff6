package sandbox_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestVocabulary holds every word of the sandbox and its simulator against the contract.
func TestVocabulary(t *testing.T) {
	wiretest.KnownReasons[sandboxv1.Reason](t, wiretest.Read(t, ".").Reasons())

	simulator := wiretest.Read(t, "../../pkg/sim/aws")
	wiretest.Known[sandboxv1.FaultKind](t, simulator.Typed("FaultKind"))
	wiretest.Known[sandboxv1.FaultMoment](t, simulator.Typed("Moment"))
}
