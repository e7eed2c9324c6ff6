package config

import (
	"encoding"
	"reflect"
	"strings"
)

// section is the kind of a struct of keys.
const section = "section"

// remark says in brackets what a key takes, for the reference; nothing for a section.
func remark(t reflect.Type, unit string) string {
	var parts []string
	if t.Kind() == reflect.Pointer {
		parts, t = append(parts, "optional"), t.Elem()
	}
	if name := kindName(t); name != section {
		parts = append(parts, name)
	}
	if unit != "" {
		parts = append(parts, unit)
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func kindName(t reflect.Type) string {
	switch reflect.New(t).Interface().(type) {
	case *Section:
		return "section of its own"
	case *Secret:
		return "path of a file with the secret"
	case *Duration:
		return "duration: 30s, 5m, 1h30m"
	case encoding.TextUnmarshaler:
		return "text"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindName(t.Elem())
	case reflect.Struct:
		return section
	case reflect.Slice:
		return "list of: " + kindName(t.Elem())
	case reflect.Map:
		return "by name: " + kindName(t.Elem())
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "number"
	default:
		return "whole number"
	}
}
