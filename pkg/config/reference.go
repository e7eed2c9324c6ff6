package config

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Reference writes the YAML file that describes v, a struct or a pointer to one: every key with its description, its
// type or unit, and what v holds, which is the default. Decode reads it back to the same struct. Optional sections and
// entries that v does not have are shown as comments.
func Reference(w io.Writer, v any) error {
	value := reflect.Indirect(reflect.ValueOf(v))
	if value.Kind() != reflect.Struct {
		return fmt.Errorf("a reference describes a struct, not %T", v)
	}
	r := reference{}
	if err := r.section("", addressable(value)); err != nil {
		return err
	}
	_, err := w.Write(r.out.Bytes())
	return err
}

type reference struct{ out bytes.Buffer }

// section writes the keys of a struct; lead stands before every line: spaces, and "# " in an example.
func (r *reference) section(lead string, value reflect.Value) error {
	fields, err := fieldsOf(value.Type())
	if err != nil {
		return err
	}
	for i, f := range fields {
		if i > 0 && lead == "" {
			r.line("", "")
		}
		v := value.FieldByIndex(f.index)
		r.comment(lead, f, v.Type())
		if err := r.entry(lead, f.key+":", v); err != nil {
			return fmt.Errorf("%s: %w", f.key, err)
		}
	}
	return nil
}

// entry writes what follows a key or a list's dash.
func (r *reference) entry(lead, key string, v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		if !v.IsNil() {
			return r.entry(lead, key, v.Elem())
		}
		return r.entry(lead+"# ", key, reflect.New(v.Type().Elem()).Elem()) // optional and absent: an example
	}
	if text, ok, err := leaf(v); ok || err != nil {
		r.line(lead, key+" "+text)
		return err
	}
	switch v.Kind() {
	case reflect.Struct:
		r.line(lead, key)
		return r.section(lead+"  ", v)
	case reflect.Slice:
		return r.list(lead, key, v)
	default:
		return r.mapping(lead, key, v)
	}
}

func (r *reference) list(lead, key string, v reflect.Value) error {
	if v.Len() == 0 {
		r.line(lead, key+" []")
		return r.example(lead, "-", v.Type().Elem())
	}
	r.line(lead, key)
	for i := range v.Len() {
		if err := r.entry(lead+"  ", "-", v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reference) mapping(lead, key string, v reflect.Value) error {
	if v.Len() == 0 {
		r.line(lead, key+" {}")
		return r.example(lead, "name:", v.Type().Elem())
	}
	r.line(lead, key)
	entries := map[string]reflect.Value{}
	for e := v.MapRange(); e.Next(); {
		entries[e.Key().String()] = addressable(e.Value())
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if err := r.entry(lead+"  ", quote(name)+":", entries[name]); err != nil {
			return err
		}
	}
	return nil
}

// example shows the keys of one entry of an empty list or map of sections.
func (r *reference) example(lead, key string, t reflect.Type) error {
	v := reflect.New(t).Elem()
	if _, ok, err := leaf(v); ok || err != nil || t.Kind() != reflect.Struct {
		return err
	}
	return r.entry(lead+"# ", key, v)
}

func (r *reference) line(lead, text string) {
	r.out.WriteString(strings.TrimRight(lead+text, " ") + "\n")
}

// comment writes a description in lines of about 100 characters.
func (r *reference) comment(lead string, f field, t reflect.Type) {
	line := "#"
	text := strings.Fields(f.doc + remark(t, f.unit))
	if len(text) == 0 {
		return // a section that its keys explain
	}
	for _, word := range text {
		if len(lead)+len(line)+len(word) > 100 {
			r.line(lead, line)
			line = "#"
		}
		line += " " + word
	}
	r.line(lead, line)
}
