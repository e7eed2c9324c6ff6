package scenarios_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/kit/kittest"
)

// TestBatchOverHTTP: many orders are made, sent and followed through the gateway.
func TestBatchOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, op := w.newCustomer(t), kittest.Operator("operator-1")
	entry := func(external, more string) string {
		return `{"order": {"customerId": "` + c.id + `", "productId": "` + actors.Product + `", "externalId": "` + external + `"` + more + `}}`
	}
	batch := `{"requests": [` + entry("D-1", "") + `, ` + entry("D-2", `, "currencyCode": "JPY"`) + `, ` + entry("D-3", "") + `]}`
	key := map[string]string{"Idempotency-Key": "batch-of-monday"}
	made := w.sendWith(t, op, "POST", "/v1/orders:batchCreate", batch, key)
	entries := made.list("entries")
	if made.status != http.StatusOK || len(entries) != 3 {
		t.Fatalf("created: %d, %v", made.status, made.body)
	}
	t.Run("an entry that is refused says why in the names of JSON, and holds up nobody", func(t *testing.T) {
		bad := entries[1]
		if bad.at("result", "reason") != "CURRENCY_NOT_SERVED" || bad.at("result", "mustAct") == "" || bad.at("result", "what") == "" ||
			len(bad.list("result", "violations")) != 1 || bad.list("result", "violations")[0].at("field") != "order.currencyCode" {
			t.Errorf("it is %v", bad.body)
		}
		for _, good := range []answer{entries[0], entries[2]} {
			if good.at("order", "state") != "ORDER_STATE_DRAFT" || good.at("result", "resourceId") != good.at("order", "orderId") {
				t.Errorf("it is %v", good.body)
			}
		}
	})
	t.Run("the same batch answers the same orders", func(t *testing.T) {
		again := w.sendWith(t, op, "POST", "/v1/orders:batchCreate", batch, key).list("entries")
		if len(again) != 3 || again[0].at("order", "orderId") != entries[0].at("order", "orderId") {
			t.Errorf("sent again: %v", again)
		}
	})
	first, third := entries[0].at("order", "orderId"), entries[2].at("order", "orderId")

	path := "/v1/orders:watch?customerId=" + c.id
	live := w.follows(t, path, "")
	live.until(t, "both drafts", func(e sse) bool { return live.seen[first] && live.seen[third] && e.id != "" })
	last := live.last
	live.stop()

	links := `{"requests": [{"orderId": "` + third + `"}, {"orderId": "ord_00000000000000000000000000"}]}`
	sent := w.must(t, op, "POST", "/v1/orders:batchSend", links)
	t.Run("a batch of links is sent entry by entry", func(t *testing.T) {
		all := sent.list("entries")
		if len(all) != 2 || all[0].at("order", "link", "expireTime") == "" || len(all[0].list("mails")) != 2 ||
			all[1].at("result", "reason") != "NOT_FOUND" {
			t.Errorf("sent: %v", sent.body)
		}
	})
	t.Run("a browser that comes back is told what it has missed, and need not begin anew", func(t *testing.T) {
		back := w.follows(t, path, last)
		e := back.until(t, "the draft that was sent", func(e sse) bool { return e.order["orderId"] == third && e.order["link"] != nil })
		if back.reset || e.order["state"] != "ORDER_STATE_DRAFT" {
			t.Errorf("it is told %v, anew: %v", e, back.reset)
		}
	})
	t.Run("an id that no watch has sent is refused before the stream begins", func(t *testing.T) {
		w.sendWith(t, op, "GET", path, "", map[string]string{"Last-Event-ID": "of-another"}).
			refuses(t, http.StatusBadRequest, "PAGE_TOKEN_INVALID", false)
	})
}

// sse is a server-sent event: an order, or the id after which a watch goes on.
type sse struct {
	id    string
	order map[string]any
}

// eventStream is a stream of these.
type eventStream struct {
	lines *bufio.Scanner
	stop  context.CancelFunc
	seen  map[string]bool // ids of orders
	last  string          // id of the newest event that has one
	reset bool            // what was told before is to be forgotten
}

// follows opens a stream, from the beginning or after an event.
func (w *world) follows(t *testing.T, path, after string) *eventStream {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(stop)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", w.Bearer(t, kittest.Operator("operator-1")))
	req.Header.Set("Accept", "text/event-stream")
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the watch answers %s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	s := &eventStream{lines: bufio.NewScanner(resp.Body), stop: stop, seen: map[string]bool{}}
	s.lines.Buffer(nil, 1<<20)
	return s
}

// until reads events until one is as told.
func (s *eventStream) until(t *testing.T, what string, is func(sse) bool) sse {
	t.Helper()
	var e sse
	for s.lines.Scan() {
		line := s.lines.Text()
		if id, found := strings.CutPrefix(line, "id: "); found {
			e.id, s.last = id, id
		}
		if data, found := strings.CutPrefix(line, "data: "); found {
			var body struct {
				Order map[string]any `json:"order"`
				Reset bool           `json:"reset"`
			}
			if err := json.Unmarshal([]byte(data), &body); err != nil {
				t.Fatalf("%s: %v", data, err)
			}
			e.order, s.reset = body.Order, s.reset || body.Reset
			if id, _ := body.Order["orderId"].(string); id != "" {
				s.seen[id] = true
			}
		}
		if line == "" {
			if is(e) {
				return e
			}
			e = sse{}
		}
	}
	t.Fatalf("the stream has ended before %s: %v", what, s.lines.Err())
	return e
}
