package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/pkg/auth"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// The list of rights is written by hand; the contract says which there are.
func TestOperatorRightsAreTheContracts(t *testing.T) {
	declared := map[string]bool{}
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(f.Package()), "handover.") {
			return true
		}
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				access, _ := proto.GetExtension(methods.Get(j).Options(), optionsv1.E_Access).(*optionsv1.Access)
				if right := access.GetRight(); right != "" {
					declared[right] = true
				}
			}
		}
		return true
	})
	if want, got := slices.Sorted(maps.Keys(declared)), slices.Sorted(slices.Values(auth.OperatorRights())); !slices.Equal(got, want) {
		t.Fatalf("got %v, the contract asks for %v", got, want)
	}
}
