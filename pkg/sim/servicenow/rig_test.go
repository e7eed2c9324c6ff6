package servicenow_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/journal"
	"example.com/handover/pkg/sim/servicenow"
)

const (
	incidents = "/api/now/table/incident"
	cases     = "/api/now/table/sn_customerservice_case"
)

var now = time.Date(2026, 2, 16, 9, 0, 0, 700_000_000, time.UTC)

// rig is a simulator behind a real listener, called by the user "handover".
type rig struct {
	t       *testing.T
	clock   *clock.Business
	options servicenow.Options
	sim     *servicenow.Simulator
	server  *httptest.Server
}

func newRig(t *testing.T, change ...func(*servicenow.Options)) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewMovable(now)}
	r.options = servicenow.Options{
		Now: r.clock.Now, Users: map[string]string{"handover": "secret", "other": "secret"},
		OAuth: servicenow.OAuth{ClientID: "client", ClientSecret: "hush", User: "handover.api"},
	}
	for _, c := range change {
		c(&r.options)
	}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *rig) start() {
	r.t.Helper()
	sim, err := servicenow.New(r.options)
	if err != nil {
		r.t.Fatal(err)
	}
	r.sim, r.server = sim, httptest.NewServer(sim)
}

func (r *rig) stop() {
	if err := r.sim.Close(); err != nil { // first, for it ends the delays that the server would wait for
		r.t.Error(err)
	}
	r.server.Close()
}

// kept gives the rig a journal, so that restart has something to read.
func kept(t *testing.T) func(*servicenow.Options) {
	path := filepath.Join(t.TempDir(), "servicenow.ndjson")
	return func(o *servicenow.Options) { o.Journal = journal.Open(path) }
}

func (r *rig) restart() {
	r.t.Helper()
	r.stop()
	r.start()
}

func (r *rig) at(t time.Time) {
	r.t.Helper()
	if err := r.clock.Set(t); err != nil {
		r.t.Fatal(err)
	}
}

// reply is an answer that has been read.
type reply struct {
	status int
	header http.Header
	body   string
}

func as(user, password string) func(*http.Request) {
	return func(req *http.Request) { req.SetBasicAuth(user, password) }
}

func header(name, value string) func(*http.Request) {
	return func(req *http.Request) { req.Header.Set(name, value) }
}

// try sends a request with a JSON body; nil sends none.
func (r *rig) try(method, path string, body any, change ...func(*http.Request)) (reply, error) {
	r.t.Helper()
	var text io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			r.t.Fatal(err)
		}
		text = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+path, text)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("handover", "secret")
	for _, c := range change {
		c(req)
	}
	resp, err := r.server.Client().Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, string(data)}, err
}

func (r *rig) do(method, path string, body any, change ...func(*http.Request)) reply {
	r.t.Helper()
	got, err := r.try(method, path, body, change...)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

type values = map[string]any

// made creates a record and returns its fields.
func (r *rig) made(path string, body values) values {
	r.t.Helper()
	if body == nil {
		body = values{}
	}
	got := r.do(http.MethodPost, path, body)
	if got.status != http.StatusCreated {
		r.t.Fatalf("%d %s", got.status, got.body)
	}
	return r.record(got)
}

func (r *rig) record(got reply) values {
	r.t.Helper()
	var out struct{ Result values }
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || out.Result == nil {
		r.t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	return out.Result
}

// list reads a table with parameters in turn: name, value.
func (r *rig) list(path string, params ...string) ([]values, reply) {
	r.t.Helper()
	q := url.Values{}
	for i := 0; i < len(params); i += 2 {
		q.Set(params[i], params[i+1])
	}
	got := r.do(http.MethodGet, path+"?"+q.Encode(), nil)
	var out struct{ Result []values }
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || out.Result == nil {
		r.t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	return out.Result, got
}

// refused checks the envelope of an error.
func refused(t *testing.T, got reply, status int, message string) {
	t.Helper()
	var out struct {
		Error  struct{ Message, Detail string }
		Status string
	}
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || got.status != status || out.Error.Message != message ||
		out.Status != "failure" {
		t.Errorf("want %d %q, got %d %s", status, message, got.status, got.body)
	}
}

func reader(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }
