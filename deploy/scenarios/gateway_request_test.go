package scenarios_test

import (
	"net/http"
	"testing"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit/kittest"
)

// TestAccountRequestOverHTTP: a customer asks for a new account by the gateway, and Operations works the request there.
func TestAccountRequestOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := &asked{w: w, customer: w.setUp(t), op: kittest.Operator("operator-1")}
	t.Run("GW-008 a request that cannot be taken is refused with its field and what to do", r.isRefused)
	t.Run("GW-008 the request is submitted once and reviewed in its region", r.isSubmitted)
	t.Run("GW-008 information is asked for, and what came by mail is entered by Operations", r.isQuestioned)
	t.Run("GW-008 of two requests at once each goes its own way", r.isOneOfTwo)
	t.Run("GW-008 approved, the account is created and followed up until it is ready", r.isReady)
	t.Run("GW-008 the requests are listed a page at a time", r.isListed)
}

type asked struct {
	w        *world
	customer customer
	op       auth.Principal
	id       string
}

func (r *asked) path() string { return "/v1/accountRequests/" + r.id }

// accountJSON is a request for a new account, with more members of it.
func accountJSON(customerID, email string, more ...string) string {
	text := `{"accountRequest": {"customerId": "` + customerID + `", "nickname": "Example workloads", "supportType": "SUPPORT_TYPE_BASIC_NONE"`
	for _, m := range more {
		text += ", " + m
	}
	return text + `}, "rootEmail": "` + email + `", "mailboxConfirmed": true}`
}

func (r *asked) isRefused(t *testing.T) {
	p, stranger := r.customer.principal(), r.w.newCustomer(t)
	unread := `{"accountRequest": {"customerId": "` + r.customer.id + `", "nickname": "W", "supportType": "SUPPORT_TYPE_BUSINESS"},
		"rootEmail": "root-unread@example.com"}`
	for _, try := range []struct {
		body          string
		status        int
		reason, field string
	}{
		{unread, http.StatusBadRequest, "MAILBOX_NOT_CONFIRMED", "mailboxConfirmed"},
		{accountJSON(r.customer.id, "nobody"), http.StatusBadRequest, "REQUEST_INVALID", "rootEmail"},
		{
			accountJSON(r.customer.id, "root-9@example.com", `"region": "ATLANTIS"`), http.StatusBadRequest, "REGION_UNKNOWN",
			"accountRequest.region",
		},
		{accountJSON(stranger.id, "root-9@example.com"), http.StatusForbidden, "CUSTOMER_DENIED", ""},
	} {
		a := r.w.send(t, p, "POST", "/v1/accountRequests", try.body)
		a.refuses(t, try.status, try.reason, false)
		if v := a.list("violations"); try.field != "" && (len(v) != 1 || v[0].at("field") != try.field) {
			t.Errorf("%s: the violations are %v", try.reason, v)
		}
	}
}

func (r *asked) isSubmitted(t *testing.T) {
	p, key := r.customer.principal(), map[string]string{"Idempotency-Key": "account-" + r.customer.id}
	body := accountJSON(r.customer.id, "root-first@example.com", `"region": "NA"`)
	first := r.w.sendWith(t, p, "POST", "/v1/accountRequests", body, key)
	again := r.w.sendWith(t, p, "POST", "/v1/accountRequests", body, key)
	r.id = first.at("accountRequest", "accountRequestId")
	if first.status != http.StatusOK || r.id == "" || again.at("accountRequest", "accountRequestId") != r.id {
		t.Fatalf("the answers are %v and %v", first, again)
	}
	r.w.send(t, p, "POST", "/v1/accountRequests", accountJSON(r.customer.id, "Root-first@example.com")).
		refuses(t, http.StatusConflict, "ROOT_EMAIL_IN_USE", true)
	r.w.Settle(t)
	read := r.w.must(t, p, "GET", r.path(), "")
	if read.at("accountRequest", "state") != "ACCOUNT_REQUEST_STATE_IN_REVIEW" ||
		read.at("accountRequest", "waiting", "owner") != "PARTY_RESELLER" ||
		read.at("mailbox", "rootEmail") != "root-first@example.com" || read.etag != `"`+read.at("accountRequest", "etag")+`"` {
		t.Errorf("the customer reads %v", read)
	}
	r.w.send(t, r.w.newCustomer(t).principal(), "GET", r.path(), "").refuses(t, http.StatusNotFound, "NOT_FOUND", false)
	r.w.send(t, p, "POST", r.path()+":approve", "{}").refuses(t, http.StatusForbidden, "ROLE_DENIED", false)
}

