package rpc

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// eachMessage calls visit for every message directly beneath m, with its place: "order", "lines[1]", `by_key["a"]`.
func eachMessage(m protoreflect.Message, visit func(step string, sub protoreflect.Message)) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := string(f.Name())
		switch {
		case f.IsMap():
			if f.MapValue().Message() == nil {
				break
			}
			v.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
				visit(fmt.Sprintf("%s[%q]", name, key.String()), value.Message())
				return true
			})
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				visit(fmt.Sprintf("%s[%d]", name, i), v.List().Get(i).Message())
			}
		default:
			visit(name, v.Message())
		}
		return true
	})
}

// eachText calls visit for every text directly in m, with its place; the keys of a map stand for themselves.
func eachText(m protoreflect.Message, visit func(step, text string)) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := string(f.Name())
		switch {
		case f.IsMap():
			v.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
				visit(name, key.String())
				if f.MapValue().Kind() == protoreflect.StringKind {
					visit(fmt.Sprintf("%s[%q]", name, key.String()), value.String())
				}
				return true
			})
		case f.Kind() != protoreflect.StringKind:
		case f.IsList():
			for i := range v.List().Len() {
				visit(fmt.Sprintf("%s[%d]", name, i), v.List().Get(i).String())
			}
		default:
			visit(name, v.String())
		}
		return true
	})
}
