package servicenow

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"example.com/handover/pkg/sim/fault"
)

// answer is what goes back, and what the log keeps of it.
type answer struct {
	status int
	header http.Header
	body   []byte
	reason string // the message of an error
	effect bool   // something was changed
}

// result wraps what was asked for in the Table API's envelope.
func result(status int, value any) answer {
	return document(status, map[string]any{"result": value})
}

func document(status int, value any) answer {
	body, err := json.Marshal(value)
	if err != nil {
		return (&refusal{status: http.StatusInternalServerError, message: "Unknown error", detail: err.Error()}).answer()
	}
	return answer{status: status, header: http.Header{"Content-Type": {"application/json;charset=UTF-8"}}, body: body}
}

// outcome is what the log calls an answer: OK, or the status.
func (a answer) outcome() string {
	if a.status < http.StatusBadRequest {
		return fault.OK
	}
	return strconv.Itoa(a.status)
}

func (a answer) writeTo(w http.ResponseWriter, req request) error {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("X-Transaction-Id", req.id)
	if req.header.Get("X-No-Response-Body") == "true" && a.status < http.StatusBadRequest {
		w.WriteHeader(a.status)
		return nil
	}
	w.WriteHeader(a.status)
	_, err := w.Write(a.body)
	return err
}

// refusal is an error of the Table API.
type refusal struct {
	status          int
	message, detail string
}

func refuse(status int, message, format string, args ...any) *refusal {
	return &refusal{status, message, fmt.Sprintf(format, args...)}
}

func (r *refusal) answer() answer {
	a := document(r.status, map[string]any{
		"error": map[string]string{"message": r.message, "detail": r.detail}, "status": "failure",
	})
	a.reason = r.message
	if r.status == http.StatusUnauthorized {
		a.header.Set("WWW-Authenticate", `BASIC realm="Service-now"`)
	}
	return a
}

// throttled tells the caller to come back after d, in whole seconds.
func throttled(d time.Duration, detail string) answer {
	a := refuse(http.StatusTooManyRequests, "Rate limit exceeded", "%s", detail).answer()
	a.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(d.Seconds()))))
	return a
}

// unavailable is what a caller meets in front of an instance that hibernates or is upgraded: no JSON.
func unavailable() answer {
	return answer{
		status: http.StatusServiceUnavailable, reason: "Service Unavailable",
		header: http.Header{"Content-Type": {"text/html;charset=UTF-8"}},
		body:   []byte("<html><head><title>503 Service Unavailable</title></head><body><h1>The instance is not available</h1></body></html>\n"),
	}
}
