package main

import (
	"maps"
	"slices"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// The list of rights is written by hand; the contract says which there are.
func TestOperatorRightsAreTheContracts(t *testing.T) {
	declared := map[string]bool{}
	actors.EachMethod(func(_ protoreflect.MethodDescriptor, access *optionsv1.Access) {
		if right := access.GetRight(); right != "" {
			declared[right] = true
		}
	})
	if want, got := slices.Sorted(maps.Keys(declared)), slices.Sorted(slices.Values(auth.OperatorRights())); !slices.Equal(got, want) {
		t.Fatalf("got %v, the contract asks for %v", got, want)
	}
}
