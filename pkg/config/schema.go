package config

import (
	"fmt"
	"reflect"
	"strings"
)

// field is one key of a section.
type field struct {
	index          []int // for reflect.Value.FieldByIndex
	key, doc, unit string
}

// fieldsOf lists a struct's keys in the order of its fields, with those of embedded structs that are marked
// `yaml:",inline"`. A field without a key is an error of the program, and so is one without a description, unless it
// is a section, which describes itself. `yaml:"-"` hides a field.
func fieldsOf(t reflect.Type) ([]field, error) {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case key == "-" || !f.IsExported():
			continue
		case f.Anonymous && key == "" && option == "inline" && f.Type.Kind() == reflect.Struct:
			inner, err := fieldsOf(f.Type)
			if err != nil {
				return nil, err
			}
			for _, in := range inner {
				in.index = append([]int{i}, in.index...)
				fields = append(fields, in)
			}
			continue
		case key == "" || option != "":
			return nil, fmt.Errorf("field %s of %s needs the tag yaml with a key alone", f.Name, t)
		}
		doc := f.Tag.Get("doc")
		if doc == "" && kindName(f.Type) != section {
			return nil, fmt.Errorf("field %s of %s needs the tag doc", f.Name, t)
		}
		fields = append(fields, field{[]int{i}, key, doc, f.Tag.Get("unit")})
	}
	return fields, nil
}
