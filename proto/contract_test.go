package proto_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/genproto/googleapis/api/annotations"
	pb "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"example.com/handover/proto"
	_ "example.com/handover/proto/gen/handover/accounttransfer/v1"
	_ "example.com/handover/proto/gen/handover/billing/v1"
	_ "example.com/handover/proto/gen/handover/notifications/v1"
	_ "example.com/handover/proto/gen/handover/ops/v1"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	_ "example.com/handover/proto/gen/handover/orders/v1"
	_ "example.com/handover/proto/gen/handover/sandbox/v1"
	_ "example.com/handover/proto/gen/handover/support/v1"
)

// methods returns every RPC of the contract.
func methods(t *testing.T) []protoreflect.MethodDescriptor {
	t.Helper()
	var out []protoreflect.MethodDescriptor
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			all := f.Services().Get(i).Methods()
			for j := range all.Len() {
				if strings.HasPrefix(string(f.Package()), "handover.") {
					out = append(out, all.Get(j))
				}
			}
		}
		return true
	})
	if len(out) < 100 {
		t.Fatalf("the contract has %d methods only", len(out))
	}
	return out
}

func reads(m protoreflect.MethodDescriptor) bool {
	o, _ := m.Options().(*descriptorpb.MethodOptions)
	return o.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}

// at follows a path of field names through a message.
func at(m protoreflect.MessageDescriptor, path string) protoreflect.FieldDescriptor {
	var f protoreflect.FieldDescriptor
	for name := range strings.SplitSeq(path, ".") {
		if m == nil {
			return nil
		}
		if f = m.Fields().ByName(protoreflect.Name(name)); f == nil {
			return nil
		}
		m = f.Message()
	}
	return f
}

func TestEveryMethodSaysWhoMayCall(t *testing.T) {
	for _, m := range methods(t) {
		access, _ := pb.GetExtension(m.Options(), optionsv1.E_Access).(*optionsv1.Access)
		if len(access.GetRoles())+len(access.GetServices()) == 0 || slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_UNSPECIFIED) {
			t.Errorf("%s declares nobody who may call", m.FullName())
		}
		if slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_SERVICE) {
			t.Errorf("%s is open to every service instead of those that it names", m.FullName())
		}
		switch c := access.GetCustomer().(type) {
		case *optionsv1.Access_Field:
			wantText(t, m, c.Field)
		case *optionsv1.Access_Resource:
			wantText(t, m, c.Resource)
		case *optionsv1.Access_None:
			if !c.None {
				t.Errorf("%s: none must be true", m.FullName())
			}
		default:
			t.Errorf("%s does not say how it is bound to a customer", m.FullName())
		}
		if !reads(m) && slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_SUPPORT_READER) {
			t.Errorf("%s: a support reader may change something", m.FullName())
		}
	}
}

// What people read as a name in a mail, a case or an invoice carries nothing that misleads them.
func TestNamesArePlain(t *testing.T) {
	visited := map[protoreflect.FullName]bool{}
	named := 0
	var visit func(protoreflect.MessageDescriptor)
	visit = func(m protoreflect.MessageDescriptor) {
		if visited[m.FullName()] || m.ParentFile().Package() == "handover.sandbox.v1" {
			return
		}
		visited[m.FullName()] = true
		for i := range m.Fields().Len() {
			f := m.Fields().Get(i)
			if f.Message() != nil && !outputOnly(f) {
				visit(f.Message())
			}
			rules, _ := pb.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
			if f.Kind() != protoreflect.StringKind || outputOnly(f) {
				continue
			}
			name := string(f.Name())
			plain, _ := pb.GetExtension(rules.GetString(), optionsv1.E_PlainName).(bool)
			switch {
			case slices.Contains([]string{"file_name", "role_name"}, name): // of a file, of a role in AWS
			case strings.HasSuffix(name, "email"):
				if sendable, _ := pb.GetExtension(rules.GetString(), optionsv1.E_MailAddress).(bool); !sendable {
					t.Errorf("%s may be an address that no mail can be sent to", f.FullName())
				}
			case strings.HasSuffix(name, "name"), slices.Contains([]string{"title", "position"}, name):
				named++
				if !plain {
					t.Errorf("%s may be any text", f.FullName())
				}
			}
		}
	}
	for _, m := range methods(t) {
		visit(m.Input())
	}
	if named < 15 {
		t.Errorf("%d names in requests only", named)
	}
}

