package scenarios_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/kit/kittest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestGuidance: the links to pages that help are shown where they are needed, as Operations has set them.
func TestGuidance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("GW-011 a link that nobody has set is left out", w.noGuidance)
	if err := w.op(t).SetGuidance(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	c := w.newCustomer(t)
	var order string
	t.Run("GW-011 the wizard shows the guides of each option and the support levels", func(t *testing.T) { c.wizardGuides(t) })
	t.Run("GW-011 an order shows the guide of its option, and its steps the page about the roles", func(t *testing.T) {
		order = c.orderGuides(t)
	})
	t.Run("GW-011 a request for an account shows the training to the partner alone", w.trainingIsForPartners)
	t.Run("GW-011 the reminder of the roles has the page, in the reader's language", func(t *testing.T) { c.mailGuides(t, order) })
	t.Run("GW-011 a broken page is refused, and one that Operations has replaced ends on its day", func(t *testing.T) { c.pageEnds(t, order) })
}

// keys are those of links, with the languages that are not English.
func keys(links []answer) string {
	all := make([]string, len(links))
	for i, l := range links {
		all[i] = l.at("pageKey")
		if lang := l.at("language"); lang != "en" {
			all[i] += "/" + lang
		}
		if !strings.HasPrefix(l.at("uri"), "https://") || l.at("title") == "" {
			all[i] += " is broken"
		}
	}
	return strings.Join(all, " ")
}

func (w *world) noGuidance(t *testing.T) {
	c := w.newCustomer(t)
	p, order := c.principal(), c.draft(t).GetOrderId()
	for path, within := range map[string][]string{
		"/v1/products": {"products"}, "/v1/orders/" + order + "/steps": {"steps"},
	} {
		for _, one := range w.must(t, p, "GET", path, "").list(within...) {
			if found := one.list("guidanceLinks"); len(found) > 0 {
				t.Errorf("%s shows %v", path, found)
			}
		}
	}
	if found := w.must(t, p, "GET", "/v1/orders/"+order, "").list("order", "guidanceLinks"); len(found) > 0 {
		t.Errorf("the order shows %v", found)
	}
}

func (c customer) wizardGuides(t *testing.T) {
	products := c.w.must(t, c.principal(), "GET", "/v1/products", "").list("products")
	links := products[0].list("guidanceLinks")
	if got := keys(links); got != "organization-guide sign-up-guide support-levels transfer-guide" {
		t.Errorf("the wizard shows %s", got)
	}
	if got := links[3].at("templateKey"); got != "billing-transfer-existing" {
		t.Errorf("the transfer guide stands beside %q", got)
	}
	asked := c.w.must(t, c.principal(), "GET", "/v1/guidance?productId="+actors.Product+"&templateKey=billing-transfer-new", "")
	if got := keys(asked.list("guidanceLinks")); got != "organization-guide sign-up-guide support-levels" {
		t.Errorf("for a new account it shows %s", got)
	}
}

// stepGuides are the links at a step, of a list of steps.
func stepGuides(steps []answer, key string) string {
	for _, s := range steps {
		if s.at("key") == key {
			return keys(s.list("guidanceLinks"))
		}
	}
	return "no step"
}

func (c customer) orderGuides(t *testing.T) string {
	p, order := c.principal(), c.draft(t).GetOrderId()
	read := func() {
		t.Helper()
		if got := keys(c.w.must(t, p, "GET", "/v1/orders/"+order, "").list("order", "guidanceLinks")); got != "support-levels transfer-guide" {
			t.Errorf("the order shows %s", got)
		}
		if got := stepGuides(c.w.must(t, p, "GET", "/v1/orders/"+order+"/steps", "").list("steps"), "deploy-roles"); got != "role-page" {
			t.Errorf("the step shows %s", got)
		}
	}
	read()
	if _, err := c.submit(t, order); err != nil {
		t.Fatal(err)
	}
	c.w.Settle(t)
	read()
	transfer, language := "/v1/transfers/"+c.w.order(t, order).GetTransferId(), map[string]string{"Accept-Language": "de-CH, en;q=0.5"}
	german := c.w.sendWith(t, p, "GET", transfer, "", language)
	if got := stepGuides(german.list("transfer", "steps"), "deploy-roles"); got != "role-page/de" {
		t.Errorf("in German the transfer shows %s", got)
	}
	return order
}

