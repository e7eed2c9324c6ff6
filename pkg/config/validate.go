package config

import (
	"fmt"
	"reflect"
)

// validate calls the Validate methods of everything below value, then value's own. That of an embedded struct is not
// called by itself: it is value's own, or what replaces it calls it.
func (d *decoder) validate(path string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			d.validate(path, value.Elem())
		}
		return
	case reflect.Struct:
		fields, _ := fieldsOf(value.Type()) // a struct that is a leaf has no keys
		for _, f := range fields {
			d.validate(join(path, f.key), value.FieldByIndex(f.index))
		}
	case reflect.Slice:
		for i := range value.Len() {
			d.validate(fmt.Sprintf("%s[%d]", path, i), value.Index(i))
		}
	case reflect.Map:
		for entry := value.MapRange(); entry.Next(); {
			d.validate(join(path, entry.Key().String()), addressable(entry.Value()))
		}
	default: // nothing below
	}
	if v, ok := value.Addr().Interface().(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			d.problems = append(d.problems, d.problem(path, d.lines[path], err.Error()))
		}
	}
}

func addressable(value reflect.Value) reflect.Value {
	copied := reflect.New(value.Type()).Elem()
	copied.Set(value)
	return copied
}
