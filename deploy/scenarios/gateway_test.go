package scenarios_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestGateway is the customer's way through the gateway: JSON over HTTP.
func TestGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("GW-001 from the catalogue through the wizard to a submitted order", w.wizardOverHTTP)
	t.Run("a customer opens a prepared draft and completes it", w.draftOverHTTP)
	t.Run("GW-003 Process looks for the acceptance now", w.processOverHTTP)
	t.Run("GW-005 the customer views its agreement, with its currency and whether it is active", w.agreementOverHTTP)
	t.Run("problems over HTTP", w.problemsOverHTTP)
}

// answer is a JSON object that came back.
type answer struct {
	status int
	etag   string
	body   map[string]any
}

// list reads a nested list of objects: list("order", "guidanceLinks").
func (a answer) list(path ...string) (all []answer) {
	var v any = a.body
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	items, _ := v.([]any)
	for _, item := range items {
		body, _ := item.(map[string]any)
		all = append(all, answer{body: body})
	}
	return all
}

// refuses fails unless the call is refused so, and whoever must act is told what to do where unless hint is false.
func (a answer) refuses(t *testing.T, status int, reason string, hint bool) {
	t.Helper()
	if a.status != status || a.at("reason") != reason || hint && (a.at("mustAct") == "" || a.at("what") == "" || a.at("where") == "") {
		t.Errorf("status %d, %v; want %d %s", a.status, a.body, status, reason)
	}
}

// at reads a nested text: at("order", "state").
func (a answer) at(path ...string) string {
	var v any = a.body
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	text, _ := v.(string)
	return text
}

// send makes an HTTP call as a person, each under a key of its own.
func (w *world) send(t *testing.T, p auth.Principal, method, path, body string) answer {
	t.Helper()
	return w.sendWith(t, p, method, path, body, nil)
}

// sendWith is send with headers.
func (w *world) sendWith(t *testing.T, p auth.Principal, method, path, body string, headers map[string]string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.URL()+path, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", w.Bearer(t, p))
	req.Header.Set("Idempotency-Key", id.New("key"))
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode, etag: resp.Header.Get("ETag")}
	if err := json.NewDecoder(resp.Body).Decode(&a.body); err != nil {
		t.Fatalf("%s %s: status %d, no JSON: %v", method, path, resp.StatusCode, err)
	}
	return a
}

// must is send for a call that succeeds.
func (w *world) must(t *testing.T, p auth.Principal, method, path, body string) answer {
	t.Helper()
	a := w.send(t, p, method, path, body)
	if a.status != http.StatusOK {
		t.Fatalf("%s %s: status %d, %v", method, path, a.status, a.body)
	}
	return a
}

func (c customer) principal() auth.Principal { return kittest.Customer(c.subject, c.id) }

const termsJSON = `{"terms": [{"kind": "TERM_KIND_MARKETPLACE", "version": "2026-02"},
	{"kind": "TERM_KIND_SERVICES", "version": "2026-02"}]}`

func (w *world) wizardOverHTTP(t *testing.T) {
	c := w.newCustomer(t)
	p := c.principal()
	products, _ := w.must(t, p, "GET", "/v1/products", "").body["products"].([]any)
	first, _ := products[0].(map[string]any)
	found, _ := first["productId"].(string)
	if found != actors.Product {
		t.Fatalf("the catalogue shows %v", products)
	}
	declared := `"declared": {"partition": "AWS_PARTITION_AWS", "permissionsConfirmed": true}`
	check := w.must(
		t, p, "POST", "/v1/products/"+found+":checkEligibility",
		`{"customerId": "`+c.id+`", "managementAccountId": "`+c.account+`", `+declared+`}`,
	)
	if check.body["eligible"] != true {
		t.Errorf("eligibility: %v", check.body)
	}
	created := w.must(t, p, "POST", "/v1/orders", `{"customerId": "`+c.id+`", "productId": "`+found+`",
		"accountOption": "ACCOUNT_OPTION_TRANSFER_EXISTING",
		"managementAccountId": "`+c.account+`", "supportOption": "SUPPORT_OPTION_PARTNER_LED", `+declared+`}`)
	submitted := w.must(t, p, "POST", "/v1/orders/"+created.at("order", "orderId")+":submit", termsJSON)
	if got := submitted.at("order", "state"); got != "ORDER_STATE_PROCESSING" {
		t.Errorf("submitted, it is %s", got)
	}
	w.Settle(t)
	w.oneInvitation(t, c.account, "REQUESTED")
}

// unfinished leaves choices of the wizard to the customer.
func unfinished(o *ordersv1.Order) { o.ManagementAccountId, o.SupportOption = "", 0 }

