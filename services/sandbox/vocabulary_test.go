package sandbox_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestVocabulary holds every word of the sandbox and its simulators against the contract.
func TestVocabulary(t *testing.T) {
	wiretest.KnownReasons[sandboxv1.Reason](t, wiretest.Read(t, ".").Reasons())

	faults := wiretest.Read(t, "../../pkg/sim/fault")
	wiretest.Known[sandboxv1.FaultKind](t, faults.Typed("Kind"))
	wiretest.Known[sandboxv1.FaultMoment](t, faults.Typed("Moment"))
}
