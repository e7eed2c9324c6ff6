package gateway_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
	"example.com/handover/services/gateway"
)

func TestEveryKindHasItsStatus(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID + ":fail"
	for kind, want := range map[errs.Kind]int{
		errs.Invalid: 400, errs.NotFound: 404, errs.Exists: 409, errs.Precondition: 409, errs.Conflict: 409, errs.Denied: 403,
		errs.Unauthenticated: 401, errs.Exhausted: 429, errs.Deadline: 504, errs.Cancelled: 499, errs.Unimplemented: 501, errs.Unavailable: 503,
	} {
		o.refusal = errs.New(kind, "SOME_REASON", "it was refused")
		a := send(t, "POST", url, `{"reason":"x"}`, "Idempotency-Key", "k")
		p := wantProblem(t, a, want, "SOME_REASON")
		if p["detail"] != "it was refused" || p["domain"] != "orders" || p["type"] != "urn:handover:problem:orders:SOME_REASON" ||
			p["instance"] != a.Header.Get("X-Request-Id") || p["title"] == "" {
			t.Errorf("kind %d: %s", kind, a.body)
		}
		if (a.Header.Get("WWW-Authenticate") != "") != (kind == errs.Unauthenticated) {
			t.Errorf("kind %d: WWW-Authenticate %q", kind, a.Header.Get("WWW-Authenticate"))
		}
	}
}

func TestTitlesAreTheUsualOnes(t *testing.T) {
	o := &orders{}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID + ":fail"
	for kind, want := range map[errs.Kind]string{
		errs.NotFound: "Not found", errs.Exists: "Already exists", errs.Conflict: "Modified concurrently", errs.Denied: "Permission denied",
		errs.Exhausted: "Too many requests", errs.Unavailable: "Service unavailable", errs.Precondition: "Failed precondition",
	} {
		o.refusal = errs.New(kind, "SOME_REASON", "it was refused")
		if p := send(t, "POST", url, `{}`, "Idempotency-Key", "k").json(t); p["title"] != want {
			t.Errorf("kind %d has the title %v, want %s", kind, p["title"], want)
		}
	}
}

func TestInternalErrorsTellNothing(t *testing.T) {
	o := &orders{refusal: errors.New("password is hunter2")}
	a := send(t, "POST", open(t, o, gateway.Limits{})+"/v1/orders/"+orderID+":fail", `{}`, "Idempotency-Key", "k")
	if p := wantProblem(t, a, 500, "INTERNAL"); p["detail"] == "" || p["detail"] == "password is hunter2" {
		t.Fatal(a.body)
	}
}

func TestProblemShowsWhoMustAct(t *testing.T) {
	until := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	refusal := errs.InvalidField("accepted_terms[0].term_version", "TERM_VERSION_OLD", "a newer version is in force").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.Said("Accept the new terms.", "https://example.com/terms"), Until: until}).
		WithMeta("order_id", "2")
	refusal.RetryAfter = 1500 * time.Millisecond
	a := send(t, "POST", open(t, &orders{refusal: refusal}, gateway.Limits{})+"/v1/orders/"+orderID+":fail", `{}`, "Idempotency-Key", "k")
	p := wantProblem(t, a, http.StatusBadRequest, "TERM_VERSION_OLD")
	for key, want := range map[string]any{
		"mustAct": "PARTY_CUSTOMER", "what": "Accept the new terms.", "where": "https://example.com/terms", "until": "2026-03-01T00:00:00Z",
	} {
		if p[key] != want {
			t.Errorf("%s = %v, want %v", key, p[key], want)
		}
	}
	violations, _ := p["violations"].([]any)
	if len(violations) != 1 || violations[0].(map[string]any)["field"] != "acceptedTerms[0].termVersion" {
		t.Errorf("violations %v", p["violations"])
	}
	if meta, _ := p["meta"].(map[string]any); meta["orderId"] != "2" {
		t.Errorf("meta %v", p["meta"])
	}
	if a.Header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
}

func TestUnknownPathsAreProblems(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{})
	wantProblem(t, send(t, "GET", url+"/v2/orders", ""), http.StatusNotFound, "ROUTE_UNKNOWN")
	wantProblem(t, send(t, "PUT", url+"/v1/orders", `{}`), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	wantProblem(t, send(t, "GET", url+"/v1/sandbox/clock", ""), http.StatusNotFound, "ROUTE_UNKNOWN")
}

func TestAServiceThatIsAwayIsNotDescribed(t *testing.T) {
	away, err := rpc.Dial("passthrough:///10.1.2.3:9000", rpc.DialOptions{
		Dialer: func(context.Context, string) (net.Conn, error) { return nil, errors.New("dial 10.1.2.3: no route") },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer away.Close()
	handler, err := gateway.New(t.Context(), gateway.Options{
		Conn: func(string) grpc.ClientConnInterface { return away }, Has: func(string) bool { return true }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	a := send(t, "GET", server.URL+"/v1/orders/"+orderID, "")
	if p := wantProblem(t, a, http.StatusServiceUnavailable, "UNAVAILABLE"); p["domain"] != "gateway" || strings.Contains(a.body, "10.1.2.3") {
		t.Error(a.body)
	}
}
