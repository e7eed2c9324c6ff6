package rpc

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/pkg/errs"
)

// Placed says of each violation where its field stands in the request: a decision about a resource names the resource's field
// ("currency_code"), the caller has written "order.currency_code". A path that the request has, or has nowhere, stays.
func Placed(err error, request protoreflect.MessageDescriptor) error {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	placed := *e
	placed.Fields = slices.Clone(e.Fields)
	for i, f := range placed.Fields {
		placed.Fields[i].Path = place(f.Path, request)
	}
	return &placed
}

func place(path string, request protoreflect.MessageDescriptor) string {
	name := protoreflect.Name(path)
	if end := strings.IndexAny(path, ".["); end >= 0 {
		name = protoreflect.Name(path[:end])
	}
	fields := request.Fields()
	if fields.ByName(name) != nil {
		return path
	}
	for i := range fields.Len() {
		f := fields.Get(i)
		if f.Message() == nil || f.IsList() || f.IsMap() || f.Message().Fields().ByName(name) == nil {
			continue
		}
		return join(string(f.Name()), path)
	}
	return path
}

// placed is Placed for the request of a method of the contract.
func (m method) placed(err *errs.Error) *errs.Error {
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(m.name, "/"), "/", "."))
	d, _ := protoregistry.GlobalFiles.FindDescriptorByName(name)
	of, ok := d.(protoreflect.MethodDescriptor)
	if !ok {
		return err
	}
	placed, _ := errs.As(Placed(err, of.Input()))
	return placed
}
