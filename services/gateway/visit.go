package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
)

// visit is one HTTP request as the checks on its gRPC call need it.
type visit struct {
	id     string // request id: in the answer, the log and the services' metadata
	query  url.Values
	header http.Header
}

type visitKey struct{}

// visitOf returns the visit of a context; empty outside of a request.
func visitOf(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit)
	return v
}

// enter is the outermost handler: it names the request, sets what every answer has, and writes one log line. Queries
// and bodies are not logged: they may hold personal data; of a path that begins like one of secrets no more than that.
func enter(log *slog.Logger, machine clock.Machine, secrets []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := machine.Now()
		query, unread := url.ParseQuery(r.URL.RawQuery)
		v := visit{id: r.Header.Get(headerRequestID), query: query, header: r.Header}
		if len(r.Header.Values(headerRequestID)) != 1 || !printable(v.id) {
			v.id = id.New("req")
		}
		h := w.Header()
		h.Set(headerRequestID, v.id)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		seen := &seenWriter{ResponseWriter: w, status: http.StatusOK}
		ctx := context.WithValue(r.Context(), visitKey{}, v)
		if r = r.WithContext(ctx); unread != nil { // what cannot be read must not be taken for not sent
			writeProblem(seen, r, errs.Wrap(unread, errs.Invalid, "REQUEST_INVALID", "the query cannot be read: %v", unread))
		} else {
			next.ServeHTTP(seen, r)
		}
		log.InfoContext(ctx, "http", "request", v.id, "method", r.Method, "path", shown(r.URL.Path, secrets),
			"status", seen.status, "duration", machine.Now().Sub(begun))
	})
}

// shown is a path as a log may hold it.
func shown(path string, secrets []string) string {
	for _, prefix := range secrets {
		if strings.HasPrefix(path, prefix) {
			return prefix + "…"
		}
	}
	return path
}

// seenWriter remembers the status for the log.
type seenWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (s *seenWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the flusher.
func (s *seenWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
