package wire

import (
	"fmt"
	"reflect"
	"strings"
)

// A union is an interface, and its members are structs named <Union>Member<Name> with one field, Value. On the wire it
// is an object with one member.

// unionToJSON writes the member that an interface holds.
func (s Style) unionToJSON(v reflect.Value) any {
	member := v.Elem()
	name := strings.TrimPrefix(reflect.Indirect(member).Type().Name(), v.Type().Name()+"Member")
	return map[string]any{s.name(name): s.toJSON(reflect.Indirect(member).FieldByName("Value"))}
}

// unionFromJSON finds the member that an object names.
func (s Style) unionFromJSON(v reflect.Value, from any, path string) error {
	object, ok := from.(map[string]any)
	if !ok || len(object) != 1 {
		return mismatch(path, "a union with one member", from)
	}
	for _, known := range s.Unions {
		t := reflect.TypeOf(known) // a pointer: unions are implemented by pointers
		name, ok := strings.CutPrefix(t.Elem().Name(), v.Type().Name()+"Member")
		value, set := object[s.name(name)]
		if !ok || !set || !t.Implements(v.Type()) {
			continue
		}
		member := reflect.New(t.Elem())
		v.Set(member)
		return s.fromJSON(member.Elem().FieldByName("Value"), value, path+"."+s.name(name))
	}
	return fmt.Errorf("%s: %v is no member of %s", path, from, v.Type().Name())
}
