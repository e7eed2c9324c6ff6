package gateway_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	contractproto "example.com/handover/proto"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	"example.com/handover/services/gateway"
)

// everyMethod visits the RPCs of the contract that others than services may call, with their HTTP rule.
func everyMethod(t *testing.T, visit func(m protoreflect.MethodDescriptor, method, path string)) {
	t.Helper()
	count := 0
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				if m := methods.Get(j); strings.HasPrefix(string(m.FullName()), "handover.") && !internal(m) {
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

// internal reports whether services alone may call a method. It has no route: nobody could use it.
func internal(m protoreflect.MethodDescriptor) bool {
	access, _ := proto.GetExtension(m.Options(), optionsv1.E_Access).(*optionsv1.Access)
	return len(access.GetRoles()) == 0
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

// openAPIOf returns the document that has a path.
func openAPIOf(t *testing.T, path string) map[string]any {
	t.Helper()
	raw := contractproto.OpenAPI()
	switch {
	case strings.HasPrefix(path, "/v1/sandbox/"):
		raw = contractproto.OpenAPIOfSandbox()
	case strings.HasPrefix(path, "/v1/services/"):
		raw = contractproto.OpenAPIOfOperations()
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestOpenAPIHasEveryMethod(t *testing.T) {
	documents := map[string]map[string]any{}
	everyMethod(t, func(m protoreflect.MethodDescriptor, method, path string) {
		audience := strings.Split(path, "/")[2]
		if documents[audience] == nil {
			documents[audience] = openAPIOf(t, path)
		}
		paths, _ := documents[audience]["paths"].(map[string]any)
		item, _ := paths[path].(map[string]any)
		op, _ := item[strings.ToLower(method)].(map[string]any)
		if op == nil {
			t.Errorf("%s: %s %s is not in its document", m.FullName(), method, path)
			return
		}
		text := encoded(t, op)
		options, _ := m.Options().(*descriptorpb.MethodOptions)
		write := options.GetIdempotencyLevel() != descriptorpb.MethodOptions_NO_SIDE_EFFECTS
		for what, wanted := range map[string]bool{
			"parameters/IdempotencyKey": write, "parameters/Reason": write, "text/event-stream": m.IsStreamingServer(),
			"parameters/AcceptLanguage": true, "responses/Failure": true, "headers/RetryAfter": true, `"401":`: true, `"403":`: true,
			"parameters/IfMatch": write && m.Input().Fields().ByName("etag") != nil,
			`"412":`:             strings.Contains(text, "with ETAG_MISMATCH"),
		} {
			if wanted && !strings.Contains(text, what) || !wanted && strings.HasPrefix(what, "parameters/") && strings.Contains(text, what) {
				t.Errorf("%s: %s is documented: %v, wanted: %v", m.FullName(), what, !wanted, wanted)
			}
		}
	})
}

// TestOpenAPIHasTheRules looks at one example of each: what is checked is what is documented.
func TestOpenAPIHasTheRules(t *testing.T) {
	doc := openAPIOf(t, "/v1/orders")
	const update = "paths/~v1~orders~{order_id}/patch/"
	for path, want := range map[string]any{
		"components/schemas/handover.orders.v1.Order/properties/technicalContactId/pattern":   "^(per_[0-9a-v]{26})?$",
		"components/schemas/handover.orders.v1.Order/properties/createTime/readOnly":          true,
		"paths/~v1~orders/get/parameters/pageSize/schema/maximum":                             500.0,
		update + "parameters/order_id/schema/pattern":                                         "^ord_[0-9a-v]{26}$",
		update + "responses/412/content/application~problem+json/examples/ETAG_MISMATCH/$ref": "#/components/examples/type.ETAG_MISMATCH",
		"components/examples/orders.NOT_ELIGIBLE/value/status":                                409.0,
		"components/examples/type.NOT_FOUND/value/title":                                      "Not found",
	} {
		if got := dig(doc, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

// dig follows names through a document, and a list by the names of its entries.
func dig(at any, path string) any {
	for name := range strings.SplitSeq(path, "/") {
		name = strings.ReplaceAll(name, "~", "/")
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			i := slices.IndexFunc(v, func(one any) bool { o, _ := one.(map[string]any); return o["name"] == name })
			if i < 0 {
				return nil
			}
			at = v[i]
		}
	}
	return at
}

// TestOpenAPISpeaksJSONNames finds names of the proto only where a path has its parameter.
func TestOpenAPISpeaksJSONNames(t *testing.T) {
	for _, path := range []string{"/v1/orders", "/v1/services/x", "/v1/sandbox/x"} {
		doc := openAPIOf(t, path)
		delete(doc, "paths")
		for _, name := range []string{"order_id", "customer_id", "update_mask", "validate_only", "must_act"} {
			if strings.Contains(encoded(t, doc), name) {
				t.Errorf("the document of %s has %s", path, name)
			}
		}
	}
}

func TestReferencesOfOpenAPIResolve(t *testing.T) {
	for _, path := range []string{"/v1/orders", "/v1/services/x", "/v1/sandbox/x"} {
		doc := openAPIOf(t, path)
		for _, found := range regexp.MustCompile(`"\$ref":"#/([^"]*)"`).FindAllStringSubmatch(encoded(t, doc), -1) {
			if dig(doc, found[1]) == nil {
				t.Errorf("%s leads nowhere", found[0])
			}
		}
	}
}

func TestDocumentsAreServed(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{})
	for path, title := range map[string]string{"/openapi.json": "Handover", "/openapi-operations.json": "Handover operations"} {
		a := send(t, "GET", url+path, "")
		if doc := a.json(t); doc["openapi"] != "3.1.0" || dig(doc, "info/title") != title || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v %v %s", path, doc["openapi"], doc["info"], a.Header.Get("Content-Type"))
		}
	}
	wantProblem(t, send(t, "GET", url+"/openapi-sandbox.json", ""), http.StatusNotFound, "ROUTE_UNKNOWN")
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
