package wire

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// fromForm fills v from the form values under a prefix: a structure's member M is "M", the i-th item of a list L is
// "L.member.i", counted from one. Members spell as their Go field does, except for the case of the first letter.
func fromForm(v reflect.Value, form url.Values, at string) error {
	switch v.Kind() {
	case reflect.Pointer:
		if !present(form, at) {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return fromForm(v.Elem(), form, at)
	case reflect.Struct:
		if v.Type() == timeType {
			return timeFromForm(v, form, at)
		}
		for name, i := range members(v.Type()) {
			if err := fromForm(v.Field(i), form, spelled(form, join(at, name))); err != nil {
				return err
			}
		}
		return nil
	case reflect.Slice:
		for i := 1; present(form, item(at, i)); i++ {
			value := reflect.New(v.Type().Elem()).Elem()
			if err := fromForm(value, form, item(at, i)); err != nil {
				return err
			}
			v.Set(reflect.Append(v, value))
		}
		return nil
	case reflect.String:
		v.SetString(form.Get(at))
		return nil
	case reflect.Bool:
		v.SetBool(form.Get(at) == "true")
		return nil
	default:
		if !form.Has(at) {
			return nil
		}
		return scalarFromText(v, form.Get(at), at)
	}
}

func timeFromForm(v reflect.Value, form url.Values, at string) error {
	if !form.Has(at) {
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, form.Get(at))
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	v.Set(reflect.ValueOf(t.UTC()))
	return nil
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func item(at string, i int) string { return fmt.Sprintf("%s.member.%d", at, i) }

// present reports whether the form has a value at this place or below it.
func present(form url.Values, at string) bool {
	if form.Has(at) {
		return true
	}
	for key := range form {
		if strings.HasPrefix(key, at+".") {
			return true
		}
	}
	return false
}

// spelled returns the place with the last name's first letter in the case that the form uses.
func spelled(form url.Values, at string) string {
	start := strings.LastIndex(at, ".") + 1
	lower := at[:start] + strings.ToLower(at[start:start+1]) + at[start+1:]
	if !present(form, at) && present(form, lower) {
		return lower
	}
	return at
}
