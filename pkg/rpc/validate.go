package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/errs"
)

// newValidate compiles the rules of these requests at once: a rule that does not compile ends the start, and the first
// call is as fast as the next. Others are compiled at first use.
func newValidate(x *texts, requests []protoreflect.MessageDescriptor) (func(context.Context, method, proto.Message) error, error) {
	v, err := protovalidate.New(protovalidate.WithMessageDescriptors(requests...))
	if err != nil {
		return nil, fmt.Errorf("validation rules: %w", err)
	}
	return func(_ context.Context, _ method, request proto.Message) error {
		return violations(v.Validate(request), x.unsendable(request))
	}, nil
}

// Validate holds one entry of a batch to the contract's rules, as the chain does with a request of its own.
func Validate(entry proto.Message) error {
	return violations(protovalidate.Validate(entry), new(texts).unsendable(entry))
}

// violations makes one INVALID_ARGUMENT of all broken rules: field path, rule id, message. What an address breaks is said by more,
// which knows why.
func violations(err error, more []errs.Field) error {
	broken, ok := errors.AsType[*protovalidate.ValidationError](err)
	if err != nil && !ok {
		return fmt.Errorf("validate the request: %w", err)
	}
	fields := more
	if broken != nil {
		for _, v := range broken.Violations {
			f := errs.Field{
				Path: protovalidate.FieldPathString(v.Proto.GetField()), Reason: v.Proto.GetRuleId(), Message: v.Proto.GetMessage(),
			}
			known := func(m errs.Field) bool { return m.Path == f.Path && m.Reason == f.Reason }
			if !slices.ContainsFunc(more, known) {
				fields = append(fields, f)
			}
		}
	}
	if len(fields) == 0 {
		return nil
	}
	e := errs.New(errs.Invalid, "REQUEST_INVALID", "the request breaks %d of the contract's rules", len(fields))
	e.Fields = fields
	return e
}
