package scenarios_test

import (
	"net/http"
	"testing"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/kit/kittest"
)

// TestProviderOverHTTP: a partner enters a customer and sets up how it buys from AWS, by the gateway.
func TestProviderOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	g := &profile{w: w, partner: kittest.Partner("partner-1", "par-1")}
	t.Run("GW-007 the partner creates the customer's profile and changes it", g.isEntered)
	t.Run("GW-007 before the provider is set up, an account request is refused with what is missing", g.takesNoRequest)
	t.Run("GW-007 an option that is not available, or a currency that is not sold in, is refused by its name", g.isRefused)
	t.Run("GW-007 the partner chooses among pricebooks by name and currency, and reads no price", g.choosesAmongNames)
	t.Run("GW-007 BIL-030 currency, pricebook and portal are set, and the customer reads them", g.isSetUp)
	t.Run("GW-007 BIL-031 the months are priced by the pricebook that the customer has", w.pricebookCounts)
}

type profile struct {
	w        *world
	partner  auth.Principal
	customer string
}

func (g *profile) path() string { return "/v1/customers/" + g.customer }

func (g *profile) isEntered(t *testing.T) {
	body := `{"customer": {"sellerId": "` + g.w.sellerID + `", "displayName": "Example GmbH", "countryCode": "DE", "currencyCode": "EUR"},
		"contacts": [{"givenName": "Pat", "familyName": "Example", "email": "pat@example.com",
		"roles": ["CONTACT_ROLE_PRIMARY", "CONTACT_ROLE_TECHNICAL"]}]}`
	created := g.w.must(t, g.partner, "POST", "/v1/customers", body)
	g.customer = created.at("customer", "customerId")
	if created.at("customer", "partnerId") != "par-1" || created.etag != `"1"` {
		t.Fatalf("created: %v", created)
	}
	read := map[string]string{"If-Match": created.etag}
	changed := g.w.sendWith(t, g.partner, "PATCH", g.path(), `{"displayName": "Example AG"}`, read)
	if changed.status != http.StatusOK || changed.at("customer", "displayName") != "Example AG" ||
		changed.at("customer", "countryCode") != "DE" {
		t.Errorf("changed: %v", changed)
	}
	g.w.sendWith(t, g.partner, "PATCH", g.path(), `{"displayName": "Example SE"}`, read).
		refuses(t, http.StatusPreconditionFailed, "ETAG_MISMATCH", false)
	g.w.send(t, g.partner, "PATCH", g.path(), `{"partnerId": "par-2"}`).refuses(t, http.StatusForbidden, "ROLE_DENIED", false)
	g.w.send(t, kittest.Partner("partner-2", "par-2"), "GET", g.path(), "").refuses(t, http.StatusForbidden, "CUSTOMER_DENIED", false)
}

func (g *profile) takesNoRequest(t *testing.T) {
	g.w.Settle(t)
	a := g.w.send(t, g.partner, "POST", "/v1/accountRequests", accountJSON(g.customer, "root-none@example.com"))
	a.refuses(t, http.StatusConflict, "PROVIDER_NOT_SET_UP", true)
	if a.at("where") != "CustomerService.SetProvider" {
		t.Errorf("it is to be mended at %q", a.at("where"))
	}
}

// providerJSON is a provider, with more members beside it.
func providerJSON(currency, pricebook, more string) string {
	return `{"provider": {"currencyCode": "` + currency + `", "pricebookId": "` + pricebook + `", "portalEnabled": true}` + more + `}`
}

const anyBook = "pbk_00000000000000000000000000"

func (g *profile) isRefused(t *testing.T) {
	for _, try := range []struct{ body, reason, field string }{
		{providerJSON("EUR", anyBook, `, "passRiOptimization": true`), "RI_PASS_THROUGH_UNAVAILABLE", "passRiOptimization"},
		{providerJSON("JPY", anyBook, ""), "CURRENCY_NOT_SERVED", "provider.currencyCode"},
		{providerJSON("EUR", anyBook, ""), "PRICEBOOK_UNKNOWN", "provider.pricebookId"},
		{providerJSON("EUR", g.w.bookIn(t, "CHF"), ""), "PRICEBOOK_CURRENCY_MISMATCH", "provider.pricebookId"},
	} {
		a := g.w.send(t, g.partner, "POST", g.path()+":setProvider", try.body)
		a.refuses(t, http.StatusBadRequest, try.reason, true)
		if v := a.list("violations"); len(v) != 1 || v[0].at("field") != try.field {
			t.Errorf("%s: the violations are %v", try.reason, v)
		}
	}
	if got := g.w.must(t, g.partner, "GET", g.path(), "").at("customer", "provider", "currencyCode"); got != "" {
		t.Errorf("a refused provider is kept: %s", got)
	}
}

