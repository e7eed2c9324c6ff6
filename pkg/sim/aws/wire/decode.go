package wire

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// fromJSON fills v from a value that encoding/json decoded with numbers kept as text. Members that the struct does not
// have are passed over, as AWS does.
func (s Style) fromJSON(v reflect.Value, from any, path string) error {
	if from == nil {
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return s.fromJSON(v.Elem(), from, path)
	case reflect.Struct:
		if v.Type() == timeType {
			return s.timeFromJSON(v, from, path)
		}
		return s.structFromJSON(v, from, path)
	case reflect.Slice:
		return s.listFromJSON(v, from, path)
	case reflect.Map:
		return s.mapFromJSON(v, from, path)
	case reflect.Interface:
		return s.unionFromJSON(v, from, path)
	default:
		return scalarFromJSON(v, from, path)
	}
}

func (s Style) structFromJSON(v reflect.Value, from any, path string) error {
	object, ok := from.(map[string]any)
	if !ok {
		return mismatch(path, "a structure", from)
	}
	for field, i := range members(v.Type()) {
		name := s.name(field)
		if err := s.fromJSON(v.Field(i), object[name], path+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func (s Style) listFromJSON(v reflect.Value, from any, path string) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		text, _ := from.(string)
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return mismatch(path, "base64", from)
		}
		v.SetBytes(raw)
		return nil
	}
	list, ok := from.([]any)
	if !ok {
		return mismatch(path, "a list", from)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, item := range list {
		if err := s.fromJSON(v.Index(i), item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func (s Style) mapFromJSON(v reflect.Value, from any, path string) error {
	object, ok := from.(map[string]any)
	if !ok {
		return mismatch(path, "a map", from)
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(object)))
	for key, item := range object {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := s.fromJSON(value, item, path+"."+key); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
	}
	return nil
}

func (s Style) timeFromJSON(v reflect.Value, from any, path string) error {
	t, err := s.parseTime(from)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	v.Set(reflect.ValueOf(t))
	return nil
}

func scalarFromJSON(v reflect.Value, from any, path string) error {
	switch value := from.(type) {
	case string:
		if v.Kind() == reflect.String {
			v.SetString(value)
			return nil
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(value)
			return nil
		}
	case json.Number:
		return scalarFromText(v, value.String(), path)
	}
	return mismatch(path, v.Kind().String(), from)
}

// scalarFromText reads a number, or in a form any scalar.
func scalarFromText(v reflect.Value, text, path string) error {
	switch {
	case v.CanInt():
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return mismatch(path, "an integer", text)
		}
		v.SetInt(n)
	case v.CanFloat():
		n, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil {
			return mismatch(path, "a number", text)
		}
		v.SetFloat(n)
	default:
		return mismatch(path, v.Kind().String(), text)
	}
	return nil
}

func mismatch(path, want string, got any) error {
	return fmt.Errorf("%s: expected %s, found %v", path, want, got)
}
