package main

import (
	"regexp"
	"slices"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
)

func rulesOf(f protoreflect.FieldDescriptor) *validate.FieldRules {
	rules, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
	return rules
}

func readOnly(f protoreflect.FieldDescriptor) bool {
	behaviour, _ := proto.GetExtension(f.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
	return slices.Contains(behaviour, annotations.FieldBehavior_OUTPUT_ONLY)
}

// constrain writes the rules of a field into its schema.
func constrain(schema object, f protoreflect.FieldDescriptor) {
	rules := rulesOf(f)
	switch {
	case f.IsMap():
		m := orEmpty(rules.GetMap())
		setUint(schema, "minProperties", m.MinPairs)
		setUint(schema, "maxProperties", m.MaxPairs)
		if keys := m.GetKeys().GetString(); keys != nil {
			names := object{"type": "string"}
			constrainText(names, keys)
			schema["propertyNames"] = names
		}
		constrainValue(child(schema, "additionalProperties"), m.GetValues())
	case f.IsList():
		r := orEmpty(rules.GetRepeated())
		setUint(schema, "minItems", r.MinItems)
		setUint(schema, "maxItems", r.MaxItems)
		if r.GetUnique() {
			schema["uniqueItems"] = true
		}
		constrainValue(child(schema, "items"), r.GetItems())
		exemplify(child(schema, "items"), f)
	default:
		constrainValue(schema, rules)
		exemplify(schema, f)
	}
}

func constrainValue(schema object, rules *validate.FieldRules) {
	if schema == nil || schema["$ref"] != nil {
		return
	}
	constrainText(schema, rules.GetString())
	if n := rules.GetInt32(); n != nil {
		constrainNumber(schema, n)
	}
}

func constrainText(schema object, r *validate.StringRules) {
	if r == nil {
		return
	}
	setUint(schema, "minLength", r.MinLen)
	setUint(schema, "maxLength", r.MaxLen)
	if r.Len != nil {
		schema["minLength"], schema["maxLength"] = r.GetLen(), r.GetLen()
	}
	if r.Pattern != nil {
		schema["pattern"] = ecma(r.GetPattern())
	}
	if plain, _ := proto.GetExtension(r, optionsv1.E_PlainName).(bool); plain { // no pattern that JavaScript and Go both read says so
		before, _ := schema["description"].(string)
		schema["description"] = strings.TrimSpace(
			before + " On one line, with something to see, without control characters, changes of direction, and links.",
		)
	}
	if address, _ := proto.GetExtension(r, optionsv1.E_MailAddress).(bool); address { // its domain may be internationalized
		schema["format"] = "idn-email"
	}
	if len(r.GetIn()) > 0 {
		schema["enum"] = r.GetIn()
	}
	switch {
	case r.GetEmail():
		schema["format"] = "email"
	case r.GetUri():
		schema["format"] = "uri"
	case r.GetHostname():
		schema["format"] = "hostname"
	}
}

func constrainNumber(schema object, r *validate.Int32Rules) {
	switch low := r.GetGreaterThan().(type) {
	case *validate.Int32Rules_Gte:
		schema["minimum"] = low.Gte
	case *validate.Int32Rules_Gt:
		schema["exclusiveMinimum"] = low.Gt
	}
	switch high := r.GetLessThan().(type) {
	case *validate.Int32Rules_Lte:
		schema["maximum"] = high.Lte
	case *validate.Int32Rules_Lt:
		schema["exclusiveMaximum"] = high.Lt
	}
}

// ecma spells a pattern of Go as JavaScript reads it, which knows no POSIX classes.
func ecma(pattern string) string {
	return strings.ReplaceAll(pattern, "[:cntrl:]", `\x00-\x1f\x7f`)
}

// orEmpty are rules that nobody gave.
func orEmpty[R any](rules *R) *R {
	if rules == nil {
		return new(R)
	}
	return rules
}

func setUint(schema object, key string, value *uint64) {
	if schema != nil && value != nil {
		schema[key] = *value
	}
}

// needed reports whether a request is refused without the field.
func needed(f protoreflect.FieldDescriptor) bool {
	rules := rulesOf(f)
	switch {
	case rules.GetRequired():
		return true
	case rules == nil || rules.GetIgnore() != validate.Ignore_IGNORE_UNSPECIFIED || f.HasPresence():
		return false
	case f.IsList():
		return rules.GetRepeated().GetMinItems() > 0
	case f.IsMap():
		return rules.GetMap().GetMinPairs() > 0
	}
	text := rules.GetString()
	if text.GetMinLen() > 0 || text.GetLen() > 0 || text.GetEmail() || text.GetUri() {
		return true
	}
	if text.GetPattern() != "" {
		pattern, err := regexp.Compile(text.GetPattern())
		return err == nil && !pattern.MatchString("")
	}
	return slices.Contains(rules.GetEnum().GetNotIn(), 0)
}

// given reports whether an answer always has the field: the gateway writes default values, except of what can be unset.
func given(f protoreflect.FieldDescriptor) bool { return !f.HasPresence() }
