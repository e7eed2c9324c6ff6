package main

import (
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// exemplify gives a schema of text an example that its own rules let through.
func exemplify(schema object, f protoreflect.FieldDescriptor) {
	if schema == nil || schema["type"] != "string" || schema["enum"] != nil || f.Kind() != protoreflect.StringKind {
		return
	}
	if example, ok := exampleOf(schema, string(f.Name())); ok {
		schema["examples"] = []any{example}
	}
}

// exampleOf looks for a value by the name of the field, then for one that the pattern takes.
func exampleOf(schema object, name string) (string, bool) {
	if id := regexp.MustCompile(`\(?([a-z]{3})_\[0-9a-v\]\{26\}`).FindStringSubmatch(text(schema, "pattern")); id != nil {
		return id[1] + "_06h2d7bl09v1ddv966nnjfu310", true
	}
	pattern, err := regexp.Compile(text(schema, "pattern"))
	if err != nil {
		return "", false
	}
	for _, e := range exampleValues() {
		if strings.HasSuffix(name, e.suffix) && pattern.MatchString(e.value) {
			return e.value, true
		}
	}
	return "", false
}

type exampleValue struct{ suffix, value string }

// exampleValues are by the end of a field's name, the longer ends first.
func exampleValues() []exampleValue {
	return []exampleValue{
		{"account_id", "111122223333"},
		{"currency_code", "EUR"}, {"country_code", "DE"}, {"country_codes", "DE"}, {"currency_codes", "EUR"},
		{"role_arn", "arn:aws:iam::111122223333:role/handover"},
		{"email", "anna@example.com"}, {"email_address", "anna@example.com"},
		{"display_name", "Example GmbH"}, {"legal_name", "Example GmbH"}, {"family_name", "Beispiel"}, {"given_name", "Anna"},
		{"amount", "1250.00"}, {"rate", "0.9215"}, {"percent", "3.5"},
		{"month", "2026-03"}, {"etag", "3"}, {"subject", "anna"},
		{"reason", "asked by phone"}, {"product_id", "aws"}, {"step_key", "send-invitation"}, {"service", "orders"},
		{"correlation", "ord_06h2d7bl09v1ddv966nnjfu310"}, {"subject_id", "ord_06h2d7bl09v1ddv966nnjfu310"},
		{"plan_key", "order-draft"}, {"template_key", "order-draft"}, {"_key", "example"},
	}
}

func text(schema object, key string) string {
	s, _ := schema[key].(string)
	return s
}
