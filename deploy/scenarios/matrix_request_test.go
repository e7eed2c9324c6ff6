package scenarios_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"pgregory.net/rapid"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// request is the smallest one that the contract's rules let through, with these ids wherever it can hold them.
func (m *matrix) request(t *testing.T, d protoreflect.MethodDescriptor, access *optionsv1.Access, w whose) protoreflect.Message {
	t.Helper()
	request := newMessage(d.Input())
	if place := access.GetField() + access.GetResource(); place != "" && !m.put(request, place, w) {
		t.Fatalf("%s: the world has no %s of %s ids", d.FullName(), place, w)
	}
	if f := d.Input().Fields().ByName("service"); f != nil {
		request.Set(f, protoreflect.ValueOfString("orders"))
	}
	if mask, ok := request.Interface().(interface{ GetUpdateMask() *fieldmaskpb.FieldMask }); ok && mask.GetUpdateMask() == nil {
		if f := d.Input().Fields().ByName("update_mask"); hasLabels(d) {
			request.Set(f, protoreflect.ValueOfMessage((&fieldmaskpb.FieldMask{Paths: []string{"labels"}}).ProtoReflect()))
		}
	}
	for range 20 {
		var broken *protovalidate.ValidationError
		if err := protovalidate.Validate(request.Interface()); err == nil {
			return request
		} else if !errors.As(err, &broken) {
			t.Fatalf("%s: %v", d.FullName(), err)
		}
		for _, v := range broken.Violations {
			mend(t, d, request, v)
		}
	}
	t.Fatalf("%s: the contract's rules cannot be met: %v", d.FullName(), protovalidate.Validate(request.Interface()))
	return nil
}

// put sets the field at a place to one of these ids; false when there is none.
func (m *matrix) put(request protoreflect.Message, place string, w whose) bool {
	steps := strings.Split(place, ".")
	for _, step := range steps[:len(steps)-1] {
		f := request.Descriptor().Fields().ByName(protoreflect.Name(step))
		if inner := request.Mutable(f); f.IsList() { // a batch of one entry
			request = inner.List().AppendMutable().Message()
		} else {
			request = inner.Message()
		}
	}
	last := steps[len(steps)-1]
	value := m.ids[w][last]
	request.Set(request.Descriptor().Fields().ByName(protoreflect.Name(last)), protoreflect.ValueOfString(value))
	return value != ""
}

// places are the fields of a request, and of the messages in it, that hold ids of things of customers, but for one.
func (m *matrix) places(d protoreflect.MessageDescriptor, but string) (found []string) {
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		name := string(f.Name())
		switch {
		case f.IsList() || f.IsMap():
		case f.Message() != nil:
			for _, inner := range m.places(f.Message(), "") {
				found = append(found, name+"."+inner)
			}
		case m.ids[ownIDs][name] != "":
			found = append(found, name)
		}
	}
	return slices.DeleteFunc(found, func(place string) bool { return place == but })
}

// hasLabels says whether the thing that a method changes carries the caller's own labels, which every caller may change.
func hasLabels(d protoreflect.MethodDescriptor) bool {
	fields := d.Input().Fields()
	for i := range fields.Len() {
		if m := fields.Get(i).Message(); m != nil && !fields.Get(i).IsMap() && m.Fields().ByName("labels") != nil {
			return true
		}
	}
	return false
}

// mend gives a field that breaks a rule a value that keeps it.
func mend(t *testing.T, d protoreflect.MethodDescriptor, request protoreflect.Message, v *protovalidate.Violation) {
	t.Helper()
	at := request
	path := v.Proto.GetField().GetElements()
	if len(path) == 0 {
		t.Fatalf("%s: rule %s of the whole message", d.FullName(), v.Proto.GetRuleId())
	}
	for _, step := range path[:len(path)-1] {
		f := at.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(step.GetFieldNumber()))
		if f.IsList() {
			at = at.Mutable(f).List().Get(int(step.GetIndex())).Message()
		} else {
			at = at.Mutable(f).Message()
		}
	}
	last := path[len(path)-1]
	f := at.Descriptor().Fields().ByNumber(protoreflect.FieldNumber(last.GetFieldNumber()))
	switch {
	case f.IsList() && v.Proto.GetRuleId() == "repeated.min_items" || f.IsList() && v.Proto.GetRuleId() == "required":
		list := at.Mutable(f).List()
		if f.Message() != nil {
			list.AppendMutable()
		} else {
			list.Append(scalar(t, d, f, v))
		}
	case f.IsList():
		at.Mutable(f).List().Set(int(last.GetIndex()), scalar(t, d, f, v))
	case f.Message() != nil:
		at.Mutable(f)
	default:
		at.Set(f, scalar(t, d, f, v))
	}
}

func scalar(t *testing.T, d protoreflect.MethodDescriptor, f protoreflect.FieldDescriptor, v *protovalidate.Violation) protoreflect.Value {
	t.Helper()
	switch rule := v.Proto.GetRuleId(); {
	case rule == "string.pattern":
		return protoreflect.ValueOfString(rapid.StringMatching(v.RuleValue.String()).Example(1))
	case rule == "string.email" || rule == "string.mail_address":
		return protoreflect.ValueOfString("pat@example.com")
	case f.Kind() == protoreflect.StringKind:
		return protoreflect.ValueOfString("x")
	case f.Kind() == protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(f.Enum().Values().Get(1).Number())
	case f.Kind() == protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(v.RuleValue.Int()))
	}
	t.Fatalf("%s: no value for %s, which breaks %s", d.FullName(), f.FullName(), v.Proto.GetRuleId())
	return protoreflect.Value{}
}
