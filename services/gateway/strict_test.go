package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"example.com/handover/services/gateway"
)

func TestJSONIsReadStrictly(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orders"
	for name, c := range map[string]struct{ body, reason, field string }{
		"unknown field":        {`{"customerId":"c","colour":"red"}`, "FIELD_UNKNOWN", "colour"},
		"unknown nested field": {`{"declared":{"colour":"red"}}`, "FIELD_UNKNOWN", "colour"},
		"unknown enum value":   {`{"accountOption":"SOMETHING"}`, "JSON_INVALID", "accountOption"},
		"number for a text":    {`{"customerId":7}`, "JSON_INVALID", "customerId"},
		"text for a bool":      {`{"declared":{"privatePricing":"true"}}`, "JSON_INVALID", "privatePricing"},
		"field twice":          {`{"customerId":"a","customerId":"b"}`, "JSON_INVALID", "customerId"},
		"two values":           {`{} {}`, "JSON_INVALID", ""},
		"cut off":              {`{"customerId":`, "JSON_INVALID", ""},
		"a list":               {`[]`, "JSON_INVALID", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := wantProblem(t, send(t, "POST", url, c.body, "Idempotency-Key", "k"), http.StatusBadRequest, c.reason)
			violations, _ := p["violations"].([]any)
			if c.field == "" {
				return
			}
			if len(violations) != 1 || violations[0].(map[string]any)["field"] != c.field {
				t.Errorf("violations %v, want field %s", p["violations"], c.field)
			}
		})
	}
	if _, request := o.seen(); request != nil {
		t.Errorf("a refused request reached the service: %v", request)
	}
}

func TestQueryIsReadStrictly(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{})
	for name, c := range map[string]struct{ method, path, reason string }{
		"unknown":             {"GET", "/v1/orders?colour=red", "FIELD_UNKNOWN"},
		"not a number":        {"GET", "/v1/orders?pageSize=ten", "JSON_INVALID"},
		"name of the proto":   {"GET", "/v1/orders?page_size=10", "FIELD_UNKNOWN"},
		"twice":               {"GET", "/v1/orders?pageToken=a&pageToken=b", "JSON_INVALID"},
		"beside a whole body": {"POST", "/v1/orders/" + orderID + ":submit?validateOnly=true", "FIELD_UNKNOWN"},
		"from the path":       {"GET", "/v1/orders/" + orderID + "?orderId=x", "FIELD_UNKNOWN"},
		"semicolon":           {"POST", "/v1/orders?validate_only=true;a=b", "REQUEST_INVALID"},
		"broken escape":       {"POST", "/v1/orders?validate_only=true&a=%zz", "REQUEST_INVALID"},
		"from the body":       {"POST", "/v1/orders?order.currencyCode=EUR", "FIELD_UNKNOWN"},
	} {
		t.Run(name, func(t *testing.T) {
			body := ""
			if c.method == "POST" {
				body = "{}"
			}
			wantProblem(t, send(t, c.method, url+c.path, body, "Idempotency-Key", "k"), http.StatusBadRequest, c.reason)
		})
	}
	if _, request := o.seen(); request != nil {
		t.Errorf("a refused request reached the service: %v", request)
	}
	a := send(t, "GET", url+"/v1/orders?pageSize=10&states=ORDER_STATE_DRAFT&states=ORDER_STATE_FAILED&customerId=c", "")
	if a.StatusCode != http.StatusOK || !strings.Contains(a.body, `"orders":[]`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestBodyHasLimits(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{}) + "/v1/orders"
	large := `{"customerId":"` + strings.Repeat("x", 1<<20) + `"}`
	wantProblem(t, send(t, "POST", url, large, "Idempotency-Key", "k"), http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE")
	form := send(t, "POST", url, "customerId=c", "Idempotency-Key", "k", "Content-Type", "application/x-www-form-urlencoded")
	wantProblem(t, form, http.StatusUnsupportedMediaType, "CONTENT_TYPE_UNSUPPORTED")
}
