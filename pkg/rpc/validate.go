package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// fieldRequired is the reason of a field that the caller forgot.
const fieldRequired = "FIELD_REQUIRED"

// violations makes one INVALID_ARGUMENT of all broken rules: field path, rule id, message. What an address breaks is said by more,
// which knows why. A forgotten field has the reason FIELD_REQUIRED, and so has a request that lacks fields and breaks no other rule.
func violations(err error, more []errs.Field) error {
	broken, ok := errors.AsType[*protovalidate.ValidationError](err)
	if err != nil && !ok {
		return fmt.Errorf("validate the request: %w", err)
	}
	fields := more
	var lacks []string
	if broken != nil {
		for _, v := range broken.Violations {
			f := errs.Field{
				Path: protovalidate.FieldPathString(v.Proto.GetField()), Reason: v.Proto.GetRuleId(), Message: v.Proto.GetMessage(),
			}
			if forgotten(v) {
				if !slices.Contains(lacks, f.Path) { // an empty field breaks several of its rules
					lacks = append(lacks, f.Path)
					fields = append(fields, errs.Field{Path: f.Path, Reason: fieldRequired, Message: "must be given"})
				}
				continue
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
	if len(lacks) == len(fields) {
		e = errs.New(errs.Invalid, fieldRequired, "the request lacks %s", strings.Join(lacks, ", "))
	}
	e.Fields = fields
	return e
}

// forgotten says whether a rule was broken because nothing was given: a field that is not set, or has the value that it has when it is not
// set. A zero that the caller wrote, into a field that can tell, was given.
func forgotten(v *protovalidate.Violation) bool {
	if v.Proto.GetForKey() {
		return false
	}
	if v.Proto.GetRuleId() == "required" {
		return true // of a field, or of a oneof
	}
	if v.FieldDescriptor == nil || !v.FieldValue.IsValid() {
		return false // the rule is about several fields
	}
	switch value := v.FieldValue.Interface().(type) {
	case string:
		return value == ""
	case []byte:
		return len(value) == 0
	case protoreflect.List:
		return value.Len() == 0
	case protoreflect.Map:
		return value.Len() == 0
	case protoreflect.Message:
		return !value.IsValid()
	}
	return !v.FieldDescriptor.HasPresence() && v.FieldValue.Equal(v.FieldDescriptor.Default())
}
