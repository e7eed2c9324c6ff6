package gateway_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/gateway"
)

func TestHeadersTravel(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{})
	a := send(t, "POST", url+"/v1/orders?validateOnly=true", `{"customerId":"cus_1"}`,
		"Authorization", "Bearer person", "Idempotency-Key", "key-1", "X-Request-Id", "req-mine", "X-Handover-Reason", "asked by phone",
		"X-Handover-Workload", "Bearer forged", "X-Handover-On-Behalf-Of", "somebody", "Grpc-Metadata-X-Handover-Workload", "Bearer forged")
	if a.StatusCode != http.StatusOK || a.Header.Get("ETag") != `"1"` || a.Header.Get("X-Request-Id") != "req-mine" {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	meta, request := o.seen()
	for key, want := range map[string][]string{
		"authorization": {"Bearer person"}, "idempotency-key": {"key-1"}, "x-request-id": {"req-mine"},
		"x-handover-reason": {"asked by phone"}, "x-handover-workload": nil, "x-handover-on-behalf-of": nil,
	} {
		if got := meta.Get(key); !slices.Equal(got, want) {
			t.Errorf("metadata %s = %q, want %q", key, got, want)
		}
	}
	r, ok := request.(*ordersv1.CreateOrderRequest)
	if !ok || !r.GetValidateOnly() || r.GetOrder().GetCustomerId() != "cus_1" {
		t.Errorf("request %v", request)
	}
}

func TestRequestIDIsMade(t *testing.T) {
	a := send(t, "GET", open(t, &orders{}, gateway.Limits{})+"/v1/orders/"+orderID, "", "X-Request-Id", "two words")
	if id := a.Header.Get("X-Request-Id"); len(id) != len("req_")+26 {
		t.Fatalf("request id %q", id)
	}
}

func TestIdempotencyKeyIsRequiredForWrites(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{})
	for _, c := range []struct{ method, path string }{
		{"POST", "/v1/orders"},
		{"PATCH", "/v1/orders/" + orderID},
		{"POST", "/v1/orders/" + orderID + ":submit"},
		{"DELETE", "/v1/orders/" + orderID},
	} {
		body := "{}"
		if c.method == "DELETE" {
			body = ""
		}
		wantProblem(t, send(t, c.method, url+c.path, body), http.StatusBadRequest, "IDEMPOTENCY_KEY_REQUIRED")
		wantProblem(t, send(t, c.method, url+c.path, body, "Idempotency-Key", "two words"), http.StatusBadRequest, "IDEMPOTENCY_KEY_INVALID")
	}
	if a := send(t, "POST", url+"/v1/products/p:checkEligibility", `{}`); a.StatusCode != http.StatusOK {
		t.Errorf("a read by POST: %d %s", a.StatusCode, a.body)
	}
}

func TestIfMatchBecomesEtag(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID
	patch := func(match string) answer {
		return send(t, "PATCH", url, `{"currencyCode":"EUR"}`, "Idempotency-Key", "k", "If-Match", match)
	}
	if a := patch(`"3"`); a.StatusCode != http.StatusOK || a.Header.Get("ETag") != `"4"` {
		t.Errorf("current: %d %s", a.StatusCode, a.body)
	}
	_, request := o.seen()
	r, ok := request.(*ordersv1.UpdateOrderRequest)
	if !ok || r.GetEtag() != "3" || !slices.Equal(r.GetUpdateMask().GetPaths(), []string{"currency_code"}) {
		t.Errorf("request %v", request)
	}
	wantProblem(t, patch(`"2"`), http.StatusPreconditionFailed, "ETAG_MISMATCH")
	wantProblem(t, patch(`3`), http.StatusBadRequest, "HEADER_INVALID")
	wantProblem(t, patch(`"1", "3"`), http.StatusBadRequest, "HEADER_INVALID")
	if a := patch("*"); a.StatusCode != http.StatusOK {
		t.Errorf("any: %d %s", a.StatusCode, a.body)
	}
	differing := send(t, "POST", url+":submit", `{"etag":"2"}`, "Idempotency-Key", "k", "If-Match", `"3"`)
	wantProblem(t, differing, http.StatusBadRequest, "HEADER_INVALID")
	useless := send(t, "POST", url[:len(url)-len("/"+orderID)], `{}`, "Idempotency-Key", "k", "If-Match", `"3"`)
	wantProblem(t, useless, http.StatusBadRequest, "HEADER_INVALID")
}

func TestACallWithoutATokenEndsAtTheGateway(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{})
	for path, method := range map[string]string{
		"/v1/orders": "POST", "/v1/orders/" + orderID: "GET", "/v1/orders/" + orderID + ":watch": "GET", "/v1/services/orders/parked": "GET",
	} {
		for _, token := range []string{"", " "} {
			a := send(t, method, url+path, "", "Authorization", token, "Idempotency-Key", "k")
			wantProblem(t, a, http.StatusUnauthorized, "UNAUTHENTICATED")
		}
	}
	if _, request := o.seen(); request != nil {
		t.Errorf("a refused request reached the service: %v", request)
	}
	for _, path := range []string{"/openapi.json", "/docs"} {
		if a := send(t, "GET", url+path, "", "Authorization", ""); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}

func TestALinkNeedsNoToken(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orderLinks/aSecretLinkOfTwentyCharacters"
	bare, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(bare)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	meta, request := o.seen()
	r, ok := request.(*ordersv1.OpenLinkRequest)
	if resp.StatusCode != http.StatusOK || !ok || r.GetToken() != "aSecretLinkOfTwentyCharacters" || meta.Get("authorization") != nil {
		t.Errorf("%s with %v of %v", resp.Status, request, meta)
	}
	if a := send(t, "GET", url, "", "Authorization", "Bearer person"); a.StatusCode != http.StatusOK {
		t.Errorf("with a token: %d %s", a.StatusCode, a.body)
	}
	if meta, _ := o.seen(); !slices.Equal(meta.Get("authorization"), []string{"Bearer person"}) {
		t.Errorf("a token that is shown is not passed on: %v", meta)
	}
	wantProblem(t, send(t, "GET", url, "", "Authorization", " "), http.StatusUnauthorized, "UNAUTHENTICATED")
	if text := o.log.String(); strings.Contains(text, "aSecretLink") || !strings.Contains(text, "/v1/orderLinks/…") {
		t.Errorf("the log of the gateway: %s", text)
	}
}
