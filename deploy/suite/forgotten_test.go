package main

import (
	"slices"
	"testing"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

// TestContractForgottenFields sends every method of the contract a request without anything, and one whose messages and lists are there and
// empty: what is refused is refused as forgotten, each field by its path.
func TestContractForgottenFields(t *testing.T) {
	refused := 0
	actors.EachMethod(func(m protoreflect.MethodDescriptor, _ *optionsv1.Access) {
		empty := newRequest(t, m)
		for what, request := range map[string]proto.Message{"empty": empty, "hollow": hollow(empty)} {
			err := rpc.Validate(request)
			want := demanded("", request.ProtoReflect())
			if err == nil && len(want) == 0 {
				continue
			}
			refused++
			e, _ := errs.As(err)
			if e == nil || e.Kind != errs.Invalid {
				t.Errorf("%s, %s: %v; want it to lack %v", m.FullName(), what, err, want)
				continue
			}
			var lacks []string
			for _, f := range e.Fields {
				if f.Reason != "FIELD_REQUIRED" && !together(f) {
					t.Errorf("%s, %s: %s breaks %s (%s)", m.FullName(), what, f.Path, f.Reason, f.Message)
				}
				lacks = append(lacks, f.Path)
			}
			if e.Reason != "FIELD_REQUIRED" && !slices.ContainsFunc(e.Fields, together) {
				t.Errorf("%s, %s: refused with %s", m.FullName(), what, e.Reason)
			}
			for _, path := range want {
				if !slices.Contains(lacks, path) {
					t.Errorf("%s, %s: %s is not said to be required: %v", m.FullName(), what, path, e.Fields)
				}
			}
		}
	})
	if refused < 200 {
		t.Errorf("only %d requests are refused: the test looks at the wrong place", refused)
	}
	t.Logf("%d requests without a required field", refused)
}

// together reports a rule about several fields, which none of them breaks alone.
func together(f errs.Field) bool { return f.Path == "" }

func newRequest(t *testing.T, m protoreflect.MethodDescriptor) proto.Message {
	t.Helper()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
	if err != nil {
		t.Fatal(err)
	}
	return kind.New().Interface()
}

// hollow is a copy in which every message is there, to some depth, and every list has one entry without anything.
func hollow(request proto.Message) proto.Message {
	out := proto.Clone(request)
	fill(out.ProtoReflect(), 3)
	return out
}

func fill(m protoreflect.Message, depth int) {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		if f.Message() == nil || f.IsMap() || depth == 0 || f.Message().ParentFile().Package() == "google.protobuf" ||
			f.ContainingOneof() != nil {
			continue
		}
		if f.IsList() {
			fill(m.Mutable(f).List().AppendMutable().Message(), depth-1)
			continue
		}
		fill(m.Mutable(f).Message(), depth-1)
	}
}

// demanded are the empty fields of a message, and of those in it, of which the contract's own rules plainly want a value.
func demanded(at string, m protoreflect.Message) (paths []string) {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		path := string(f.Name())
		if at != "" {
			path = at + "." + path
		}
		rules, _ := protovalidate.ResolveFieldRules(f)
		if !m.Has(f) && wants(f, rules) {
			paths = append(paths, path)
		}
		if f.Message() != nil && !f.IsList() && !f.IsMap() && m.Has(f) && rules.GetIgnore() != validate.Ignore_IGNORE_ALWAYS {
			paths = append(paths, demanded(path, m.Get(f).Message())...)
		}
	}
	return paths
}

func wants(f protoreflect.FieldDescriptor, rules *validate.FieldRules) bool {
	if rules == nil || rules.GetIgnore() != validate.Ignore_IGNORE_UNSPECIFIED || f.HasPresence() && f.Message() == nil {
		return rules.GetRequired() && rules.GetIgnore() != validate.Ignore_IGNORE_ALWAYS
	}
	return rules.GetRequired() || rules.GetString().GetMinLen() > 0 || rules.GetBytes().GetMinLen() > 0 ||
		rules.GetRepeated().GetMinItems() > 0 || slices.Contains(rules.GetEnum().GetNotIn(), 0) || rules.GetInt32().GetGte() > 0
}