func (w *world) draftOverHTTP(t *testing.T) {
	c := w.newCustomer(t)
	p := c.principal()
	link := "/v1/orders/" + c.draft(t, unfinished).GetOrderId()
	if got := w.must(t, p, "GET", link, "").at("order", "state"); got != "ORDER_STATE_DRAFT" {
		t.Fatalf("the link shows %s", got)
	}
	w.must(t, p, "PATCH", link, `{"managementAccountId": "`+c.account+`", "supportOption": "SUPPORT_OPTION_RESOLD"}`)
	submitted := w.must(t, p, "POST", link+":submit", termsJSON)
	if got := submitted.at("order", "submittedBy", "subject"); got != c.subject {
		t.Errorf("submitted by %q", got)
	}
	stranger := w.newCustomer(t)
	if a := w.send(t, stranger.principal(), "GET", link, ""); a.status != http.StatusNotFound || a.at("reason") != "NOT_FOUND" {
		t.Errorf("the link shows a stranger %d %v", a.status, a.body)
	}
}

func (w *world) processOverHTTP(t *testing.T) {
	c := w.newCustomer(t)
	link := "/v1/orders/" + c.invited(t).GetOrderId()
	c.accept(t)
	w.must(t, c.principal(), "POST", link+":process", "{}")
	w.Settle(t)
	if got := w.must(t, c.principal(), "GET", link, "").at("order", "waiting", "stepKey"); got != "accept-service-term" {
		t.Errorf("after the acceptance it waits for %s", got)
	}
}

func (w *world) agreementOverHTTP(t *testing.T) {
	c, op := w.newCustomer(t), kittest.Operator("operator-1")
	o := c.submitted(t)
	path := "/v1/agreements/" + o.GetAgreementId()
	shows := func(state, currency string) {
		t.Helper()
		one := w.must(t, c.principal(), "GET", path, "")
		if one.at("agreement", "state") != state || one.at("agreement", "currencyCode") != currency {
			t.Errorf("the view shows %v, want %s in %s", one.body, state, currency)
		}
		all := w.must(t, c.principal(), "GET", "/v1/agreements?states="+state, "").list("agreements")
		if len(all) != 1 || all[0].at("agreementId") != o.GetAgreementId() || all[0].at("currencyCode") != currency {
			t.Errorf("the list shows %v", all)
		}
	}
	shows("AGREEMENT_STATE_PROVISIONING", "EUR")
	w.Settle(t)
	c.accept(t)
	c.process(t, o.GetOrderId())
	c.acceptTerm(t)
	c.process(t, o.GetOrderId())
	c.finish(t, o)
	shows("AGREEMENT_STATE_ACTIVE", "EUR")
	w.must(t, op, "PATCH", "/v1/sellers/"+w.sellerID, `{"furtherCurrencyCodes": ["CHF"]}`)
	w.must(t, op, "PATCH", path, `{"currencyCode": "CHF"}`)
	shows("AGREEMENT_STATE_ACTIVE", "CHF")
	stranger := w.newCustomer(t).principal()
	w.send(t, stranger, "GET", path, "").refuses(t, http.StatusNotFound, "NOT_FOUND", false)
	if all := w.must(t, stranger, "GET", "/v1/agreements", "").list("agreements"); len(all) != 0 {
		t.Errorf("a stranger is shown %v", all)
	}
}

func (w *world) problemsOverHTTP(t *testing.T) {
	c := w.newCustomer(t)
	draft := c.draft(t)
	link := "/v1/orders/" + draft.GetOrderId()
	for _, try := range []struct {
		what, method, path, body string
		p                        auth.Principal
		status                   int
		reason                   string
	}{
		{"unknown field", "POST", link + ":submit", `{"hurry": true}`, c.principal(), http.StatusBadRequest, "FIELD_UNKNOWN"},
		{"malformed id", "POST", "/v1/orders/ord_1:submit", `{}`, c.principal(), http.StatusBadRequest, "REQUEST_INVALID"},
		{"no terms", "POST", link + ":submit", `{}`, c.principal(), http.StatusConflict, "TERMS_NOT_ACCEPTED"},
		{
			"oversized message", "POST", link + ":submit", `{"etag": "` + strings.Repeat("x", rpc.MaxRequest) + `"}`, c.principal(),
			http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE",
		},
		{"the preparer", "POST", link + ":submit", termsJSON, kittest.Operator("operator-1"), http.StatusForbidden, "SUBMITTER_IS_PREPARER"},
		{
			"stale etag", "POST", link + ":submit", `{"etag": "99", ` + termsJSON[1:], c.principal(), http.StatusPreconditionFailed, "ETAG_MISMATCH",
		},
	} {
		t.Run(try.what, func(t *testing.T) {
			w.unchanged(t, draft.GetOrderId(), func() {
				if a := w.send(t, try.p, try.method, try.path, try.body); a.status != try.status || a.at("reason") != try.reason {
					t.Errorf("status %d, %v; want %d %s", a.status, a.body, try.status, try.reason)
				}
			})
		})
	}
}
