package gateway

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
)

const (
	domain      = "gateway" // of refusals that are the gateway's own
	mimeProblem = "application/problem+json"
)

// problem is an error as a problem document (RFC 9457).
type problem struct {
	Type       string            `json:"type"`   // urn:handover:problem:<domain>:<reason>
	Title      string            `json:"title"`  // the kind of failure, in words
	Status     int               `json:"status"` // of HTTP
	Detail     string            `json:"detail"`
	Instance   string            `json:"instance"` // the request id
	Reason     string            `json:"reason"`   // stable; from the domain's Reason enum
	Domain     string            `json:"domain"`   // the service that refused
	Violations []violation       `json:"violations,omitempty"`
	MustAct    string            `json:"mustAct,omitempty"` // who can mend it: a value of the contract's Party
	What       string            `json:"what,omitempty"`
	Where      string            `json:"where,omitempty"`
	Until      *time.Time        `json:"until,omitempty"`
	Meta       map[string]string `json:"meta,omitempty"`
}

// violation is one wrong field.
type violation struct {
	Field   string `json:"field"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func newProblem(e *errs.Error, request string) problem {
	p := problem{Detail: e.Message, Instance: request, Reason: e.Reason, Domain: e.Domain, Meta: jsonKeys(e.Meta)}
	p.Status, p.Title = statusOf(e)
	if p.Domain == "" {
		p.Domain = domain
	}
	p.Type = "urn:handover:problem:" + p.Domain + ":" + p.Reason
	for _, f := range e.Fields {
		p.Violations = append(p.Violations, violation{jsonPath(f.Path), f.Reason, f.Message})
	}
	if r := e.Remedy; r != nil {
		p.MustAct = party(r.Who)
		p.What, p.Where = text.Bare{}.Instruct(r.Text) // as the service has said it
		if !r.Until.IsZero() {
			p.Until = &r.Until
		}
	}
	return p
}

// statusOf is the one place that knows HTTP's codes. A few reasons have a code of their own.
func statusOf(e *errs.Error) (int, string) {
	switch e.Reason {
	case "ETAG_MISMATCH":
		return http.StatusPreconditionFailed, "Modified concurrently"
	case "REQUEST_LATE":
		return http.StatusRequestTimeout, "Request timeout"
	case "REQUEST_TOO_LARGE":
		return http.StatusRequestEntityTooLarge, "Content too large"
	case "CONTENT_TYPE_UNSUPPORTED":
		return http.StatusUnsupportedMediaType, "Unsupported media type"
	case "METHOD_NOT_ALLOWED":
		return http.StatusMethodNotAllowed, "Method not allowed"
	}
	return statusOfKind(e.Kind)
}

// statusClientGone is nginx's code for a caller that did not wait; there is no official one.
const statusClientGone = 499

func statusOfKind(k errs.Kind) (int, string) {
	switch k {
	case errs.Invalid:
		return http.StatusBadRequest, "Invalid request"
	case errs.NotFound:
		return http.StatusNotFound, "Not found"
	case errs.Exists:
		return http.StatusConflict, "Already exists"
	case errs.Precondition:
		return http.StatusConflict, "Failed precondition"
	case errs.Conflict:
		return http.StatusConflict, "Modified concurrently"
	case errs.Denied:
		return http.StatusForbidden, "Permission denied"
	case errs.Unauthenticated:
		return http.StatusUnauthorized, "Unauthenticated"
	case errs.Exhausted:
		return http.StatusTooManyRequests, "Too many requests"
	case errs.Unavailable:
		return http.StatusServiceUnavailable, "Service unavailable"
	case errs.Deadline:
		return http.StatusGatewayTimeout, "Gateway timeout"
	case errs.Cancelled:
		return statusClientGone, "Client closed request"
	case errs.Unimplemented:
		return http.StatusNotImplemented, "Not implemented"
	default:
		return http.StatusInternalServerError, "Internal error"
	}
}

// writeProblem is the only way an error leaves the gateway.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	e := own(err)
	h := w.Header()
	h.Del("ETag")
	h.Set("Content-Type", mimeProblem)
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	if e.Kind == errs.Unauthenticated {
		h.Set("WWW-Authenticate", "Bearer")
	}
	p := newProblem(e, visitOf(r.Context()).id)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // who has gone away needs no answer
}

// own gives an error that did not come from a service its reason. The library reports what it could not read as a
// bare status.
func own(err error) *errs.Error {
	if e, ok := errs.As(err); ok {
		return withoutTransport(e)
	}
	if s, ok := status.FromError(err); ok && s.Code() == codes.InvalidArgument {
		return unreadable(s.Message())
	}
	return errs.Wrap(err, errs.Internal, "INTERNAL", "internal error; the request id finds it in the log")
}

// withoutTransport keeps addresses and repetitions inside: what the gRPC library says of a service that is away is for
// the log. A service's own words follow the library's.
func withoutTransport(e *errs.Error) *errs.Error {
	if e.Kind != errs.Unavailable {
		return e
	}
	c := *e
	if i := strings.LastIndex(e.Message, "desc = "); i >= 0 {
		c.Message = e.Message[i+len("desc = "):]
	}
	if e.Domain == "" {
		c.Message = "a service is away; the same call may succeed later"
	}
	return &c
}

// unreadable finds the field in what protojson and the query parser say about a value they refuse.
func unreadable(text string) *errs.Error {
	// The library mixes plain and no-break spaces, to keep programs from depending on its words.
	text = strings.TrimSpace(strings.TrimPrefix(strings.ReplaceAll(text, "\u00a0", " "), "proto:"))
	reason := "JSON_INVALID"
	if strings.Contains(text, "unknown field") {
		reason = "FIELD_UNKNOWN"
	}
	e := errs.New(errs.Invalid, reason, "the request cannot be read: %s", text)
	named := regexp.MustCompile(`(?:unknown field|duplicate field|for \S+ field|parsing field|parameter:) "?([\w.]+)`)
	if found := named.FindStringSubmatch(text); found != nil {
		return e.WithField(found[1], reason, text)
	}
	return e
}

func writeCallError(log *slog.Logger) runtime.ErrorHandlerFunc {
	return func(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
		if e := own(err); e.Kind == errs.Internal && e.Domain == "" {
			log.ErrorContext(ctx, "internal error", "request", visitOf(ctx).id, "error", e)
		}
		writeProblem(w, r, err)
	}
}

func writeRoutingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, code int) {
	switch code {
	case http.StatusMethodNotAllowed:
		writeProblem(w, r, errs.New(errs.Unimplemented, "METHOD_NOT_ALLOWED", "%s is not for this path", r.Method))
	case http.StatusNotFound:
		writeProblem(w, r, errs.New(errs.NotFound, "ROUTE_UNKNOWN", "there is no such path; /docs lists them"))
	default:
		writeProblem(w, r, errs.New(errs.Invalid, "REQUEST_INVALID", "the path cannot be read"))
	}
}

// streamStatus packs an error in the middle of a stream, with the request id, for the codecs to unpack.
func streamStatus(ctx context.Context, err error) *status.Status {
	s := rpc.ToStatus(own(err), domain, nil)
	if detailed, err := s.WithDetails(&errdetails.RequestInfo{RequestId: visitOf(ctx).id}); err == nil {
		return detailed
	}
	return s
}