func (r *asked) isQuestioned(t *testing.T) {
	p := r.customer.principal()
	r.w.must(t, r.op, "POST", r.path()+":requestInformation", `{"question": "Which cost centre?"}`)
	wait := r.w.must(t, p, "GET", r.path(), "")
	if wait.at("accountRequest", "waiting", "owner") != "PARTY_CUSTOMER" ||
		wait.at("accountRequest", "waiting", "what") != "Which cost centre?" ||
		wait.at("accountRequest", "waiting", "untilTime") == "" {
		t.Errorf("it waits for %v", wait.body)
	}
	r.w.send(t, r.op, "POST", r.path()+":approve", "{}").refuses(t, http.StatusConflict, "STATE_REFUSES", false)
	const byMail = `{"answer": "Cost centre 7.", "byMail": true}`
	r.w.send(t, p, "POST", r.path()+":provideInformation", byMail).refuses(t, http.StatusForbidden, "ROLE_DENIED", false)
	r.w.must(t, r.op, "POST", r.path()+":provideInformation", byMail)
	read := r.w.must(t, p, "GET", r.path(), "")
	if q := read.list("accountRequest", "questions"); read.at("accountRequest", "state") != "ACCOUNT_REQUEST_STATE_IN_REVIEW" || len(q) != 1 ||
		q[0].at("answer") != "Cost centre 7." || q[0].body["byMail"] != true {
		t.Errorf("the request is %v", read.body)
	}
}

func (r *asked) isOneOfTwo(t *testing.T) {
	p := r.customer.principal()
	second := r.w.must(t, p, "POST", "/v1/accountRequests", accountJSON(r.customer.id, "root-second@example.com")).
		at("accountRequest", "accountRequestId")
	r.w.Settle(t)
	r.w.send(t, r.op, "POST", "/v1/accountRequests/"+second+":reject", `{}`).refuses(t, http.StatusBadRequest, "FIELD_REQUIRED", false)
	r.w.must(t, r.op, "POST", "/v1/accountRequests/"+second+":reject", `{"reason": "One account is enough for now."}`)
	rejected := r.w.must(t, p, "GET", "/v1/accountRequests/"+second, "")
	if rejected.at("accountRequest", "state") != "ACCOUNT_REQUEST_STATE_REJECTED" || rejected.at("accountRequest", "endTime") == "" ||
		rejected.at("accountRequest", "decision", "reason") != "One account is enough for now." {
		t.Errorf("the customer reads %v", rejected.body)
	}
	if got := r.w.must(t, p, "GET", r.path(), "").at("accountRequest", "state"); got != "ACCOUNT_REQUEST_STATE_IN_REVIEW" {
		t.Errorf("the other one is %s", got)
	}
}

func (r *asked) isReady(t *testing.T) {
	p := r.customer.principal()
	r.w.must(t, r.op, "POST", r.path()+":approve", "{}")
	r.w.Settle(t)
	created := r.w.must(t, p, "GET", r.path(), "")
	account := created.at("accountRequest", "accountId")
	if created.at("accountRequest", "state") != "ACCOUNT_REQUEST_STATE_FOLLOW_UP" || len(account) != 12 ||
		created.at("accountRequest", "role", "externalId") == "" || created.at("accountRequest", "decision", "decidedBy", "subject") != "" {
		t.Fatalf("the request is %v", created.body)
	}
	r.w.must(t, p, "POST", r.path()+":confirmRootAccess", `{"evidence": "Signed in."}`)
	r.w.deploysRole(t, &acr{AccountId: account}, created.at("accountRequest", "role", "externalId"))
	r.w.must(t, p, "POST", r.path()+":validateRole", `{"roleArn": "`+accountRole(&acr{AccountId: account})+`"}`)
	r.w.Settle(t)
	r.w.must(t, r.op, "POST", r.path()+":setSupportPlanGroup", `{"supportPlanGroup": "SUPPORT_PLAN_GROUP_PASSTHROUGH"}`)
	r.w.Settle(t)
	if got := r.w.must(t, p, "GET", r.path(), ""); got.at("accountRequest", "state") != "ACCOUNT_REQUEST_STATE_READY" {
		t.Errorf("the request is %v", got.body)
	}
}

func (r *asked) isListed(t *testing.T) {
	p, seen := r.customer.principal(), []string{}
	for path := "/v1/accountRequests?pageSize=1"; ; {
		page := r.w.must(t, p, "GET", path, "")
		for _, one := range page.list("accountRequests") {
			seen = append(seen, one.at("state"))
		}
		token := page.at("nextPageToken")
		if token == "" || len(seen) > 2 {
			break
		}
		path = "/v1/accountRequests?pageSize=1&pageToken=" + token
	}
	if len(seen) != 2 || seen[0] != "ACCOUNT_REQUEST_STATE_REJECTED" || seen[1] != "ACCOUNT_REQUEST_STATE_READY" {
		t.Errorf("listed, newest first: %v", seen)
	}
	r.w.send(t, p, "GET", "/v1/accountRequests?pageToken=x", "").refuses(t, http.StatusBadRequest, "PAGE_TOKEN_INVALID", false)
	r.w.send(t, p, "GET", "/v1/accountRequests?escalated=true", "").refuses(t, http.StatusForbidden, "FILTER_DENIED", false)
}
