package servicenow_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/sim/fault"
	simulated "example.com/handover/pkg/sim/servicenow"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// TestWhatAnAnswerProves: a class says whether the record may be there, and the instance says whether it is.
func TestWhatAnAnswerProves(t *testing.T) {
	const post = "POST sn_customerservice_case"
	for name, c := range map[string]struct {
		fault   fault.Fault
		class   intent.Class
		records int
	}{
		"done":              {fault.Fault{Operation: "GET sys_choice", Kind: fault.Throttle}, intent.Done, 1},
		"lost answer":       {fault.Fault{Operation: post, Kind: fault.LostAnswer, Times: 1}, intent.Unanswered, 1},
		"page of HTML, 503": {fault.Fault{Operation: post, Kind: fault.ServerError, Times: 1}, intent.Unanswered, 0},
		"too many calls":    {fault.Fault{Operation: post, Kind: fault.Throttle, Times: 1}, intent.Later, 0},
		"slow":              {fault.Fault{Operation: post, Kind: fault.Slow, Delay: time.Minute, Times: 1}, intent.Unanswered, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(_ *simulated.Options, config *servicenow.Config) {
				if c.fault.Kind == fault.Slow {
					config.Timeout = 300 * time.Millisecond
				}
			})
			r.fault(c.fault)
			_, err := r.client.Create(t.Context(), problem(), problem().Title, problem().Description)
			r.class(err, c.class)
			if n := len(r.sim.Records("", "cas_1")); n != c.records {
				t.Errorf("%d records", n)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	r := newRig(t)
	seen := r.create()
	_, err := r.client.Read(t.Context(), cases.Ref{Table: cases.TableCase, SysID: "0"})
	r.class(err, intent.Refused)
	if err := r.sim.Update(seen.SysID, map[string]string{"state": "3"}); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.Comment(t.Context(), seen.Ref, "too late")
	r.class(err, intent.Refused)
	if e := servicenow.Classify(err); e.Status != http.StatusForbidden || e.Message == "" {
		t.Errorf("%+v", e)
	}
	wrong := r.config
	wrong.Password = func() string { return "wrong" }
	_, err = servicenow.New(wrong).Read(t.Context(), seen.Ref)
	r.class(err, intent.Denied)
	wrong.URL = "http://127.0.0.1:1"
	_, err = servicenow.New(wrong).Read(t.Context(), seen.Ref)
	r.class(err, intent.Later)
}

// TestPauseIsForAll: what an instance asks of one call holds for all.
func TestPauseIsForAll(t *testing.T) {
	r := newRig(t)
	seen := r.create()
	r.fault(fault.Fault{Operation: "PATCH sn_customerservice_case", Kind: fault.Throttle, Times: 1})
	_, err := r.client.Comment(t.Context(), seen.Ref, "hello")
	if e := servicenow.Classify(err); e.Class != intent.Later || e.RetryAfter != time.Second {
		t.Fatalf("%+v", e)
	}
	before := len(r.sim.Calls(fault.CallQuery{}))
	_, err = r.client.Read(t.Context(), seen.Ref)
	if e := servicenow.Classify(err); e.Class != intent.Later || e.RetryAfter <= 0 || e.RetryAfter > time.Second {
		t.Errorf("%+v", e)
	}
	if n := len(r.sim.Calls(fault.CallQuery{})) - before; n != 0 {
		t.Errorf("%d calls during the pause", n)
	}
}

func TestGateKeepsCallsBack(t *testing.T) {
	limit := errs.New(errs.Exhausted, "RATE_LIMITED", "enough")
	limit.RetryAfter = time.Minute
	for reason, advised := range map[error]time.Duration{limit: time.Minute, errors.New("no database"): 0} {
		r := newRig(t, func(_ *simulated.Options, c *servicenow.Config) {
			c.Gate = func(context.Context) error { return reason }
		})
		_, err := r.client.Create(t.Context(), problem(), problem().Title, problem().Description)
		r.class(err, intent.Later)
		if e := servicenow.Classify(err); e.RetryAfter != advised || !errors.Is(err, reason) {
			t.Errorf("%+v", e)
		}
		if n := len(r.sim.Calls(fault.CallQuery{})); n != 0 {
			t.Errorf("%d calls passed the gate", n)
		}
	}
}

// TestAnswersToAnotherQuestion: an instance that ignores a part of a query, or leads to a login, proves nothing.
func TestAnswersToAnotherQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		class  intent.Class
	}{
		"all records": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"result":[{"sys_id":"a1","correlation_id":"another","state":"1"}]}`))
		}, intent.Refused},
		"a login": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login.do", http.StatusFound) }, intent.Unanswered},
		"a page":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, intent.Unanswered},
	} {
		server := httptest.NewServer(c.answer)
		found, err := servicenow.New(servicenow.Config{URL: server.URL, Table: cases.TableCase}).Find(t.Context(), "cas_1")
		if got := servicenow.Classify(err).Class; got != c.class || len(found) != 0 {
			t.Errorf("%s: %v, %v", name, found, err)
		}
		server.Close()
	}
}

// TestErrorsWithAGoodStatus: an instance that gives up in the middle of an answer has sent its status before. Nothing can be
// concluded from what it sent: not that there is no record, nor that there is one alone, nor that nothing was said.
func TestErrorsWithAGoodStatus(t *testing.T) {
	const cancelled = `"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"see the log"},"status":"failure"`
	ref := cases.Ref{Table: cases.TableCase, SysID: "a1"}
	calls := map[string]func(*servicenow.Client) error{
		"find": func(c *servicenow.Client) error { _, err := c.Find(t.Context(), "cas_1"); return err },
		"create": func(c *servicenow.Client) error {
			_, err := c.Create(t.Context(), problem(), problem().Title, problem().Description)
			return err
		},
		"read":    func(c *servicenow.Client) error { _, err := c.Read(t.Context(), ref); return err },
		"comment": func(c *servicenow.Client) error { _, err := c.Comment(t.Context(), ref, "Hello?"); return err },
		"resolve": func(c *servicenow.Client) error { _, err := c.Resolve(t.Context(), ref, "done"); return err },
		"journal": func(c *servicenow.Client) error { _, err := c.Journal(t.Context(), ref); return err },
		"said":    func(c *servicenow.Client) error { _, err := c.Said(t.Context(), ref, "Hello?"); return err },
	}
	for _, body := range []string{
		`{"result":[],` + cancelled + `}`, `{` + cancelled + `}`, `{"result":null}`, `{}`,
		`{"result":{"sys_id":"a1","state":"1"},` + cancelled + `}`,
		`{"result":[{"sys_id":"a1","correlation_id":"cas_1","state":"1"}],` + cancelled + `}`, `{"result":[],"status":"failure"}`,
		`{"result":[],"error":"Transaction cancelled"}`, `{"result":["Transaction cancelled"]}`, `{"result":[]}{"error":{}}`, ``,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		client := servicenow.New(servicenow.Config{URL: server.URL, Table: cases.TableCase, User: "handover"})
		for name, call := range calls {
			if e := servicenow.Classify(call(client)); e.Class != intent.Unanswered {
				t.Errorf("%s is answered with %s: %s", name, body, e.Class)
			} else if strings.Contains(body, "maximum") && !strings.Contains(e.Message, "maximum execution time") {
				t.Errorf("%s is answered with %s: told is %q", name, body, e.Message)
			}
		}
		server.Close()
	}
}