func (w *world) trainingIsForPartners(t *testing.T) {
	c := w.setUp(t)
	path := "/v1/accountRequests/" + c.asksForAccount(t).GetAccountRequestId()
	if found := w.must(t, c.principal(), "GET", path, "").list("accountRequest", "guidanceLinks"); len(found) > 0 {
		t.Errorf("the customer is shown %v", found)
	}
	shown := w.must(t, kittest.Operator("operator-1"), "GET", path, "")
	if got := keys(shown.list("accountRequest", "guidanceLinks")); got != "account-training" {
		t.Errorf("Operations is shown %s", got)
	}
	asked := w.must(t, kittest.Partner("partner-1", "par-1"), "GET", "/v1/guidance?templateKey=account-request", "")
	if got := keys(asked.list("guidanceLinks")); got != "account-training" {
		t.Errorf("a partner is shown %s", got)
	}
}

func (c customer) mailGuides(t *testing.T, order string) {
	c.accept(t)
	c.process(t, order)
	c.acceptTerm(t)
	c.process(t, order)
	c.w.Advance(t, c.w.Now(t).Add(72*time.Hour))
	found := 0
	for _, m := range c.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", Subject: "deploy the roles", WithText: true}) {
		if mentions(m.GetText(), "These pages help", "What the Bootstrap Role is for: https://docs.handover.example/roles") {
			found++
		}
	}
	if found == 0 {
		t.Error("no mail about the roles names the page")
	}
}

func (c customer) pageEnds(t *testing.T, order string) {
	op, path := kittest.Operator("operator-1"), "/v1/guidancePages/role-page:set"
	page := func(uri, more string) string {
		return `{"reason": "It moved.", "page": {"stepKey": "deploy-roles",
			"texts": [{"language": "en", "title": "Roles", "uri": "` + uri + `"}]` + more + `}}`
	}
	c.w.send(t, op, "POST", path, page("javascript:alert(1)", "")).refuses(t, http.StatusBadRequest, "REQUEST_INVALID", false)
	c.w.send(t, op, "POST", path, page("http://plain.example", "")).refuses(t, http.StatusBadRequest, "REQUEST_INVALID", false)
	c.w.send(t, op, "POST", path, page("https://new.example", `, "productId": "`+actors.Product+`"`)).
		refuses(t, http.StatusBadRequest, "FIELD_REQUIRED", true)
	c.w.send(t, c.principal(), "POST", path, page("https://new.example", "")).refuses(t, http.StatusForbidden, "ROLE_DENIED", false)
	end := c.w.Now(t).Add(24 * time.Hour)
	set := c.w.must(t, op, "POST", path, page("https://new.example", `, "validUntilTime": "`+end.Format("2006-01-02T15:04:05Z")+`"`))
	c.w.sendWith(t, op, "POST", path, page("https://newer.example", ""), map[string]string{"If-Match": `"1"`}).
		refuses(t, http.StatusPreconditionFailed, "ETAG_MISMATCH", false)
	if set.at("page", "changeReason") != "It moved." {
		t.Errorf("the page is %v", set.body)
	}
	c.w.Settle(t)
	transfer := "/v1/transfers/" + c.w.order(t, order).GetTransferId()
	shown := func() string {
		return stepGuides(c.w.must(t, c.principal(), "GET", transfer, "").list("transfer", "steps"), "deploy-roles")
	}
	if got := shown(); got != "role-page" {
		t.Errorf("before its end it shows %s", got)
	}
	c.w.Advance(t, end)
	if got := shown(); got != "" {
		t.Errorf("after its end it shows %s", got)
	}
	kept, err := c.w.Catalog.ListGuidancePages(c.w.operator(t), &ordersv1.ListGuidancePagesRequest{PageSize: 500})
	if err != nil || len(kept.GetPages()) != len(actors.Guidance()) {
		t.Errorf("kept are %v, %v", kept.GetPages(), err)
	}
}
