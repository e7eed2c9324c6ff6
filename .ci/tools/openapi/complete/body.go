package main

import "strings"

// exampleBody is a request as a caller may write it: what is needed, and what has an example of its own.
func exampleBody(schema, schemas object) object {
	out := object{}
	needed := map[string]bool{}
	names, _ := schema["required"].([]string)
	for _, name := range names {
		needed[name] = true
	}
	for name, value := range child(schema, "properties") {
		property, _ := value.(object)
		if property["readOnly"] == true || name == "etag" {
			continue
		}
		if example, ok := exampleValueOf(property, schemas, needed[name]); ok {
			out[name] = example
		}
	}
	return out
}

// exampleValueOf gives what is not needed no example that would have to be made up.
func exampleValueOf(property, schemas object, needed bool) (any, bool) {
	if examples, ok := property["examples"].([]any); ok {
		return examples[0], true
	}
	if to, ok := strings.CutPrefix(text(property, "$ref"), "#/components/schemas/"); ok {
		property = child(schemas, to)
	}
	switch values, _ := property["enum"].([]any); {
	case len(values) > 1:
		return values[1], true
	case !needed:
		return nil, false
	}
	switch text(property, "type") {
	case "string":
		return exampleText(property), true
	case "boolean":
		return true, true
	case "integer", "number":
		return 1, true
	case "array":
		item, ok := exampleValueOf(child(property, "items"), schemas, true)
		return []any{item}, ok
	case "object":
		return exampleBody(property, schemas), true
	}
	return nil, false
}

func exampleText(property object) string {
	switch text(property, "format") {
	case "date-time":
		return "2026-03-01T00:00:00Z"
	case "email", "idn-email":
		return "anna@example.com"
	case "byte":
		return "SGFuZG92ZXI="
	}
	return "example"
}
