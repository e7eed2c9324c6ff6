package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"

	contractproto "example.com/handover/proto"
)

// object is a JSON object of the document.
type object = map[string]any

// document is the OpenAPI document as this door serves it: the contract's, completed with what the door adds to every
// call. Its page lists the calls.
type document struct {
	whole   []byte
	listing []byte
}

// operation is one line of the page.
type operation struct{ Tag, Method, Path, Summary string }

// openAPI completes the contract's document: idempotency keys, If-Match, streams and problems are the door's.
func openAPI(verbs verbs) (document, error) {
	var doc object
	if err := json.Unmarshal(contractproto.OpenAPI(), &doc); err != nil {
		return document{}, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	byOperation := map[string]verb{}
	for _, v := range verbs {
		byOperation[v.operation()] = v
	}
	components, _ := doc["components"].(object)
	paths, _ := doc["paths"].(object)
	if components == nil || paths == nil {
		return document{}, fmt.Errorf("the OpenAPI document has no paths or components")
	}
	completeComponents(components)
	var list []operation
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods, _ := paths[path].(object)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			op, _ := methods[method].(object)
			name, _ := op["operationId"].(string)
			v, known := byOperation[name]
			if !known {
				return document{}, fmt.Errorf("%s %s: operation %q is not in the contract", method, path, name)
			}
			v.complete(op)
			summary, _ := op["summary"].(string)
			list = append(list, operation{string(v.method.Parent().Name()), method, path, summary})
		}
	}
	return newDocument(doc, list)
}

func newDocument(doc object, list []operation) (document, error) {
	whole, err := json.Marshal(doc)
	if err != nil {
		return document{}, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	slices.SortStableFunc(list, func(a, b operation) int { return bytes.Compare([]byte(a.Tag), []byte(b.Tag)) })
	var listing bytes.Buffer
	if err := page().Execute(&listing, list); err != nil {
		return document{}, fmt.Errorf("write the page of calls: %w", err)
	}
	return document{whole, listing.Bytes()}, nil
}

// complete adds to an operation what the door does with it.
func (v verb) complete(op object) {
	parameters, _ := op["parameters"].([]any)
	if !v.read {
		parameters = append(parameters, ref("parameters/IdempotencyKey"))
		if v.etag() != nil {
			parameters = append(parameters, ref("parameters/IfMatch"))
		}
	}
	if len(parameters) > 0 {
		op["parameters"] = parameters
	}
	if v.open {
		op["security"] = []any{object{}, object{"bearer": []any{}}}
	}
	responses, _ := op["responses"].(object)
	responses["default"] = ref("responses/Problem")
	if ok, _ := responses["200"].(object); v.method.IsStreamingServer() && ok != nil {
		content, _ := ok["content"].(object)
		message := content["application/json"]
		ok["content"] = object{mimeEvents: message, mimeLines: message}
	}
}

func ref(to string) object { return object{"$ref": "#/components/" + to} }

func completeComponents(components object) {
	text := object{"type": "string"}
	components["parameters"] = object{
		"IdempotencyKey": object{
			"name": headerKey, "in": "header", "required": true,
			"description": "One per intended effect. The same key with the same request gets the stored answer.",
			"schema":      object{"type": "string", "pattern": "^[!-~]{1,128}$"},
		},
		"IfMatch": object{
			"name": headerMatch, "in": "header",
			"description": "The ETag that was read: the call is refused when somebody else was faster.", "schema": text,
		},
	}
	components["responses"] = object{"Problem": object{
		"description": "A refusal or a failure.",
		"content":     object{mimeProblem: object{"schema": ref("schemas/Problem")}},
	}}
	if schemas, ok := components["schemas"].(object); ok {
		schemas["Problem"] = object{"type": "object", "description": "A problem document (RFC 9457).", "properties": object{
			"type": text, "title": text, "status": object{"type": "integer"}, "detail": text,
			"instance": object{"type": "string", "description": "The request id."},
			"reason":   object{"type": "string", "description": "Stable: a value of the domain's Reason enum."},
			"domain":   object{"type": "string", "description": "The service that refused."},
			"must_act": object{"type": "string", "description": "Who can mend it."}, "what": text, "where": text,
			"until": object{"type": "string", "format": "date-time"},
			"meta":  object{"type": "object", "additionalProperties": text},
			"violations": object{"type": "array", "items": object{
				"type":       "object",
				"properties": object{"field": text, "reason": text, "message": text},
			}},
		}}
	}
}

func (d document) json() http.Handler { return static("application/json", d.whole) }

func (d document) page() http.Handler { return static("text/html; charset=utf-8", d.listing) }

func static(contentType string, content []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(content) // who has gone away needs no answer
	})
}

func page() *template.Template {
	return template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Handover</title>
<style>body{font:15px/1.5 sans-serif;margin:2em;max-width:75em}td{padding:.2em 1em .2em 0;vertical-align:top}code{white-space:nowrap}</style>
<h1>Handover</h1><p>Every call, from <a href="/openapi.json">the OpenAPI document</a>.</p>
<table>{{range .}}<tr><td>{{.Tag}}<td><code>{{.Method}} {{.Path}}</code><td>{{.Summary}}</tr>
{{end}}</table></html>
`))
}
