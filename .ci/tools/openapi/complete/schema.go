package main

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// object is a JSON object of a document.
type object = map[string]any

// child is the object under a key; nil when there is none.
func child(o object, key string) object {
	c, _ := o[key].(object)
	return c
}

// completeSchema writes the rules of a message into its schema.
func (c *contract) completeSchema(schema object, m protoreflect.MessageDescriptor, answer bool) {
	properties := child(schema, "properties")
	var required []string
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		property := child(properties, f.JSONName())
		if property == nil {
			continue // filled by the path
		}
		constrain(property, f)
		if f.ContainingOneof() == nil && (needed(f) && !readOnly(f) || answer && given(f)) {
			required = append(required, f.JSONName())
		}
	}
	if slices.Sort(required); len(required) > 0 {
		schema["required"] = required
	}
}

// completeSchemas does so for every message, and spells enum values and prose.
func (c *contract) completeSchemas(schemas object) {
	for name := range schemas {
		if m := c.messages[name]; m != nil {
			c.completeSchema(child(schemas, name), m, !c.sent[m.FullName()])
		}
	}
}

// respell spells the names of fields in every description as JSON has them.
func (c *contract) respell(value any) {
	switch v := value.(type) {
	case object:
		for key, inner := range v {
			if text, ok := inner.(string); ok && slices.Contains([]string{"description", "summary", "detail"}, key) {
				v[key] = c.prose(text)
			}
			c.respell(inner)
		}
	case []any:
		for _, inner := range v {
			c.respell(inner)
		}
	}
}
