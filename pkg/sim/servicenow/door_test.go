package servicenow_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/servicenow"
)

var anyCall = fault.CallQuery{}

func TestRequestsThatAreNotUnderstood(t *testing.T) {
	r := newRig(t)
	id := r.made(incidents, values{})["sys_id"].(string)
	text := func(body, kind string) func(*http.Request) {
		return func(req *http.Request) {
			req.Body, req.ContentLength = reader(body), int64(len(body))
			req.Header.Set("Content-Type", kind)
		}
	}
	for name, c := range map[string]struct {
		got     reply
		status  int
		message string
	}{
		"nobody":         {r.do(http.MethodGet, incidents, nil, header("Authorization", "")), 401, "User Not Authenticated"},
		"wrong password": {r.do(http.MethodGet, incidents, nil, as("handover", "x")), 401, "User Not Authenticated"},
		"unknown token":  {r.do(http.MethodGet, incidents, nil, header("Authorization", "Bearer x")), 401, "User Not Authenticated"},
		"no such record": {r.do(http.MethodGet, incidents+"/0", nil), 404, "No Record found"},
		"change of none": {r.do(http.MethodPatch, incidents+"/0", values{"state": "2"}), 404, "No Record found"},
		"no such table":  {r.do(http.MethodGet, "/api/now/table/invoice", nil), 400, "Invalid table invoice"},
		"no such path":   {r.do(http.MethodGet, "/api/now/import/x", nil), 400, "Requested URI does not represent any resource"},
		"wrong verb":     {r.do(http.MethodPost, incidents+"/"+id, values{}), 405, "Method not supported"},
		"delete":         {r.do(http.MethodDelete, incidents+"/"+id, nil), 403, "Operation Failed"},
		"no JSON wanted": {r.do(http.MethodGet, incidents, nil, header("Accept", "text/csv")), 406, "Not acceptable"},
		"form": {
			r.do(http.MethodPost, incidents, nil, text("a=b", "application/x-www-form-urlencoded")), 415, "Unsupported media type",
		},
		"broken JSON": {r.do(http.MethodPost, incidents, nil, text("{", "application/json")), 400, "Exception while reading request"},
		"several at once": {
			r.do(http.MethodPost, incidents, nil, text("[{}]", "application/json")), 400, "Exception while reading request",
		},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.got, c.status, c.message) })
	}
	if n := len(r.sim.Records("incident", "")); n != 1 {
		t.Errorf("%d records", n)
	}
}

func TestBodyCanBeLeftOut(t *testing.T) {
	r := newRig(t)
	got := r.do(http.MethodPost, incidents, values{}, header("X-no-response-body", "true"))
	if got.status != http.StatusCreated || got.body != "" || got.header.Get("Location") == "" {
		t.Errorf("%+v", got)
	}
}

func TestClientCredentials(t *testing.T) {
	r := newRig(t)
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {"client"}, "client_secret": {"hush"}}
	var token struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		TokenType    string `json:"token_type"`
		ExpiresIn    int    `json:"expires_in"`
	}
	got := r.token(good)
	if err := json.Unmarshal([]byte(got.body), &token); err != nil || token.TokenType != "Bearer" || token.ExpiresIn != 1799 ||
		token.RefreshToken != "" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	bearer := header("Authorization", "Bearer "+token.AccessToken)
	made := r.record(r.do(http.MethodPost, incidents, values{}, bearer))
	shows(t, made, values{"sys_created_by": "handover.api"})
	r.at(now.Add(24 * time.Hour)) // business time does not end a token
	if got := r.do(http.MethodGet, incidents, nil, bearer); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	r.sim.RevokeTokens()
	refused(t, r.do(http.MethodGet, incidents, nil, bearer), http.StatusUnauthorized, "User Not Authenticated")

	for field, status := range map[string]int{"client_secret": 401, "client_id": 401, "grant_type": 400} {
		bad := url.Values{}
		for name, v := range good {
			bad[name] = v
		}
		bad.Set(field, "wrong")
		if got := r.token(bad); got.status != status || !strings.Contains(got.body, `"error"`) {
			t.Errorf("%s: %d %s", field, got.status, got.body)
		}
	}
	for _, c := range r.sim.Calls(fault.CallQuery{Operation: "POST oauth_token.do"}) {
		if c.Input != "" {
			t.Errorf("the log holds a secret: %s", c.Input)
		}
	}
}

func TestTokensExpire(t *testing.T) {
	r := newRig(t, func(o *servicenow.Options) { o.OAuth.Lifetime = time.Nanosecond })
	var token struct {
		AccessToken string `json:"access_token"`
	}
	got := r.token(url.Values{"grant_type": {"client_credentials"}, "client_id": {"client"}, "client_secret": {"hush"}})
	if err := json.Unmarshal([]byte(got.body), &token); err != nil || token.AccessToken == "" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	refused(
		t, r.do(http.MethodGet, incidents, nil, header("Authorization", "Bearer "+token.AccessToken)), http.StatusUnauthorized,
		"User Not Authenticated",
	)
}

func (r *rig) token(form url.Values) reply {
	r.t.Helper()
	return r.do(http.MethodPost, "/oauth_token.do", nil, func(req *http.Request) {
		req.Header.Del("Authorization")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Body, req.ContentLength = reader(form.Encode()), int64(len(form.Encode()))
	})
}

func TestHourlyLimitIsPerUser(t *testing.T) {
	r := newRig(t, func(o *servicenow.Options) { o.HourlyLimit = 2 })
	before := clock.Machine{}.Now().Time()
	var last reply
	for range 3 {
		last = r.do(http.MethodGet, incidents, nil)
		reset, err := strconv.ParseInt(last.header.Get("X-RateLimit-Reset"), 10, 64)
		if err != nil || !time.Unix(reset, 0).After(before) || last.header.Get("X-RateLimit-Limit") != "2" ||
			len(last.header.Get("X-RateLimit-Rule")) != 32 {
			t.Fatalf("headers %v", last.header)
		}
	}
	refused(t, last, http.StatusTooManyRequests, "Rate limit exceeded")
	if wait, err := strconv.Atoi(last.header.Get("Retry-After")); err != nil || wait < 1 || wait > 3600 {
		t.Errorf("Retry-After %q", last.header.Get("Retry-After"))
	}
	if got := r.do(http.MethodGet, incidents, nil, as("other", "secret")); got.status != http.StatusOK {
		t.Errorf("another user: %d", got.status)
	}
}
