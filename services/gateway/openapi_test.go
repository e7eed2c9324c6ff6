package gateway_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"example.com/handover/services/gateway"
)

// everyMethod visits the RPCs of the contract with their HTTP rule.
func everyMethod(t *testing.T, visit func(m protoreflect.MethodDescriptor, method, path string)) {
	t.Helper()
	count := 0
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				if m := methods.Get(j); strings.HasPrefix(string(m.FullName()), "handover.") {
					method, path := binding(t, m)
					visit(m, method, path)
					count++
				}
			}
		}
		return true
	})
	if count < 40 {
		t.Errorf("saw %d methods only", count)
	}
}

func binding(t *testing.T, m protoreflect.MethodDescriptor) (string, string) {
	t.Helper()
	rule, _ := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
	switch {
	case rule.GetGet() != "":
		return "GET", rule.GetGet()
	case rule.GetPost() != "":
		return "POST", rule.GetPost()
	case rule.GetPatch() != "":
		return "PATCH", rule.GetPatch()
	case rule.GetDelete() != "":
		return "DELETE", rule.GetDelete()
	}
	t.Fatalf("%s has no HTTP binding", m.FullName())
	return "", ""
}

func TestEveryMethodHasARoute(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{})
	variable := regexp.MustCompile(`\{[^}]*\}`)
	everyMethod(t, func(m protoreflect.MethodDescriptor, method, path string) {
		if strings.HasPrefix(path, "/v1/sandbox/") {
			return // not part of this deployment
		}
		a := send(t, method, url+variable.ReplaceAllString(path, "x"), "")
		if strings.Contains(a.body, "ROUTE_UNKNOWN") || a.StatusCode == http.StatusMethodNotAllowed {
			t.Errorf("%s: %s %s leads nowhere", m.FullName(), method, path)
		}
	})
}

func TestOpenAPIHasEveryMethod(t *testing.T) {
	a := send(t, "GET", open(t, &orders{}, gateway.Limits{})+"/openapi.json", "")
	doc := a.json(t)
	if doc["openapi"] != "3.1.0" || a.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v %s", doc["openapi"], a.Header.Get("Content-Type"))
	}
	paths, _ := doc["paths"].(map[string]any)
	everyMethod(t, func(m protoreflect.MethodDescriptor, method, path string) {
		item, _ := paths[path].(map[string]any)
		op, _ := item[strings.ToLower(method)].(map[string]any)
		if op == nil {
			t.Errorf("%s: %s %s is not in the document", m.FullName(), method, path)
			return
		}
		text := encoded(t, op)
		options, _ := m.Options().(*descriptorpb.MethodOptions)
		write := options.GetIdempotencyLevel() != descriptorpb.MethodOptions_NO_SIDE_EFFECTS
		if strings.Contains(text, "parameters/IdempotencyKey") != write {
			t.Errorf("%s: idempotency key documented: %v, needed: %v", m.FullName(), !write, write)
		}
		if strings.Contains(text, "text/event-stream") != m.IsStreamingServer() {
			t.Errorf("%s: stream documented wrongly", m.FullName())
		}
		if !strings.Contains(text, "responses/Problem") {
			t.Errorf("%s: problems are not documented", m.FullName())
		}
	})
}

func TestReferencesOfOpenAPIResolve(t *testing.T) {
	doc := send(t, "GET", open(t, &orders{}, gateway.Limits{})+"/openapi.json", "").json(t)
	for _, found := range regexp.MustCompile(`"\$ref":"#/([^"]*)"`).FindAllStringSubmatch(encoded(t, doc), -1) {
		var at any = doc
		for name := range strings.SplitSeq(found[1], "/") {
			object, _ := at.(map[string]any)
			at = object[name]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", found[0])
		}
	}
}

func TestPageListsCallsWithoutForeignAssets(t *testing.T) {
	a := send(t, "GET", open(t, &orders{}, gateway.Limits{})+"/docs", "")
	if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "/v1/orders/{order_id}:submit") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if strings.Contains(a.body, "http://") || strings.Contains(a.body, "https://") || strings.Contains(a.body, "<script") {
		t.Error("the page loads something")
	}
}