// TestNoTokenWithAGoodStatus: without a token the call was not made, whatever the status says.
func TestNoTokenWithAGoodStatus(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/oauth_token.do" {
			calls++
		}
		_, _ = w.Write([]byte(`{"error":"server_error","error_description":"access_denied"}`))
	}))
	defer server.Close()
	secret := func() string { return "hush" }
	_, err := servicenow.New(servicenow.Config{URL: server.URL, ClientID: "client", ClientSecret: secret}).Find(t.Context(), "cas_1")
	if e := servicenow.Classify(err); e.Class != intent.Denied || calls != 0 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// TestNumbersInAllShapes: how often a record has changed may come without quotes, or written for people.
func TestNumbersInAllShapes(t *testing.T) {
	for written, want := range map[string]int64{`"3"`: 3, `3`: 3, `"1,234"`: 1234, `"1.234"`: 1234, `"1'234"`: 1234, `""`: 0} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"result":{"sys_id":"a1","state":10,"sys_mod_count":` + written + `}}`))
		}))
		seen, err := servicenow.New(servicenow.Config{URL: server.URL}).Read(t.Context(), cases.Ref{Table: cases.TableCase, SysID: "a1"})
		if err != nil || seen.ModCount != want || seen.Means() != cases.Open {
			t.Errorf("%s: %+v, %v", written, seen, err)
		}
		server.Close()
	}
}

// TestReferencesInBothShapes: an instance may answer with links although it was asked for plain values.
func TestReferencesInBothShapes(t *testing.T) {
	for _, account := range []string{`"b2"`, `{"link":"https://example.service-now.com/b2","value":"b2"}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"result":{"sys_id":"a1","state":"10","sys_mod_count":"3","account":` + account + `}}`))
		}))
		ref := cases.Ref{Table: cases.TableCase, SysID: "a1"}
		seen, err := servicenow.New(servicenow.Config{URL: server.URL}).Read(t.Context(), ref)
		if err != nil || seen.AccountSysID != "b2" || seen.ModCount != 3 || seen.Means() != cases.Open {
			t.Errorf("%s: %+v, %v", account, seen, err)
		}
		server.Close()
	}
}
