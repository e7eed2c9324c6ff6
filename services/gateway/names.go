package gateway

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/errs"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// jsonPath spells a path of the contract as JSON does: order.lines[1].currency_code is order.lines[1].currencyCode.
// What stands in brackets is an index or a caller's own key.
func jsonPath(path string) string {
	var out strings.Builder
	brackets := 0
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '_' && brackets == 0 && i+1 < len(path) && 'a' <= path[i+1] && path[i+1] <= 'z':
			i++
			out.WriteByte(path[i] - 'a' + 'A')
			continue
		case c == '[':
			brackets++
		case c == ']':
			brackets--
		}
		out.WriteByte(path[i])
	}
	return out.String()
}

// protoPath is the way back: order.currencyCode is order.currency_code.
func protoPath(path string) string {
	var out strings.Builder
	for _, c := range path {
		if 'A' <= c && c <= 'Z' {
			out.WriteByte('_')
			c += 'a' - 'A'
		}
		out.WriteRune(c)
	}
	return out.String()
}

// jsonKeys spells the names of further facts as JSON does.
func jsonKeys(meta map[string]string) map[string]string {
	if meta == nil {
		return nil
	}
	out := make(map[string]string, len(meta))
	for key, value := range meta {
		out[jsonPath(key)] = value
	}
	return out
}

// party spells who must act like every enum value: in full.
func party(who string) string {
	switch who {
	case "OPERATOR":
		who = "RESELLER"
	case "PARTNER":
		who = "CUSTOMER" // acts for it
	}
	if name := "PARTY_" + who; typev1.Party_value[name] != 0 {
		return name
	}
	return who
}

// masksIn turns the masks of a query, which the library copies as they are, into the names of the contract. A mask that
// the library made from the body has them already.
func masksIn(query url.Values, m protoreflect.Message) error {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		if f.Message() == nil || f.Message().FullName() != "google.protobuf.FieldMask" || !query.Has(f.JSONName()) {
			continue
		}
		mask, ok := m.Get(f).Message().Interface().(*fieldmaskpb.FieldMask)
		if !ok {
			continue
		}
		for j, path := range mask.GetPaths() {
			if strings.Contains(path, "_") {
				return errs.InvalidField(f.JSONName(), "FIELD_UNKNOWN",
					"there is no field %s; a mask names fields as JSON does: %s", path, jsonPath(path))
			}
			mask.Paths[j] = protoPath(path)
		}
	}
	return nil
}

// entriesOut spells the wrong fields of a batch's entries as problem documents spell theirs.
func entriesOut(_ context.Context, _ http.ResponseWriter, m proto.Message) error {
	if m == nil {
		return nil
	}
	m.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if !f.IsList() || f.Message() == nil {
			return true
		}
		result := f.Message().Fields().ByName("result")
		if result == nil || result.Message() == nil {
			return true
		}
		for i := range value.List().Len() {
			if r, ok := value.List().Get(i).Message().Get(result).Message().Interface().(*typev1.BatchResult); ok {
				for _, v := range r.GetViolations() {
					v.Field = jsonPath(v.GetField())
				}
			}
		}
		return true
	})
	return nil
}

// fromBody names the wrong fields of a refusal as the body has them: where the body fills one field of the request, without that field.
func (v verb) fromBody(err error) error {
	e, ok := errs.As(err)
	if !ok || v.body == "" || v.body == "*" {
		return err
	}
	shown := *e
	shown.Fields = slices.Clone(e.Fields)
	for i, f := range shown.Fields {
		shown.Fields[i].Path = strings.TrimPrefix(f.Path, v.body+".")
	}
	return &shown
}