// choosesAmongNames: what the reseller earns is none of a partner's business.
func (g *profile) choosesAmongNames(t *testing.T) {
	read := g.w.must(t, g.partner, "GET", "/v1/pricebooks?sellerId="+g.w.sellerID, "")
	books := read.list("pricebooks")
	if len(books) == 0 {
		t.Fatal("the partner can choose none")
	}
	for _, b := range books {
		if b.at("pricebookId") == "" || b.at("displayName") == "" || b.at("currencyCode") == "" ||
			len(b.list("rules")) > 0 || len(b.list("exchangeRates")) > 0 {
			t.Errorf("the partner reads %v", b)
		}
	}
	g.w.send(t, g.partner, "GET", "/v1/pricebooks/"+books[0].at("pricebookId"), "").refuses(t, http.StatusForbidden, "ROLE_DENIED", false)
}

// bookIn is a pricebook of the seller in another currency.
func (w *world) bookIn(t *testing.T, currency string) string {
	t.Helper()
	body := `{"sellerId": "` + w.sellerID + `", "displayName": "In ` + currency + `", "currencyCode": "` + currency + `"}`
	return w.must(t, kittest.Operator("operator-1"), "POST", "/v1/pricebooks", body).at("pricebook", "pricebookId")
}

func (g *profile) isSetUp(t *testing.T) {
	book := g.w.standardBook(t)
	g.w.must(t, g.partner, "POST", g.path()+":setProvider", providerJSON("EUR", book, ""))
	g.w.Settle(t)
	read := g.w.must(t, kittest.Customer("customer-1", g.customer), "GET", g.path(), "")
	if read.at("customer", "provider", "currencyCode") != "EUR" || read.at("customer", "provider", "pricebookId") != book {
		t.Errorf("the customer reads %v", read.body["customer"])
	}
	g.w.must(t, g.partner, "POST", "/v1/accountRequests", accountJSON(g.customer, "root-some@example.com"))
	hidden := `{"provider": {"currencyCode": "EUR", "pricebookId": "` + book + `", "portalEnabled": false}}`
	g.w.must(t, g.partner, "POST", g.path()+":setProvider", hidden)
	g.w.Settle(t)
	g.w.send(t, g.partner, "POST", "/v1/accountRequests", accountJSON(g.customer, "root-more@example.com")).
		refuses(t, http.StatusConflict, "PROVIDER_NOT_SET_UP", true)
}

// standardBook is the id of the seller's pricebook.
func (w *world) standardBook(t *testing.T) string {
	t.Helper()
	books := w.must(t, kittest.Operator("operator-1"), "GET", "/v1/pricebooks?sellerId="+w.sellerID, "").list("pricebooks")
	if len(books) == 0 {
		t.Fatal("the seller has no pricebook")
	}
	return books[len(books)-1].at("pricebookId")
}

// pricebookCounts: of two customers that use a hundred dollars, at 0.9215 by AWS, one has the seller's standard prices and the other a
// pricebook with ten percent off.
func (w *world) pricebookCounts(t *testing.T) {
	op := kittest.Operator("operator-1")
	book := w.must(t, op, "POST", "/v1/pricebooks", `{"sellerId": "`+w.sellerID+`", "displayName": "Ten percent off", "currencyCode": "EUR",
		"rules": [{"category": "CHARGE_CATEGORY_USAGE", "percent": "-10", "fromMonth": {"year": 2026, "month": 1}}],
		"exchangeRates": [{"sourceCurrencyCode": "USD", "rate": "0.5", "fromMonth": {"year": 2026, "month": 1}}]}`).at("pricebook", "pricebookId")
	standard, own := w.newCustomer(t), w.newCustomer(t)
	w.must(t, op, "POST", "/v1/customers/"+own.id+":setProvider", providerJSON("EUR", book, ""))
	orders := []string{standard.invited(t).GetOrderId(), own.invited(t).GetOrderId()}
	w.Advance(t, at(t, "2026-02-19T10:00:00Z"))
	for i, c := range []customer{standard, own} {
		c.accept(t)
		c.process(t, orders[i])
	}
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	standard.usesIn(t, calendar.Month{Year: 2026, Month: time.March})
	own.usesIn(t, calendar.Month{Year: 2026, Month: time.March})
	w.Advance(t, at(t, "2026-04-06T12:00:00Z"))
	for c, want := range map[customer]string{standard: "90.31", own: "82.94"} {
		all := w.must(t, c.principal(), "GET", "/v1/invoices", "").list("invoices")
		if len(all) != 1 || all[0].at("total", "amount") != want || all[0].at("total", "currencyCode") != "EUR" {
			t.Errorf("the invoices are %v, want one of %s", all, want)
		}
	}
}
