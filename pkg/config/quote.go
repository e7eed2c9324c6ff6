package config

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// leaf returns a value as YAML text, and whether it is one that stands behind its key.
func leaf(v reflect.Value) (text string, ok bool, err error) {
	switch at := v.Addr().Interface().(type) {
	case *Section:
		return "{}", true, nil
	case *Secret:
		return quote(at.path), true, nil
	case encoding.TextMarshaler:
		data, err := at.MarshalText()
		return quote(string(data)), true, err
	}
	switch {
	case v.Kind() == reflect.String:
		return quote(v.String()), true, nil
	case v.Kind() == reflect.Bool, v.CanInt(), v.CanUint(), v.CanFloat():
		return fmt.Sprint(v.Interface()), true, nil
	case v.Kind() == reflect.Struct, v.Kind() == reflect.Slice, v.Kind() == reflect.Map:
		return "", false, nil
	}
	return "", false, fmt.Errorf("a field of type %s cannot be configured", v.Type())
}

var plain = regexp.MustCompile(`^[A-Za-z0-9/._:-]+$`)

// quote returns text as YAML reads it back: plain where that is surely text, in JSON's quotes otherwise.
func quote(text string) string {
	if plain.MatchString(text) {
		file, err := parser.ParseBytes([]byte(text), 0)
		if err == nil && len(file.Docs) == 1 {
			if n, ok := file.Docs[0].Body.(*ast.StringNode); ok && n.Value == text {
				return text
			}
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string and a buffer cannot fail
	return strings.TrimSpace(out.String())
}
