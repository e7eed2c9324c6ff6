package servicenow

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/servicenow/instance"
)

// table carries a request to the Table API out.
func (s *Simulator) table(req request) answer {
	t := s.instance.Table(req.table)
	switch {
	case req.table == "":
		return refuse(http.StatusBadRequest, "Requested URI does not represent any resource", "").answer()
	case t == nil:
		return refuse(http.StatusBadRequest, "Invalid table "+req.table, "").answer()
	case !acceptsJSON(req.header.Get("Accept")):
		return refuse(http.StatusNotAcceptable, "Not acceptable", "Only application/json is produced").answer()
	}
	switch collection := req.sysID == ""; {
	case req.method == http.MethodGet && collection:
		return s.list(req)
	case req.method == http.MethodGet:
		return s.one(req)
	case req.method == http.MethodPost && collection:
		return s.insert(req, t)
	case (req.method == http.MethodPut || req.method == http.MethodPatch) && !collection:
		return s.update(req, t)
	case req.method == http.MethodDelete && !collection:
		return forbidden("ACL Exception Delete Failed due to security constraints")
	}
	return refuse(http.StatusMethodNotAllowed, "Method not supported", "").answer()
}

func (s *Simulator) one(req request) answer {
	row, ok := s.instance.Get(req.table, req.sysID)
	if !ok {
		return noRecord()
	}
	return result(http.StatusOK, s.shape(req, row))
}

func (s *Simulator) insert(req request, t *instance.Table) answer {
	values, refused := body(req)
	switch {
	case refused != nil:
		return refused.answer()
	case !t.Writable:
		return forbidden("ACL Exception Insert Failed due to security constraints")
	}
	row, err := s.instance.Insert(req.table, values, req.user)
	if err != nil {
		return s.failed(err)
	}
	a := result(http.StatusCreated, s.shape(req, row))
	a.header.Set("Location", req.base+"/"+req.table+"/"+row[instance.SysID])
	a.effect = true
	return a
}

func (s *Simulator) update(req request, t *instance.Table) answer {
	values, refused := body(req)
	switch {
	case refused != nil:
		return refused.answer()
	case !t.Writable:
		return forbidden("ACL Exception Update Failed due to security constraints")
	}
	row, changed, err := s.instance.Update(req.table, req.sysID, values, req.user)
	if err != nil {
		return s.failed(err)
	}
	a := result(http.StatusOK, s.shape(req, row))
	a.effect = changed
	return a
}

// body reads one JSON object. Numbers and booleans become the strings that fields hold.
func body(req request) (map[string]string, *refusal) {
	if kind, _, _ := strings.Cut(req.header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return nil, refuse(http.StatusUnsupportedMediaType, "Unsupported media type", "Only application/json is consumed")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(req.body, &raw); err != nil || raw == nil {
		return nil, refuse(http.StatusBadRequest, "Exception while reading request", "The payload is not valid JSON.")
	}
	values := map[string]string{}
	for name, value := range raw {
		var text string
		switch {
		case bytes.Equal(value, []byte("null")):
		case json.Unmarshal(value, &text) == nil:
		case bytes.ContainsAny(value[:1], "{["):
			return nil, refuse(http.StatusBadRequest, "Exception while reading request", "The field %s is no single value.", name)
		default:
			text = string(value)
		}
		values[name] = text
	}
	return values, nil
}

func acceptsJSON(accept string) bool {
	return accept == "" || strings.Contains(accept, "*/*") || strings.Contains(accept, "application/*") ||
		strings.Contains(accept, "application/json")
}

func forbidden(detail string) answer {
	return refuse(http.StatusForbidden, "Operation Failed", "%s", detail).answer()
}

func noRecord() answer {
	return refuse(http.StatusNotFound, "No Record found", "Record doesn't exist or ACL restricts the record retrieval").answer()
}

// failed tells what became of a write that the instance did not make.
func (s *Simulator) failed(err error) answer {
	e, ok := errs.As(err)
	switch {
	case ok && e.Kind == errs.NotFound:
		return noRecord()
	case ok && e.Kind == errs.Precondition:
		return forbidden(e.Message)
	}
	s.log.Error("the ServiceNow simulator failed", "error", err)
	return refuse(http.StatusInternalServerError, "Unknown error", "").answer()
}
