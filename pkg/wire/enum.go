// Package wire is what every edge does to translate between the contract's shared messages and plain Go: enums by
// name, times, actors, events, masks, sort orders.
//
// It owns no message of a single service; a domain never imports it.
package wire

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// unspecified ends the name of every enum's zero value; what stands before it is the prefix of the others.
const unspecified = "UNSPECIFIED"

// Name returns an enum value's name without its prefix, as domains spell it: ORDER_STATE_DRAFT is "DRAFT". The zero
// value and an unknown number are empty.
func Name(e protoreflect.Enum) string {
	values := e.Descriptor().Values()
	v := values.ByNumber(e.Number())
	if v == nil || e.Number() == 0 {
		return ""
	}
	return strings.TrimPrefix(string(v.Name()), prefix(values))
}

// Value returns the enum value of a name without prefix; the zero value for a name that the contract does not know.
func Value[E protoreflect.Enum](name string) E {
	var zero E
	values := zero.Descriptor().Values()
	n := protoreflect.EnumNumber(0)
	if v := values.ByName(protoreflect.Name(prefix(values) + name)); v != nil {
		n = v.Number()
	}
	e, _ := zero.Type().New(n).(E) // the type is E's own
	return e
}

// Names maps Name over a list.
func Names[E protoreflect.Enum](es []E) []string {
	out := make([]string, 0, len(es))
	for _, e := range es {
		out = append(out, Name(e))
	}
	return out
}

func prefix(values protoreflect.EnumValueDescriptors) string {
	return strings.TrimSuffix(string(values.ByNumber(0).Name()), unspecified)
}
