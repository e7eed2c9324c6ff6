package wire

import (
	"iter"
	"reflect"
	"time"
)

var timeType = reflect.TypeFor[time.Time]()

// members yields the fields of an SDK struct that go on the wire, under the name they have there.
func members(t reflect.Type) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			// ResultMetadata and ErrorCodeOverride belong to the client alone.
			if !f.IsExported() || f.Anonymous || f.Name == "ResultMetadata" || f.Name == "ErrorCodeOverride" {
				continue
			}
			if !yield(f.Name, i) {
				return
			}
		}
	}
}

// absent reports whether a member is left out: nothing was set.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}
