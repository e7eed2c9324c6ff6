package gateway_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"example.com/handover/pkg/errs"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/gateway"
)

func revisions(numbers ...int64) []*ordersv1.WatchOrderResponse {
	var out []*ordersv1.WatchOrderResponse
	for _, n := range numbers {
		out = append(out, &ordersv1.WatchOrderResponse{Order: &ordersv1.Order{OrderId: orderID}, Revision: n})
	}
	return out
}

func TestStreamAsLines(t *testing.T) {
	url := open(t, &orders{watch: revisions(3, 5)}, gateway.Limits{}) + "/v1/orders/" + orderID + ":watch"
	a := send(t, "GET", url, "")
	lines := strings.Split(strings.TrimSpace(a.body), "\n")
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/x-ndjson" || len(lines) != 2 {
		t.Fatalf("%d %s\n%s", a.StatusCode, a.Header.Get("Content-Type"), a.body)
	}
	last := answer{a.Response, lines[1]}.json(t)
	if last["revision"] != "5" || last["order"].(map[string]any)["orderId"] != orderID {
		t.Errorf("last line %s", lines[1])
	}
}

func TestStreamAsEvents(t *testing.T) {
	o := &orders{watch: revisions(3, 5)}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID + ":watch?afterRevision=1"
	a := send(t, "GET", url, "", "Accept", "text/event-stream", "Last-Event-ID", "2")
	events := strings.Split(strings.TrimSpace(a.body), "\n\n")
	if a.Header.Get("Content-Type") != "text/event-stream" || len(events) != 2 || !strings.HasPrefix(events[1], "id: 5\ndata: {") {
		t.Fatalf("%s\n%s", a.Header.Get("Content-Type"), a.body)
	}
	if _, request := o.seen(); request.(*ordersv1.WatchOrderRequest).GetAfterRevision() != 2 {
		t.Errorf("request %v, want it to resume after 2", request)
	}
}

func TestStreamRefusedAtOnceIsAProblem(t *testing.T) {
	o := &orders{broken: errs.New(errs.NotFound, "NOT_FOUND", "no such order")}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID + ":watch"
	wantProblem(t, send(t, "GET", url, ""), http.StatusNotFound, "NOT_FOUND")
	wantProblem(t, send(t, "GET", url, "", "Accept", "text/event-stream"), http.StatusNotFound, "NOT_FOUND")
	wantProblem(t, send(t, "GET", url+"?colour=red", ""), http.StatusBadRequest, "FIELD_UNKNOWN")
	wantProblem(t, send(t, "GET", url, "", "Last-Event-ID", "x"), http.StatusBadRequest, "HEADER_INVALID")
}

func TestStreamThatBreaksEndsWithAProblem(t *testing.T) {
	o := &orders{watch: revisions(3), broken: errs.New(errs.Unavailable, "UNAVAILABLE", "shutting down")}
	url := open(t, o, gateway.Limits{}) + "/v1/orders/" + orderID + ":watch"

	a := send(t, "GET", url, "")
	lines := strings.Split(strings.TrimSpace(a.body), "\n")
	p := answer{a.Response, lines[len(lines)-1]}.json(t)
	if len(lines) != 2 || p["reason"] != "UNAVAILABLE" || p["domain"] != "orders" || p["instance"] != a.Header.Get("X-Request-Id") {
		t.Errorf("lines: %s", a.body)
	}

	a = send(t, "GET", url, "", "Accept", "text/event-stream")
	if !strings.Contains(a.body, "\n\nevent: error\ndata: {") {
		t.Errorf("events: %s", a.body)
	}
}

func TestEmptyStreamEnds(t *testing.T) {
	a := send(t, "GET", open(t, &orders{}, gateway.Limits{})+"/v1/orders/"+orderID+":watch", "")
	if a.StatusCode != http.StatusOK || a.body != "" {
		t.Errorf("%d %q", a.StatusCode, a.body)
	}
}

func TestStreamsEndWhenTheReplicaShutsDown(t *testing.T) {
	draining := make(chan struct{})
	url := openUntil(t, &orders{watch: revisions(3), stays: true}, gateway.Limits{}, draining) + "/v1/orders/" + orderID + ":watch"
	resp := begin(t, url)
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	if !lines.Scan() || !strings.Contains(lines.Text(), `"revision":"3"`) {
		t.Fatalf("first line %q", lines.Text())
	}
	close(draining)
	if !lines.Scan() || !strings.Contains(lines.Text(), "SHUTTING_DOWN") || lines.Scan() {
		t.Errorf("last line %q", lines.Text())
	}
}

// begin opens a stream, which the caller closes.
func begin(t *testing.T, url string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer test")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestStreamsAreCounted(t *testing.T) {
	o := &orders{watch: revisions(3), stays: true}
	url := open(t, o, gateway.Limits{StreamsEach: 1, Streams: 2}) + "/v1/orders/" + orderID + ":watch"
	first := begin(t, url)
	wantProblem(t, send(t, "GET", url, "", "Accept", "text/event-stream"), http.StatusTooManyRequests, "STREAMS_EXHAUSTED")
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer another")
	other, err := http.DefaultClient.Do(r)
	if err != nil || other.StatusCode != http.StatusOK {
		t.Fatalf("another token: %v, %v", other, err)
	}
	defer other.Body.Close()
	wantProblem(t, send(t, "GET", url, "", "Authorization", "Bearer third"), http.StatusTooManyRequests, "STREAMS_EXHAUSTED")
	if a := send(t, "GET", strings.TrimSuffix(url, ":watch"), ""); a.StatusCode != http.StatusOK {
		t.Errorf("a call that is no stream: %d", a.StatusCode)
	}
	if err := first.Body.Close(); err != nil {
		t.Fatal(err)
	}
	for { // the gateway hears of it when the connection is closed
		again := begin(t, url)
		status := again.StatusCode
		_ = again.Body.Close()
		if status == http.StatusOK {
			return
		}
	}
}