func outputOnly(f protoreflect.FieldDescriptor) bool {
	behaviour, _ := pb.GetExtension(f.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	return slices.Contains(behaviour, annotations.FieldBehavior_OUTPUT_ONLY)
}

func wantText(t *testing.T, m protoreflect.MethodDescriptor, path string) {
	t.Helper()
	if f := at(m.Input(), path); f == nil || f.Kind() != protoreflect.StringKind {
		t.Errorf("%s: %q is no text field of the request", m.FullName(), path)
	}
}

func TestEveryMethodHasOnePath(t *testing.T) {
	taken := map[string]protoreflect.FullName{}
	for _, m := range methods(t) {
		rule, _ := pb.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
		if access, _ := pb.GetExtension(m.Options(), optionsv1.E_Access).(*optionsv1.Access); len(access.GetRoles()) == 0 {
			if rule != nil {
				t.Errorf("%s is called by services alone and has a path", m.FullName())
			}
			continue
		}
		binding := strings.TrimSpace(rule.GetGet() + " " + rule.GetPost() + " " + rule.GetPatch() + " " + rule.GetDelete())
		if !strings.HasPrefix(binding, "/v1/") {
			t.Errorf("%s has no path", m.FullName())
		}
		if rule.GetGet() != "" && !reads(m) {
			t.Errorf("%s: a GET must be a read", m.FullName())
		}
		key := rule.String()
		if other, double := taken[key]; double {
			t.Errorf("%s and %s share a path", m.FullName(), other)
		}
		taken[key] = m.FullName()
	}
}

func TestEveryWriteCanBeTriedOut(t *testing.T) {
	for _, m := range methods(t) {
		if reads(m) || strings.HasPrefix(string(m.FullName()), "handover.sandbox.") {
			continue
		}
		if f := at(m.Input(), "validate_only"); f == nil || f.Kind() != protoreflect.BoolKind {
			t.Errorf("%s has no validate_only", m.FullName())
		}
	}
}

func TestEveryListHasPages(t *testing.T) {
	for _, m := range methods(t) {
		if !strings.HasPrefix(string(m.Name()), "List") {
			continue
		}
		if at(m.Input(), "page_size") == nil || at(m.Input(), "page_token") == nil || at(m.Output(), "next_page_token") == nil {
			t.Errorf("%s has no pages", m.FullName())
		}
	}
}

// TestRequestsAreBounded walks everything that a request can carry, except what is output only.
func TestRequestsAreBounded(t *testing.T) {
	seen := map[protoreflect.FullName]bool{}
	for _, m := range methods(t) {
		bounded(t, m.Input(), seen)
	}
}

func bounded(t *testing.T, m protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) {
	t.Helper()
	if seen[m.FullName()] || !strings.HasPrefix(string(m.FullName()), "handover.") {
		return
	}
	seen[m.FullName()] = true
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		behaviour, _ := pb.GetExtension(f.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
		if slices.Contains(behaviour, annotations.FieldBehavior_OUTPUT_ONLY) {
			continue
		}
		rules, _ := pb.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
		text := rules.GetString()
		if f.IsMap() {
			boundedMap(t, f, rules.GetMap())
			continue
		}
		if f.IsList() {
			text = rules.GetRepeated().GetItems().GetString()
			if rules.GetRepeated().MaxItems == nil {
				t.Errorf("%s has no max_items", f.FullName())
			}
		}
		if f.Kind() == protoreflect.StringKind && (text == nil || text.MaxLen == nil && text.Pattern == nil) {
			t.Errorf("%s has neither max_len nor pattern", f.FullName())
		}
		if f.Message() != nil {
			bounded(t, f.Message(), seen)
		}
	}
}

// boundedMap holds a map of texts against its rules, which stand at the field itself.
func boundedMap(t *testing.T, f protoreflect.FieldDescriptor, rules *validate.MapRules) {
	t.Helper()
	values := rules.GetValues().GetString()
	if rules.GetMaxPairs() == 0 || rules.GetKeys().GetString() == nil || values.GetMaxLen() == 0 && values.GetPattern() == "" {
		t.Errorf("%s needs max_pairs, a rule for its keys, and max_len or a pattern of its values", f.FullName())
	}
}

func TestOpenAPIIsThere(t *testing.T) {
	for _, raw := range [][]byte{proto.OpenAPI(), proto.OpenAPIOfOperations(), proto.OpenAPIOfSandbox()} {
		var doc struct{ OpenAPI string }
		if err := json.Unmarshal(raw, &doc); err != nil || doc.OpenAPI != "3.1.0" {
			t.Errorf("version %q, error %v", doc.OpenAPI, err)
		}
	}
}
