package servicenow

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	bodyMax   = 10 << 20 // bytes
	inputMax  = 2048     // bytes of a call's input that the log keeps
	tokenPath = "/oauth_token.do"
)

// request is a request that has been understood as far as it can be.
type request struct {
	id      string
	arrived time.Time // machine time
	method  string
	path    string
	base    string // address of the Table API as it was called, for links: "http://host/api/now/v2/table"
	version string // "v1", "v2"; empty: the newest
	table   string // empty: the path leads nowhere
	sysID   string // empty: the whole table
	params  url.Values
	header  http.Header
	body    []byte
	user    string // who says to be calling; empty: nobody
	refused *refusal
}

// receive reads a request. It is false when the caller went away in the middle: the instance has seen nothing.
func (s *Simulator) receive(r *http.Request) (request, bool) {
	req := request{
		id: uuid.NewString(), arrived: s.machine.Now().Time(), method: r.Method, path: r.URL.Path,
		params: r.URL.Query(), header: r.Header,
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMax))
	if err != nil {
		return req, false
	}
	req.body = body
	req.find(r)
	if req.path != tokenPath {
		req.user, req.refused = s.identify(r)
	}
	return req, true
}

// find splits /api/now[/version]/table/{table}[/{sys_id}].
func (r *request) find(from *http.Request) {
	rest, ok := strings.CutPrefix(r.path, "/api/now/")
	if !ok {
		return
	}
	if version, after, found := strings.Cut(rest, "/"); found && (version == "v1" || version == "v2") {
		r.version, rest = version, after
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	if parts[0] != "table" || len(parts) < 2 || len(parts) > 3 {
		return
	}
	r.table = parts[1]
	if len(parts) == 3 {
		r.sysID = parts[2]
	}
	scheme := "http"
	if from.TLS != nil {
		scheme = "https"
	}
	before, _, _ := strings.Cut(r.path, "/table/")
	r.base = scheme + "://" + from.Host + before + "/table"
}

// operation is what faults and the log call the request.
func (r *request) operation() string {
	switch {
	case r.table != "":
		return r.method + " " + r.table
	default:
		return r.method + " " + strings.TrimPrefix(r.path, "/")
	}
}

// input is what the log says of a request's content: its body, or its parameters. The token endpoint gets secrets.
func (r *request) input() string {
	var text []byte
	switch {
	case r.path == tokenPath:
		return ""
	case len(r.body) > 0:
		var line bytes.Buffer
		if json.Compact(&line, r.body) != nil {
			return ""
		}
		text = line.Bytes()
	default:
		flat := map[string]string{}
		for name := range r.params {
			flat[name] = r.params.Get(name)
		}
		text, _ = json.Marshal(flat) // strings alone: it cannot fail
	}
	return string(text[:min(len(text), inputMax)])
}
