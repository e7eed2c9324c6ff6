package gateway

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
)

// Headers of HTTP that have a meaning here, in canonical form.
const (
	headerKey       = "Idempotency-Key"
	headerRequestID = "X-Request-Id"
	headerReason    = "X-Handover-Reason"
	headerMatch     = "If-Match"
	headerLanguage  = "Accept-Language"
	headerLastEvent = "Last-Event-Id"
)

// incomingHeader says which headers travel on. The library passes Authorization on itself, unchanged. Everything else
// stays outside: nobody there may show a workload's token or act on another's behalf.
func incomingHeader(name string) (string, bool) {
	switch name {
	case headerKey:
		return rpc.HeaderKey, true
	case headerReason:
		return auth.HeaderReason, true
	case headerLanguage:
		return rpc.HeaderLanguage, true
	}
	return "", false
}

// noHeader keeps the services' metadata inside; the gateway sets its own headers.
func noHeader(string) (string, bool) { return "", false }

// requestMetadata gives the services the request id that the answer and the log have.
func requestMetadata(ctx context.Context, _ *http.Request) metadata.MD {
	return metadata.Pairs(rpc.HeaderRequestID, visitOf(ctx).id)
}

// checkPerson refuses a call that shows no token before its body is read: the gateway itself must never be taken for
// the caller. What the contract opens to link bearers needs none, for the link is in the request; but one that is shown
// is passed on and must be good.
func checkPerson(h http.Header, v verb) error {
	if v.open && len(h.Values("Authorization")) == 0 {
		return nil
	}
	if strings.TrimSpace(h.Get("Authorization")) == "" {
		return errs.New(errs.Unauthenticated, "UNAUTHENTICATED", "send the header Authorization: Bearer <token>")
	}
	return nil
}

// checkKey refuses a write without an idempotency key: a browser or proxy may repeat a request that was not answered.
func checkKey(h http.Header) error {
	switch keys := h.Values(headerKey); {
	case len(keys) == 0:
		return errs.New(errs.Invalid, "IDEMPOTENCY_KEY_REQUIRED",
			"send the header %s: 1 to 128 visible characters, a new one for every intended effect", headerKey)
	case len(keys) > 1 || !printable(keys[0]):
		return errs.New(errs.Invalid, "IDEMPOTENCY_KEY_INVALID", "%s must be one value of 1 to 128 visible ASCII characters", headerKey)
	}
	return nil
}

// printable reports whether s is 1 to 128 characters of visible ASCII.
func printable(s string) bool {
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// ifMatchIn puts If-Match into the request's etag. "*" means any revision, as an empty etag does.
func ifMatchIn(h http.Header, v verb, m protoreflect.Message) error {
	wanted := h.Get(headerMatch)
	if wanted == "" || wanted == "*" {
		return nil
	}
	tag, ok := unquote(wanted)
	f := v.etag()
	switch {
	case len(h.Values(headerMatch)) > 1 || !ok:
		return errs.InvalidField(headerMatch, "HEADER_INVALID", "%s must be one entity tag in quotes, as an ETag header gave it", headerMatch)
	case f == nil:
		return errs.InvalidField(headerMatch, "HEADER_INVALID", "%s takes no %s", v.method.Name(), headerMatch)
	}
	if given := m.Get(f).String(); given != "" && given != tag {
		return errs.InvalidField("etag", "HEADER_INVALID", "etag and %s differ", headerMatch)
	}
	m.Set(f, protoreflect.ValueOfString(tag))
	return nil
}

// unquote returns what is between the quotes of one strong entity tag.
func unquote(tag string) (string, bool) {
	inner, opened := strings.CutPrefix(tag, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	return inner, opened && closed && inner != "" && !strings.Contains(inner, `"`)
}

// etagOut shows the revision of the one resource in an answer.
func etagOut(_ context.Context, w http.ResponseWriter, m proto.Message) error {
	if m == nil {
		return nil
	}
	m.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if f.Message() == nil || f.IsList() || f.IsMap() {
			return true
		}
		if etag := field(value.Message(), "etag", protoreflect.StringKind); etag != nil {
			w.Header().Set("ETag", strconv.Quote(value.Message().Get(etag).String()))
		}
		return true
	})
	return nil
}

// lastEventIn lets a browser that was cut off go on where it was: the id of an event is the revision, or the token of a list.
func lastEventIn(h http.Header, m protoreflect.Message) error {
	f := field(m, "after_revision", protoreflect.Int64Kind)
	last := h.Get(headerLastEvent)
	if token := field(m, "resume_token", protoreflect.StringKind); token != nil && last != "" {
		m.Set(token, protoreflect.ValueOfString(last))
		return nil
	}
	if f == nil || last == "" {
		return nil
	}
	revision, err := strconv.ParseInt(last, 10, 64)
	if err != nil || revision < 0 {
		return errs.InvalidField(headerLastEvent, "HEADER_INVALID", "%s must be a revision", headerLastEvent)
	}
	m.Set(f, protoreflect.ValueOfInt64(max(revision, m.Get(f).Int())))
	return nil
}
