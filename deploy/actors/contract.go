package actors

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// EachMethod visits the methods of the contract with who may call them.
func EachMethod(visit func(protoreflect.MethodDescriptor, *optionsv1.Access)) {
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(f.Package()), "handover.") {
			return true
		}
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				access, _ := proto.GetExtension(methods.Get(j).Options(), optionsv1.E_Access).(*optionsv1.Access)
				visit(methods.Get(j), access)
			}
		}
		return true
	})
}
