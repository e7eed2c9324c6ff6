package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	mimeProblem = "application/problem+json"
	mimeEvents  = "text/event-stream"
	mimeLines   = "application/x-ndjson"
)

func ref(to string) object { return object{"$ref": "#/components/" + to} }

// completeOperation adds what the gateway does with every call, and what the contract says about this one.
func (c *contract) completeOperation(op object, m protoreflect.MethodDescriptor, components object) {
	c.completeParameters(op, m)
	c.completeBody(op, m, child(components, "schemas"))
	if open(m) {
		op["security"] = []any{object{}, object{"bearer": []any{}}}
	}
	responses := child(op, "responses")
	c.completeAnswer(child(responses, "200"), m)
	responses["default"] = ref("responses/Failure")
	byStatus := map[int][]reason{}
	for _, r := range c.refusals(m) {
		byStatus[r.status] = append(byStatus[r.status], r)
		child(components, "examples")[r.domain+"."+r.name] = r.example()
	}
	for status, reasons := range byStatus {
		if status < 500 {
			responses[strconv.Itoa(status)] = refusalResponse(status, reasons)
		}
	}
}

func (c *contract) completeParameters(op object, m protoreflect.MethodDescriptor) {
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		parameter, _ := p.(object)
		f := fieldAt(m.Input(), text(parameter, "name"))
		schema := child(parameter, "schema")
		if f == nil || schema == nil {
			continue
		}
		constrain(schema, f)
		if mask := f.Message(); mask != nil && mask.FullName() == "google.protobuf.FieldMask" {
			schema["pattern"] = `^[a-zA-Z0-9.]+(,[a-zA-Z0-9.]+)*$`
			parameter["description"] = text(parameter, "description") + " Separated by commas; left out: the fields of the body."
		} else if needed(f) {
			parameter["required"] = true
		}
	}
	headers := []string{"AcceptLanguage"}
	if !reads(m) {
		headers = append(headers, "IdempotencyKey", "Reason")
		if m.Input().Fields().ByName("etag") != nil {
			headers = append(headers, "IfMatch")
		}
	}
	if m.IsStreamingServer() {
		headers = append(headers, "LastEventID")
	}
	for _, name := range headers {
		parameters = append(parameters, ref("parameters/"+name))
	}
	op["parameters"] = parameters
}

// completeBody writes the rules of a request into a body that is the request itself, and gives it an example.
func (c *contract) completeBody(op object, m protoreflect.MethodDescriptor, schemas object) {
	content := child(child(child(op, "requestBody"), "content"), "application/json")
	schema := child(content, "schema")
	if schema == nil {
		return
	}
	if to, ok := strings.CutPrefix(text(schema, "$ref"), "#/components/schemas/"); ok {
		schema = child(schemas, to)
	} else {
		c.completeSchema(schema, m.Input(), false)
	}
	content["example"] = exampleBody(schema, schemas)
}

func (c *contract) completeAnswer(ok object, m protoreflect.MethodDescriptor) {
	if ok == nil {
		return
	}
	ok["description"] = "The answer."
	headers := object{"X-Request-Id": ref("headers/RequestID")}
	for i := range m.Output().Fields().Len() {
		f := m.Output().Fields().Get(i)
		if f.Message() != nil && !f.IsList() && !f.IsMap() && f.Message().Fields().ByName("etag") != nil && !m.IsStreamingServer() {
			headers["ETag"] = ref("headers/ETag")
		}
	}
	ok["headers"] = headers
	if content := child(ok, "content"); m.IsStreamingServer() && content != nil {
		message := content["application/json"]
		ok["content"] = object{mimeEvents: message, mimeLines: message}
	}
}

// refusalResponse lists what a status can mean, with one problem for each.
func refusalResponse(status int, reasons []reason) object {
	examples := object{}
	var names []string
	for _, r := range reasons {
		names = append(names, r.name)
		examples[r.name] = ref("examples/" + r.domain + "." + r.name)
	}
	slices.Sort(names)
	headers := object{"X-Request-Id": ref("headers/RequestID")}
	switch status {
	case 401:
		headers["WWW-Authenticate"] = ref("headers/Authenticate")
	case 429:
		headers["Retry-After"] = ref("headers/RetryAfter")
	}
	return object{
		"description": title(status) + ": " + strings.Join(names, ", ") + ".", "headers": headers,
		"content": object{mimeProblem: object{"schema": ref("schemas/Problem"), "examples": examples}},
	}
}

func (r reason) example() object {
	return object{"summary": r.meaning, "value": object{
		"type": fmt.Sprintf("urn:handover:problem:%s:%s", r.source(), r.name), "title": title(r.status), "status": r.status,
		"detail": r.meaning, "instance": "req_06h2d7bl09v1ddv966nnjfu310", "reason": r.name, "domain": r.source(),
	}}
}

// source is a domain that gives the reason: those that all services share come from the gateway too.
func (r reason) source() string {
	if r.domain == "type" {
		return "gateway"
	}
	return r.domain + ".handover"
}

// title is the gateway's title of a refusal.
func title(status int) string {
	titles := map[int]string{
		400: "Invalid request", 401: "Unauthenticated", 403: "Permission denied", 404: "Not found", 405: "Method not allowed",
		409: "Failed precondition", 412: "Modified concurrently", 413: "Content too large", 415: "Unsupported media type",
		429: "Too many requests", 499: "Client closed request", 500: "Internal error", 501: "Not implemented",
		503: "Service unavailable", 504: "Gateway timeout",
	}
	return titles[status]
}

// fieldAt follows the name of a parameter, in either spelling.
func fieldAt(m protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	var f protoreflect.FieldDescriptor
	for part := range strings.SplitSeq(name, ".") {
		if m == nil {
			return nil
		}
		if f = m.Fields().ByJSONName(part); f == nil {
			f = m.Fields().ByName(protoreflect.Name(part))
		}
		if f == nil {
			return nil
		}
		m = f.Message()
	}
	return f
}
