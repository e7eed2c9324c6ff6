package rpc_test

import (
	"testing"

	"example.com/handover/pkg/wire/wiretest"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestReasons holds what the platform itself refuses with against the contract.
func TestReasons(t *testing.T) {
	wiretest.Known[typev1.PlatformReason](t, wiretest.Read(t, ".", "../auth", "../kit").Reasons())
}
