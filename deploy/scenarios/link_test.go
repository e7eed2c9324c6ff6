package scenarios_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"testing"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// linkInMail finds the last part of the link in a mail's text.
var linkInMail = regexp.MustCompile(`/v1/orderLinks/[0-9A-Za-z_-]+`)

// TestLink is a draft that Operations prepares and the customer completes by way of a mail.
func TestLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	draft := c.draft(t, unfinished)
	var link string
	t.Run("NTF-002 ORD-021 Operations sends the customer a mail with the link to the prepared draft", func(t *testing.T) {
		link = w.sendsLink(t, draft.GetOrderId())
	})
	t.Run("GW-002 the customer opens the draft by the link and completes it", func(t *testing.T) { c.completes(t, link, draft.GetOrderId()) })
	t.Run("a link that was replaced or revoked opens nothing", w.replacesLinks)
}

// sendsLink returns the path of the link that arrived.
func (w *world) sendsLink(t *testing.T, orderID string) string {
	t.Helper()
	before := w.linksMailed(t)
	sent, err := w.op(t).SendLink(t.Context(), orderID)
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	after := w.linksMailed(t)
	if len(after) != len(before)+1 {
		t.Fatalf("%d mails with a link, and %d before", len(after), len(before))
	}
	if got := sent.GetState(); got != ordersv1.OrderState_ORDER_STATE_DRAFT {
		t.Errorf("sent, the order is %s", got)
	}
	return after[0]
}

// linksMailed are the links in the customers' mailbox, the newest first.
func (w *world) linksMailed(t *testing.T) (links []string) {
	t.Helper()
	for _, m := range w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if link := linkInMail.FindString(m.GetText()); link != "" {
			links = append(links, link)
		}
	}
	return links
}

// visit is what somebody without a token gets.
func (w *world) visit(t *testing.T, path string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL()+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&a.body); err != nil {
		t.Fatalf("%s: %d, no JSON: %v", path, resp.StatusCode, err)
	}
	return a
}

func (c customer) completes(t *testing.T, link, orderID string) {
	t.Helper()
	opened := c.w.visit(t, link)
	if opened.status != http.StatusOK || opened.at("orderId") != orderID || opened.at("nextStep") == "" {
		t.Fatalf("the link opens %d %v", opened.status, opened.body)
	}
	path := "/v1/orders/" + opened.at("orderId")
	if a := c.w.visit(t, path); a.status != http.StatusUnauthorized { // it identifies, it authenticates nobody
		t.Errorf("the draft itself, without a token: %d %v", a.status, a.body)
	}
	c.w.must(t, c.principal(), "PATCH", path, `{"managementAccountId": "`+c.account+`", "supportOption": "SUPPORT_OPTION_RESOLD"}`)
	if got := c.w.must(t, c.principal(), "POST", path+":submit", termsJSON).at("order", "submittedBy", "subject"); got != c.subject {
		t.Errorf("submitted by %q", got)
	}
}

func (w *world) replacesLinks(t *testing.T) {
	o := w.newCustomer(t).draft(t)
	first := w.sendsLink(t, o.GetOrderId())
	if _, err := w.Orders.ResendLink(w.operator(t), &ordersv1.ResendLinkRequest{OrderId: o.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	second := w.linksMailed(t)[0]
	if a := w.visit(t, first); a.at("reason") != "LINK_INVALID" {
		t.Errorf("the first link: %d %v", a.status, a.body)
	}
	if a := w.visit(t, second); a.status != http.StatusOK {
		t.Errorf("the second link: %d %v", a.status, a.body)
	}
	_, err := w.Orders.RevokeLink(w.operator(t), &ordersv1.RevokeLinkRequest{OrderId: o.GetOrderId(), Reason: "Sent to the wrong person."})
	if err != nil {
		t.Fatal(err)
	}
	if a := w.visit(t, second); a.at("reason") != "LINK_INVALID" {
		t.Errorf("the revoked link: %d %v", a.status, a.body)
	}
}
